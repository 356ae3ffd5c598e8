"""The dates that follow from an admission case, an appraisal, dues and a transfer."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import CalendarDay
from core.periods import add_months
from core.workdays import Calendar, official_calendar
from members.checkup import CHECKS, calendar_of, check_candidacy
from members.rules.candidacy import Candidacy
from members.rules.dues import Dues, due
from regulations.facts import parse
from regulations.queries import shipped_book
from regulations.rules import Book
from tests.members.test_checkup import BASES, ON

NAMED = {base["base"]: base for base in BASES}
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def candidacy(base: str = "new", on: date | None = None, **steps: Any) -> dict[str, Any]:
    """The derived facts of a base case with other days for some steps."""
    row = NAMED[base]
    record = copy.deepcopy(row["record"])
    record["steps"] |= steps
    day = on or date.fromisoformat(row["on"])
    return CHECKS["candidacy"](record, day, shipped_book())[1]


def test_every_date_of_a_case_of_2026() -> None:
    """The bounds of each step, probation, 党龄, dues, ages."""
    facts = candidacy()
    steps = facts["steps"]
    assert steps["applied"]["earliest"] == facts["adult_on"] == date(2022, 2, 28)
    assert facts["age_applied"] == 22
    assert facts["age_admitted"] == 23
    assert steps["talked"]["latest"] == date(2026, 7, 1)
    assert steps["notice_to"]["earliest"] == date(2027, 8, 20)
    assert steps["candidate"]["earliest"] == date(2027, 8, 21)
    assert steps["admission_meeting"] == {
        "earliest": date(2027, 10, 11),
        "latest": date(2027, 11, 11),
    }
    assert steps["approved"] == {"earliest": date(2027, 11, 25), "latest": date(2028, 2, 8)}
    assert facts["approval_special_latest"] == date(2028, 5, 8)
    assert steps["oath"] == {"earliest": date(2027, 12, 20), "latest": date(2028, 1, 20)}
    assert facts["dues_start"] == facts["probation_starts"] == date(2027, 11, 8)
    assert facts["probation_ends"] == facts["party_age_starts"] == date(2028, 11, 8)
    assert steps["full_meeting"]["earliest"] == date(2028, 11, 8)
    assert steps["full_approved"]["latest"] == date(2029, 2, 8)
    assert facts["training_valid_until"] == date(2028, 9, 20)
    assert facts["next_step"] is None
    assert facts["notice_workdays"] == 5
    assert facts["calendar_certain"] is False  # nobody has published 2027 yet


def test_dates_of_a_case_of_2014() -> None:
    """Under 2014 neither notice nor oath bounds anything."""
    facts = candidacy("old")
    assert set(facts["versions"].values()) == {"2014"}
    assert facts["steps"]["candidate"]["earliest"] == date(2022, 8, 1)
    assert facts["steps"]["oath"] == {"earliest": date(2022, 12, 20), "latest": None}
    assert "notice_to" not in facts["steps"]
    assert facts["calendar_certain"] is None


def test_the_next_step_and_the_next_review() -> None:
    """A case that waits tells what comes next and until when."""
    waiting = dict.fromkeys(list(NAMED["new"]["record"]["steps"])[4:])
    facts = candidacy(on=date(2027, 5, 1), **waiting | {"reviews": ["2027-02-01"]})
    assert facts["next_step"] == "candidate_agreed"
    assert facts["steps"]["reviews"]["latest"] == date(2027, 8, 1)
    assert facts["steps"]["candidate"]["earliest"] == date(2027, 8, 3)
    assert facts["probation_ends"] is None


@pytest.mark.parametrize(
    ("met", "months", "ends"),
    [
        ("2023-10-28", 0, date(2024, 10, 28)),
        ("2024-02-29", 0, date(2025, 2, 28)),
        ("2023-02-28", 0, date(2024, 2, 28)),
        ("2024-02-29", 12, date(2026, 2, 28)),
        ("2023-08-31", 6, date(2025, 2, 28)),
        ("2022-08-31", 6, date(2024, 2, 29)),
        ("2023-10-28", None, date(2024, 10, 28)),
    ],
)
def test_probation_and_party_age(met: str, months: int | None, ends: date) -> None:
    """DP-28, DP-29, DP-33: counted in calendar months from the meeting, extension included."""
    facts = candidacy("old", admission_meeting=met, extension_months=months)
    assert facts["probation_ends"] == facts["party_age_starts"] == ends
    assert facts["dues_start"] == date.fromisoformat(met)


def test_each_step_is_judged_by_its_own_day() -> None:
    """2014 up to 17 May 2026, 2026 from 18 May, whatever ``on`` is; a version asked for holds for all."""
    facts = candidacy("old", full_meeting="2026-05-17", full_approved="2026-05-18")
    assert facts["versions"]["full_meeting"] == "2014"
    assert facts["versions"]["full_approved"] == "2026"
    record = NAMED["old"]["record"] | {"rule_version": "2026"}
    _, facts = CHECKS["candidacy"](record, date(2020, 1, 1), shipped_book())
    assert set(facts["versions"].values()) == {"2026"}


def test_the_administrators_calendar_is_used() -> None:
    """A holiday that an administrator filled in shortens the notice."""
    row = NAMED["new"]
    facts = parse(Candidacy, row["record"])
    calendar = Calendar.from_rows({date(2027, 8, 18): False}, official_calendar())
    findings, derived = check_candidacy(facts, ON, shipped_book(), calendar)
    assert derived["notice_workdays"] == 4
    assert derived["calendar_certain"] is True
    assert [str(found.level) for found in findings if found.rule == "DV-01"] == ["error"]


@pytest.mark.django_db
def test_law_from_the_database_comes_with_its_calendar() -> None:
    """The table of days counts where the values come from the database, and only there."""
    CalendarDay.objects.create(day=date(2027, 8, 18), working=False, name="测试")
    book = shipped_book()
    in_database = Book(book.versions("DV-01"), source="database")
    assert calendar_of(in_database).count(date(2027, 8, 16), date(2027, 8, 20)) == 4
    assert calendar_of(book).count(date(2027, 8, 16), date(2027, 8, 20)) == 5


def test_an_unpublished_calendar_is_said() -> None:
    """The level stays that of the clause, the sentence says how it was counted."""
    record = copy.deepcopy(NAMED["new"]["record"])
    record["steps"]["notice_to"] = "2027-08-19"
    findings, _ = CHECKS["candidacy"](record, date(2029, 1, 1), shipped_book())
    (found,) = [found for found in findings if found.rule == "DV-01"]
    assert found.level == "error"
    assert "工作日历未公布" in found.message


@given(met=DAYS, months=st.sampled_from([0, 6, 7, 12]))
def test_becoming_full_is_right_from_the_day_probation_ends(met: date, months: int) -> None:
    """DP-28: that day is allowed, the day before is not."""
    ends = add_months(met, 12 + months)
    for day, allowed in ((ends, True), (ends - timedelta(days=1), False)):
        findings = _probation(met, day, months)
        assert ("DP-28" not in findings) is allowed


def _probation(met: date, full: date, months: int) -> set[str]:
    steps = {"admission_meeting": str(met), "full_meeting": str(full), "extension_months": months}
    record = {"steps": steps, "extensions": 1 if months else 0}
    findings, _ = CHECKS["candidacy"](record, ON, shipped_book())
    return {found.rule for found in findings}


@given(met=DAYS, wait=st.integers(0, 250))
def test_approval_has_three_bands(met: date, wait: int) -> None:
    """DP-26: nothing, warning, error, never another order."""
    approved = met + timedelta(days=wait)
    steps = {"admission_meeting": str(met), "approved": str(approved)}
    findings, _ = CHECKS["candidacy"]({"steps": steps}, ON, shipped_book())
    levels = [str(found.level) for found in findings if found.rule == "DP-26"]
    late, too_late = approved > add_months(met, 3), approved > add_months(met, 6)
    assert levels == (["error"] if too_late else ["warning"] if late else [])


@given(
    steps=st.dictionaries(
        st.sampled_from(
            [
                key
                for key in NAMED["new"]["record"]["steps"]
                if key not in ("reviews", "training", "extension_months")
            ]
        ),
        st.none() | DAYS.map(str),
    ),
    version=st.sampled_from([None, "2014", "2026"]),
    on=DAYS,
)
def test_any_days_at_all_get_an_answer(steps: dict[str, str | None], version: str | None, on: date) -> None:
    """Whatever the days, the check answers with findings and facts that can be written as JSON."""
    record = {"rule_version": version, "steps": steps, "born": "1988-02-29"}
    findings, facts = CHECKS["candidacy"](record, on, shipped_book())
    assert [found.rule for found in findings] == sorted(found.rule for found in findings)
    assert json.dumps(facts, default=str)


@given(st.decimals("0", "20000", places=2))
def test_dues_never_fall_as_the_base_grows(base: Decimal) -> None:
    """DU-02: the whole base, so that a cent more never means less; always two decimals."""
    law = shipped_book().on(ON)
    less, more = (
        due(Dues(staff="active", monthly_base=amount), law) for amount in (base, base + Decimal("0.01"))
    )
    assert less is not None
    assert more is not None
    assert less <= more
    assert less.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("staff", "base", "amount"),
    [
        ("active", "3000", "15.00"),
        ("active", "3000.01", "30.00"),
        ("active", "5000", "50.00"),
        ("active", "5000.01", "75.00"),
        ("active", "10000", "150.00"),
        ("active", "10000.01", "200.00"),
        ("active", "1", "0.01"),
        ("active", "3000.5", "30.01"),
        ("retired", "5000", "25.00"),
        ("retired", "5000.01", "50.00"),
        ("retired", "10001", "100.01"),
        ("student", None, "0.20"),
        ("active", None, None),
    ],
)
def test_dues_by_band(staff: str, base: str | None, amount: str | None) -> None:
    """DU-02, DU-03, DU-04 as decimal texts, half up."""
    _, facts = CHECKS["dues"]({"staff": staff, "monthly_base": base}, ON, shipped_book())
    assert facts["due"] == amount


def test_derived_facts_of_the_others() -> None:
    """The cap on 优秀, and who answers for a member on the way."""
    _, facts = CHECKS["appraisal"](NAMED["year"]["record"], ON, shipped_book())
    assert facts == {
        "excellent_cap": 10,
        "rated_total": 29,
        "rateable": 29,
        "held_from": date(2025, 1, 1),
        "held_until": date(2026, 3, 31),
    }
    _, facts = CHECKS["transfer"](NAMED["way"]["record"], ON, shipped_book())
    assert facts == {
        "state": "in_transit",
        "responsible": "old",
        "transfer_due": date(2026, 9, 1),
        "letter_ends": date(2026, 8, 2),
        "letter_ends_latest": date(2026, 11, 4),
        "receipt_due": None,
        "discussion_latest": date(2027, 6, 1),
    }

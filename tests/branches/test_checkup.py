"""The check-up of organisations and elections: tables of changed records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from branches.checkup import CHECKS
from branches.rules.elections import candidates_needed
from regulations.facts import FactsError
from regulations.queries import shipped_book
from tests.regulations import cases

FOLDER = Path(__file__).parent / "cases"
FILES = (FOLDER / "organization.jsonl", FOLDER / "election.jsonl")
TABLE = [case for file in FILES for case in cases.load(file)]
BASES = [base for file in FILES for base in cases.bases(file)]
PROMISED = {
    "organization": [
        "BR-01",
        "BR-02",
        "BR-03",
        "BR-08",
        "CM-01",
        "CM-02",
        "CM-03",
        "CM-04",
        "CM-05",
        "CM-06",
        "CM-10",
        "CM-12",
        "CM-14",
        "CM-15",
        "CM-16",
        "EL-22",
    ],
    "election": [
        "EL-01",
        "EL-02",
        "EL-05",
        "EL-06",
        "EL-08",
        "EL-09",
        "EL-12",
        "EL-14",
        "EL-16",
        "EL-18",
        "EL-19",
        "EL-22",
        "CM-11",
    ],
}
ON = date(2026, 11, 1)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one batch says of every case."""
    return cases.run(TABLE, tmp_path_factory.mktemp("branches"))


@pytest.mark.parametrize("number", range(len(TABLE)), ids=lambda number: str(TABLE[number]))
def test_case(number: int, results: list[dict[str, Any]]) -> None:
    """The rule says exactly what the table tells, in a sentence with its clause."""
    case, result = TABLE[number], results[number]
    assert cases.levels(result, case.rule) == ({case.level} if case.level else set()), result
    assert all(found["message"] and found["clause"] for found in result["findings"])


@pytest.mark.parametrize(
    ("kind", "rule"), [(kind, rule) for kind, rules in PROMISED.items() for rule in rules]
)
def test_each_promised_rule_allows_and_denies(kind: str, rule: str) -> None:
    """The contract's ids have a case of each sort, for each kind that promises them."""
    levels = {case.level for case in TABLE if case.rule == rule and case.line["kind"] == kind}
    assert None in levels
    assert levels & {"error", "warning"}


@pytest.mark.parametrize("base", BASES, ids=lambda base: base["base"])
def test_a_faultless_record_has_no_finding(base: dict[str, Any]) -> None:
    """Each base record, unchanged, has none."""
    findings, _ = CHECKS[base["kind"]](base["record"], date.fromisoformat(base["on"]), shipped_book())
    assert findings == []


@pytest.mark.parametrize("base", BASES, ids=lambda base: base["base"])
def test_an_absent_key_never_gives_an_error(base: dict[str, Any]) -> None:
    """Dropping any single key of a faultless record leads to notes at most."""
    for less in cases.each_without_one(base["record"]):
        findings, _ = CHECKS[base["kind"]](less, date.fromisoformat(base["on"]), shipped_book())
        assert [found for found in findings if found.level != "note"] == []


@pytest.mark.parametrize(("seats", "needed"), [(1, 2), (3, 4), (5, 6), (7, 9), (10, 12), (11, 14)])
def test_a_fifth_more_candidates_counted_up(seats: int, needed: int) -> None:
    """EL-06 for usual numbers of seats."""
    assert candidates_needed(seats, shipped_book().on(ON)) == needed


def test_derived_facts() -> None:
    """End of term, reminder and head count of an organisation; numbers of an election."""
    _, facts = CHECKS["organization"](BASES[0]["record"], ON, shipped_book())
    assert facts["term_ends"] == date(2027, 9, 1)
    assert facts["reminder_from"] == date(2027, 3, 1)
    assert facts["members"] == 22
    assert facts["overdue"] is False
    _, facts = CHECKS["election"](BASES[-1]["record"], ON, shipped_book())
    assert facts == {
        "candidates_needed": 6,
        "quorum": 32,
        "votes_needed": 21,
        "latest": date(2027, 10, 12),
    }


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("organization", {"members": 3}, "members"),
        ("organization", {"kind": "cell"}, "kind"),
        ("organization", {"full_members": -3}, "full_members"),
        ("organization", {"term_years": 99999}, "term_years"),
        ("organization", {"secretary": {"appointed_on": "2026-13-01"}}, "secretary.appointed_on"),
        ("organization", {"has_secretary": "yes"}, "has_secretary"),
        ("election", {"for": "king"}, "for"),
        ("election", {"results": [{"name": "甲", "votes": 3}]}, "results[0]"),
        ("election", {"on": 20261012}, "on"),
        ("election", {"approved_shift_days": 1e3}, "approved_shift_days"),
        ("election", [], "对象"),
    ],
)
def test_facts_of_another_form_are_refused(kind: str, change: Any, words: str) -> None:
    """An unknown key, a wrong type, an impossible day, a value outside its list: one sentence."""
    with pytest.raises(FactsError) as error:
        CHECKS[kind](change, ON, shipped_book())
    assert words in str(error.value)

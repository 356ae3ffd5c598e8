"""The check-up of admission, appraisal, dues and transfer: tables of changed records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members.checkup import CHECKS
from regulations.facts import FactsError
from regulations.queries import shipped_book
from tests.regulations import cases

FOLDER = Path(__file__).parent / "cases"
KINDS = ("candidacy", "appraisal", "dues", "transfer")
FILES = [FOLDER / f"{kind}.jsonl" for kind in KINDS]
TABLE = [case for file in FILES for case in cases.load(file)]
BASES = [base for file in FILES for base in cases.bases(file)]
PROMISED = {
    "candidacy": (
        "DP-01 DP-03 DP-05 DP-06 DP-08 DP-09 DP-10 DP-12 DP-13 DP-14 DP-15 DP-17 DP-18 DP-19 "
        "DP-21 DP-23 DP-24 DP-26 DP-27 DP-28 DP-29 DP-31 DP-32 DP-33 DP-35 "
        "DV-01 DV-02 DV-03 DV-05 DV-07"
    ).split(),
    "appraisal": "OL-03 OL-05 OL-07 OL-08 OL-09".split(),
    "dues": "DU-02 DU-03 DU-04 DU-07 DU-08 DU-09".split(),
    "transfer": "TR-01 TR-03 TR-04 TR-05".split(),
}
ON = date(2026, 11, 1)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one batch says of every case."""
    return cases.run(TABLE, tmp_path_factory.mktemp("members"))


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
    """The contract's ids have a case of each sort."""
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


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_known_gives_notes_only(kind: str) -> None:
    """An empty record is of the agreed form and breaks no rule."""
    findings, _ = CHECKS[kind]({}, ON, shipped_book())
    assert findings
    assert {found.level for found in findings} == {"note"}


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("candidacy", {"age": 20}, "age"),
        ("candidacy", {"rule_version": "2020"}, "rule_version"),
        ("candidacy", {"rule_version": 2014}, "rule_version"),
        ("candidacy", {"born": "2001-02-29"}, "born"),
        ("candidacy", {"steps": {"oathed": "2026-01-01"}}, "steps"),
        ("candidacy", {"steps": {"applied": "2026-1-1"}}, "steps.applied"),
        ("candidacy", {"steps": {"reviews": "2026-01-01"}}, "steps.reviews"),
        ("candidacy", {"steps": {"training": {"days": "3"}}}, "steps.training.days"),
        ("candidacy", {"steps": {"extension_months": -6}}, "steps.extension_months"),
        ("candidacy", {"steps": None}, "steps"),
        ("candidacy", {"approver": "branch"}, "approver"),
        ("candidacy", {"contacts": [{"full_member": 1}]}, "contacts[0].full_member"),
        ("candidacy", {"admission_vote": {"against": 3}}, "admission_vote"),
        ("candidacy", {"admission_vote": {"due": True}}, "admission_vote.due"),
        ("appraisal", {"order": ["self", "vote"]}, "order[1]"),
        ("appraisal", {"members": 30.5}, "members"),
        ("dues", {"staff": "farmer"}, "staff"),
        ("dues", {"month": "2026-13"}, "month"),
        ("dues", {"paid": 78.0}, "paid"),
        ("dues", {"monthly_base": "-5"}, "monthly_base"),
        ("transfer", {"sent": "2026-05-04"}, "sent"),
        ("transfer", {"direct": "yes"}, "direct"),
        ("transfer", [], "对象"),
    ],
)
def test_facts_of_another_form_are_refused(kind: str, change: Any, words: str) -> None:
    """An unknown key, a wrong type, an impossible day, a value outside its list: one sentence."""
    with pytest.raises(FactsError) as error:
        CHECKS[kind](change, ON, shipped_book())
    assert words in str(error.value)

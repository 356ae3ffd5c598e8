"""The check-up of meetings: a table of changed records, and the form that facts must have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from meetings.checkup import CHECKS
from regulations.facts import FactsError
from regulations.queries import shipped_book
from tests.regulations import cases

TABLE = cases.load(Path(__file__).parent / "cases" / "meeting.jsonl")
BASES = cases.bases(Path(__file__).parent / "cases" / "meeting.jsonl")
PROMISED = [
    "MT-02",
    "MT-03",
    "MT-04",
    "MT-05",
    "MT-07",
    "MT-08",
    "CM-04",
    "CM-20",
    "DP-18",
    "DP-19",
    "DP-21",
    "EL-09",
    "EL-14",
    "XA-01",
    "XA-02",
    "XA-03",
    "XA-04",
    "XA-05",
    "XA-06",
    "XA-07",
    "XA-08",
    "BR-10",
    "OL-01",
    "DL-01",
    "DL-02",
    "DL-04",
    "TS-04",
    "PC-05",
    "CK-01",
    "CK-02",
    "CK-03",
    "CK-04",
    "CK-05",
]
ON = date(2026, 11, 1)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one batch says of every case."""
    answers = cases.run(TABLE, tmp_path_factory.mktemp("meeting"))
    return {str(case): answer for case, answer in zip(TABLE, answers, strict=True)}


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_case(case: cases.Case, results: dict[str, dict[str, Any]]) -> None:
    """The rule says exactly what the table tells, in a sentence with its clause."""
    result = results[str(case)]
    assert cases.levels(result, case.rule) == ({case.level} if case.level else set()), result
    assert all(found["message"] and found["clause"] for found in result["findings"])


@pytest.mark.parametrize("rule", PROMISED)
def test_each_promised_rule_allows_and_denies(rule: str) -> None:
    """The contract's ids have a case of each sort."""
    levels = {case.level for case in TABLE if case.rule == rule}
    assert None in levels
    assert levels & {"error", "warning"}


@pytest.mark.parametrize("base", BASES, ids=lambda base: base["base"])
def test_a_faultless_record_has_no_finding(base: dict[str, Any]) -> None:
    """Each base record, unchanged, breaks nothing; a short one may leave notes."""
    findings, _ = CHECKS["meeting"](base["record"], date.fromisoformat(base["on"]), shipped_book())
    assert [found for found in findings if found.level != "note"] == []


@pytest.mark.parametrize("base", BASES, ids=lambda base: base["base"])
def test_an_absent_key_never_gives_an_error(base: dict[str, Any]) -> None:
    """Dropping any single key of a faultless record leads to notes at most."""
    for less in cases.each_without_one(base["record"]):
        findings, _ = CHECKS["meeting"](less, date.fromisoformat(base["on"]), shipped_book())
        assert [found for found in findings if found.level != "note"] == []


def test_findings_stand_in_order_of_the_rules(results: dict[str, dict[str, Any]]) -> None:
    """Findings are sorted by rule."""
    for result in results.values():
        rules = [found["rule"] for found in result["findings"]]
        assert rules == sorted(rules)


def test_derived_facts(results: dict[str, dict[str, Any]]) -> None:
    """Each vote says which rule it stands under and how many votes it needs."""
    result = results["DP-19-None-22 and 1 written of 40"]
    assert result["facts"]["votes"] == [{"rule": "DP-19", "needed": 21, "counted": 23, "carried": True}]
    assert result["facts"]["absent"] == 12


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held": "2026-10-12"}, "held"),
        ({"held_on": "2026-02-30"}, "held_on"),
        ({"held_on": "2026-2-3"}, "held_on"),
        ({"held_on": "20261012"}, "held_on"),
        ({"kind": "tea_party"}, "kind"),
        ({"kind": None}, "kind"),
        ({"voting_due": "40"}, "voting_due"),
        ({"voting_due": True}, "voting_due"),
        ({"voting_due": -1}, "voting_due"),
        ({"voting_due": 40.0}, "voting_due"),
        ({"voting_due": None}, "voting_due"),
        ({"organization": "某支部"}, "organization"),
        ({"organization": {"kind": "party"}}, "organization.kind"),
        ({"organization": {"temporary": 0}}, "organization.temporary"),
        ({"absences": {}}, "absences"),
        ({"absences": [{"reason": "asleep", "count": 1}]}, "absences[0].reason"),
        ({"agenda": [{"topic": "admit"}, {"topic": "lunch"}]}, "agenda[1].topic"),
        ({"agenda": [{"for": 1, "written": 2}]}, "agenda[0]"),
        ({"agenda": [{"owner": 7}]}, "agenda[0].owner"),
        ({"work_year": 26}, "work_year"),
    ],
)
def test_facts_of_another_form_are_refused(change: dict[str, Any], words: str) -> None:
    """An unknown key, a wrong type, an impossible day, a value outside its list: one sentence."""
    with pytest.raises(FactsError) as error:
        CHECKS["meeting"]({"voting_due": 40, **change}, ON, shipped_book())
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_nothing_known_gives_notes_only() -> None:
    """An empty record is no fault."""
    findings, facts = CHECKS["meeting"]({}, ON, shipped_book())
    assert {found.level.value for found in findings} == {"note"}
    assert facts["votes"] == []

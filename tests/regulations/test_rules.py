"""Clauses, parameters and findings as plain values, and the law as it ships."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from regulations.choices import Comparator, Confidence, Level, Severity
from regulations.data import shipment
from regulations.queries import shipped_book
from regulations.rules import Book, Cited, Parameter, by_readings, in_order

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 1)
HALF = Parameter("X.half", "1/2", "比例", Comparator.AT_LEAST)
MORE = Parameter("X.more", "1/2", "比例", Comparator.MORE_THAN)


@pytest.mark.parametrize(
    ("share", "part", "whole", "kept"),
    [
        (HALF, 14, 28, True),
        (HALF, 14, 29, False),
        (MORE, 14, 28, False),
        (MORE, 15, 28, True),
        (MORE, 15, 29, True),
        (HALF, 0, 0, True),
    ],
)
def test_shares_are_not_rounded(share: Parameter, part: int, whole: int, kept: bool) -> None:
    """Half of an even number tells ≥ from >."""
    assert share.admits_share(part, whole) is kept


@pytest.mark.parametrize(
    ("share", "whole", "least"), [(HALF, 28, 14), (HALF, 29, 15), (MORE, 28, 15), (MORE, 29, 15)]
)
def test_the_least_that_keeps_to_a_share(share: Parameter, whole: int, least: int) -> None:
    """The number shown beside a quorum keeps to it, the one below does not."""
    assert share.least_of(whole) == least
    assert share.admits_share(least, whole)
    assert not share.admits_share(least - 1, whole)


@pytest.mark.parametrize(
    ("comparator", "below", "at", "above"),
    [
        (Comparator.AT_LEAST, False, True, True),
        (Comparator.MORE_THAN, False, False, True),
        (Comparator.AT_MOST, True, True, False),
        (Comparator.LESS_THAN, True, False, False),
        (Comparator.EQUAL, False, True, False),
    ],
)
def test_comparators(comparator: Comparator, below: bool, at: bool, above: bool) -> None:
    """Each word compares as the clause says."""
    number = Parameter("X.n", 3, "人", comparator)
    assert [number.admits(2), number.admits(3), number.admits(4)] == [below, at, above]


def test_forms_of_a_value() -> None:
    """Whole numbers, fractions, decimals, lists."""
    assert Parameter("X", "0.5", "", Comparator.AT_LEAST).number == Fraction(1, 2)
    assert Parameter("X", 3, "人", Comparator.AT_LEAST).words == "不少于 3 人"
    assert HALF.words == "不少于 1/2"
    assert Parameter("X", ["a", "b"], "", Comparator.LIST).lists("b")


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("confidence", Confidence)
def test_only_hard_and_confirmed_clauses_give_errors(severity: Severity, confidence: Confidence) -> None:
    """Soft, local, advice and everything unconfirmed warns."""
    sure = confidence in {Confidence.SOURCE, Confidence.SECOND}
    expected = Level.ERROR if severity == Severity.HARD and sure else Level.WARNING
    assert Cited("X-01", "…", "…", severity, confidence).broken == expected


def test_readings() -> None:
    """All broken is an error, some broken a warning."""
    assert by_readings([True, True]) is None
    assert by_readings([True, False]) == Level.WARNING
    assert by_readings([False, False]) == Level.ERROR


def test_the_version_of_the_day() -> None:
    """Both ends of force belong to it; outside there is no clause and no note."""
    old = Cited("X-01", "旧", "", Severity.HARD, Confidence.SOURCE, until=date(2026, 5, 17))
    new = Cited("X-01", "新", "", Severity.HARD, Confidence.SOURCE, since=date(2026, 5, 18))
    book = Book([new, old])
    assert book.clause("X-01", date(2026, 5, 17)).citation == "旧"
    assert book.clause("X-01", date(2026, 5, 18)).citation == "新"
    only_new = Book([new])
    assert not only_new.has("X-01", date(2026, 5, 17))
    assert only_new.lacks("X-01", date(2026, 5, 17), "人数") == []
    with pytest.raises(KeyError):
        only_new.clause("X-01", date(2026, 5, 17))


def test_notes_for_hard_rules_only() -> None:
    """A soft rule does not ask for missing facts."""
    hard = Cited("X-01", "依据", "", Severity.HARD, Confidence.CONFLICT)
    soft = Cited("X-02", "依据", "", Severity.SOFT, Confidence.SOURCE)
    law = Book([hard, soft]).on(DAY)
    assert [note.level for note in law.lacks("X-01", "人数")] == [Level.NOTE]
    assert law.lacks("X-02", "人数") == []


def test_findings_are_single_and_in_order() -> None:
    """The same reason is told once."""
    law = shipped_book().on(DAY)
    found = [law.breaks("MT-03", "甲"), law.breaks("CM-20", "乙"), law.breaks("MT-03", "甲")]
    assert [one.rule for one in in_order(found)] == ["CM-20", "MT-03"]


def rules_with_numbers() -> set[str]:
    """The ids of the rule rows, as the data files must hold them."""
    text = (Path(__file__).parent / "rule-ids.txt").read_text("utf-8")
    return set(text.split())


def test_every_rule_row_ships() -> None:
    """No row of the rules is left out."""
    shipped = {clause.cited.rule for clause in shipment().clauses}
    assert rules_with_numbers() <= shipped


def test_every_clause_is_complete() -> None:
    """A text, a citation, a use; a label and a unit for each number."""
    for clause in shipment().clauses:
        cited = clause.cited
        assert re.fullmatch(r"[A-Z]{2}-\d{2}", cited.rule)
        assert cited.text.endswith("。"), cited.rule
        assert len(cited.text) <= 300, cited.rule
        assert 0 < len(cited.citation) <= 200, cited.rule
        assert 0 < len(clause.use) <= 20, cited.rule
        for value in cited.values.values():
            assert 0 < len(value.label) <= 60, value.code
            assert 0 < len(value.unit) <= 20, value.code
            assert isinstance(value.value, int | str | list), value.code
            if value.comparator == Comparator.LIST:
                assert value.items, value.code


def test_numbers_can_be_compared() -> None:
    """What is not a list and not a word is an exact number."""
    for clause in shipment().clauses:
        for value in clause.cited.values.values():
            if value.comparator not in {Comparator.LIST, Comparator.EQUAL}:
                assert value.number >= 0, value.code


def test_unconfirmed_numbers_only_warn() -> None:
    """Those of section 10.1 that no contract level raises."""
    book = shipped_book()
    for rule in ("DL-08", "DL-09", "RS-04", "RS-11", "TS-02", "PC-09", "AR-03", "DV-02", "TR-04"):
        assert book.clause(rule, DAY).broken == Level.WARNING, rule


@pytest.mark.parametrize(
    ("rule", "on", "citation"),
    [
        ("DP-19", date(2026, 5, 17), "《中国共产党发展党员工作细则》（2014 年版）第二十一条"),
        ("DP-19", date(2026, 5, 18), "《中国共产党发展党员工作细则》（2026 年修订）第二十条"),
        ("MT-03", DAY, "《中国共产党支部工作条例（试行）》第十一条"),
    ],
)
def test_citations(rule: str, on: date, citation: str) -> None:
    """A citation names regulation, version where there are several, and article."""
    assert shipped_book().clause(rule, on).citation == citation


def test_what_begins_in_2026() -> None:
    """The DV rows and the notice of DP-09 are not in force before 18 May 2026."""
    book = shipped_book()
    assert not book.has("DV-01", date(2026, 5, 17))
    assert book.value("DV-01.workdays", date(2026, 5, 18)).count == 5
    assert "workdays" not in book.clause("DP-09", date(2026, 5, 17)).values
    assert book.clause("DP-17", date(2026, 5, 17)).broken == Level.WARNING
    assert book.clause("DP-17", date(2026, 5, 18)).broken == Level.ERROR


def test_every_value_that_a_room_asks_for_exists() -> None:
    """Codes written in the rooms (``"MT-03.majority"``) are in the shipped book."""
    rooms = ("branches", "members", "meetings", "supervision", "assessments", "reports", "config")
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    pattern = re.compile(r'"([A-Z]{2}-[0-9]{2}\.[a-z_]+)"')
    asked = {code for file in files for code in pattern.findall(file.read_text("utf-8"))}
    shipped = {value.code for clause in shipment().clauses for value in clause.cited.values.values()}
    assert len(asked) > 50
    assert asked <= shipped

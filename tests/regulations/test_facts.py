"""The strict reader of facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest

from meetings.choices import Topic
from regulations.facts import (
    UNKNOWN,
    FactsError,
    Month,
    Signed,
    Span,
    Unknown,
    Year,
    named,
    parse,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a record."""

    days: int | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Record:
    """One field of each sort."""

    name: str
    count: int | Unknown = UNKNOWN
    shift: Signed | Unknown = UNKNOWN
    months: Span | Unknown = UNKNOWN
    year: Year | Unknown = UNKNOWN
    flag: bool | Unknown = UNKNOWN
    day: date | None | Unknown = UNKNOWN
    month: Month | Unknown = UNKNOWN
    amount: Decimal | None | Unknown = UNKNOWN
    word: Literal["a", "b"] | None | Unknown = UNKNOWN
    topic: Topic | Unknown = UNKNOWN
    step: Step | None | Unknown = UNKNOWN
    steps: tuple[Step, ...] | Unknown = UNKNOWN
    days: list[date] | Unknown = UNKNOWN
    purpose: str | Unknown = named("for")


def read(**given: Any) -> Record:
    """A record with a name."""
    return parse(Record, {"name": "甲", **given})


def test_absent_is_unknown_and_null_is_known() -> None:
    """The two are told apart."""
    record = read(day=None, step=None, word=None, amount=None)
    assert (record.day, record.step, record.word, record.amount) == (None, None, None, None)
    assert record.count is UNKNOWN
    assert read().day is UNKNOWN


def test_each_sort_is_read() -> None:
    """Values arrive as Python knows them."""
    record = read(
        count=3,
        shift=-2,
        months=36,
        year=2026,
        flag=False,
        day="2024-02-29",
        month="2026-09",
        amount="78.00",
        word="b",
        topic="admit",
        step={"days": 3},
        steps=[{"days": 1}, {}],
        days=["2026-01-31"],
        **{"for": "committee"},
    )
    assert record == Record(
        "甲",
        3,
        -2,
        36,
        2026,
        False,
        date(2024, 2, 29),
        Month(2026, 9),
        Decimal("78.00"),
        "b",
        Topic.ADMIT,
        Step(3),
        (Step(1), Step()),
        [date(2026, 1, 31)],
        "committee",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": True},
        {"count": "3"},
        {"count": 3.0},
        {"count": -1},
        {"count": None},
        {"count": 10**9},
        {"shift": 10**6},
        {"months": -1},
        {"months": 1201},
        {"year": 1899},
        {"flag": 1},
        {"flag": "true"},
        {"day": "2025-02-29"},
        {"day": "2025-2-9"},
        {"day": "20250209"},
        {"day": "2025-W01-1"},
        {"day": "٢٠٢٥-٠١-٠١"},
        {"day": "0001-01-01"},
        {"day": 20250101},
        {"month": "2026-13"},
        {"month": "2026-9"},
        {"month": "0000-01"},
        {"month": None},
        {"amount": 78},
        {"amount": "-1.00"},
        {"amount": "NaN"},
        {"amount": "1e3"},
        {"amount": ""},
        {"word": "c"},
        {"word": ["a"]},
        {"topic": "lunch"},
        {"topic": "ADMIT"},
        {"step": []},
        {"step": {"day": 3}},
        {"steps": {}},
        {"steps": [None]},
        {"steps": "ab"},
        {"days": ["2026-02-30"]},
        {"purpose": "committee"},
        {"for": 3},
        {"name": None},
        {"": 1},
    ],
    ids=str,
)
def test_another_form_is_one_sentence(wrong: dict[str, Any]) -> None:
    """Whatever does not fit is refused in one line that names the place."""
    with pytest.raises(FactsError) as error:
        read(**wrong)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("data", [[], None, "甲", 3])
def test_a_record_is_an_object(data: object) -> None:
    """Nothing else is a record."""
    with pytest.raises(FactsError):
        parse(Record, data)


def test_a_compulsory_key_is_asked_for() -> None:
    """A field without a default must be there."""
    with pytest.raises(FactsError, match="name"):
        parse(Record, {})


def test_unknown_has_no_truth() -> None:
    """A rule cannot take an unknown fact for a no."""
    with pytest.raises(TypeError):
        bool(UNKNOWN)

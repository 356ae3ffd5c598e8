"""Calendar months and periods."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import LENGTH, Kind, Period, add_months, full_years

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(-1200, 1200)
KINDS = st.sampled_from(list(LENGTH))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-03-01", 1, "2026-04-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2026-06-06", 0, "2026-06-06"),
    ],
)
def test_add_months(day: str, months: int, expected: str) -> None:
    """The same day number, or the last day of a shorter month."""
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(DAYS, MONTHS)
def test_add_months_keeps_month_and_day(day: date, months: int) -> None:
    """It lands in the month meant, on the same number or on the last day."""
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    last = monthrange(moved.year, moved.month)[1]
    assert moved.day == min(day.day, last)


@given(DAYS, DAYS, MONTHS)
def test_add_months_keeps_the_order(one: date, other: date, months: int) -> None:
    """An earlier day never ends later."""
    first, last = sorted((one, other))
    assert add_months(first, months) <= add_months(last, months)


def test_add_months_stays_in_the_calendar() -> None:
    """Past the last year there is no answer."""
    with pytest.raises(ValueError):
        add_months(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-06-01", "2026-05-31", 17),
        ("2008-06-01", "2026-06-01", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
        ("2008-02-28", "2028-02-28", 20),
        ("2026-06-01", "2026-06-01", 0),
        ("2026-06-01", "2026-05-31", -1),
    ],
)
def test_full_years(born: str, on: str, age: int) -> None:
    """An age is reached on the birthday; that of 29 February on the 28th in a short year."""
    assert full_years(date.fromisoformat(born), date.fromisoformat(on)) == age


@pytest.mark.parametrize(
    ("key", "label", "start", "end", "months"),
    [
        ("2026-10", "2026年10月", "2026-10-01", "2026-10-31", 1),
        ("2024-02", "2024年2月", "2024-02-01", "2024-02-29", 1),
        ("2026Q3", "2026年三季度", "2026-07-01", "2026-09-30", 3),
        ("2026H1", "2026年上半年", "2026-01-01", "2026-06-30", 6),
        ("2026H2", "2026年下半年", "2026-07-01", "2026-12-31", 6),
        ("2026", "2026年", "2026-01-01", "2026-12-31", 12),
    ],
)
def test_period(key: str, label: str, start: str, end: str, months: int) -> None:
    """Key, label and days of each kind."""
    period = Period.parse(key)
    assert period.key == str(period) == key
    assert period.label == label
    assert (period.start, period.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert len(period.months()) == months


@pytest.mark.parametrize(
    "key",
    ["", "2026-13", "2026-00", "2026Q5", "2026Q0", "2026H3", "26-01", "2026-1", "2026q1",
     "2026-10 ", "2026\n", "0000", "２０２６"],
)  # fmt: skip
def test_other_keys_are_refused(key: str) -> None:
    """Only the four forms are read."""
    with pytest.raises(ValueError):
        Period.parse(key)


@given(KINDS, DAYS)
def test_periods_follow_each_other(kind: Kind, day: date) -> None:
    """A period holds its day, touches its neighbours and is made of its months."""
    period = Period.containing(kind, day)
    assert day in period
    assert Period.parse(period.key) == period
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert len(months) == LENGTH[kind]

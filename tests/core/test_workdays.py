"""Working days of the official calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import Calendar, official_calendar

CALENDAR = official_calendar()
DAYS = st.dates(date(2003, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-10-01", False),  # National Day
        ("2026-10-07", False),  # a Wednesday of the holiday
        ("2026-10-08", True),
        ("2026-09-20", True),  # a make-up Sunday
        ("2026-10-10", True),  # a make-up Saturday
        ("2026-10-11", False),
        ("2026-10-12", True),
        ("2024-02-10", False),  # Spring Festival
    ],
)
def test_official_days(day: str, working: bool) -> None:
    """Holidays are off, make-up days are worked, whatever the day of the week."""
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-10-12", "2026-10-16", 5),
        ("2026-10-12", "2026-10-12", 1),
        ("2026-10-17", "2026-10-18", 0),
        ("2026-10-01", "2026-10-07", 0),
        ("2026-09-30", "2026-10-09", 3),
        ("2026-09-29", "2026-10-10", 5),
        ("2026-10-12", "2026-10-11", 0),
    ],
)
def test_count_includes_both_ends(first: str, last: str, days: int) -> None:
    """Over the holiday only the days that are worked count."""
    assert CALENDAR.count(date.fromisoformat(first), date.fromisoformat(last)) == days


def test_the_third_working_day_of_a_month() -> None:
    """Counted from the day before the month."""
    assert CALENDAR.add(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CALENDAR.add(date(2026, 10, 12), 0) == date(2026, 10, 12)
    assert CALENDAR.add(date(2026, 10, 8), -1) == date(2026, 9, 30)


def test_unknown_years_follow_the_weekend() -> None:
    """A year that is not published is counted by weekends, and known to be."""
    assert CALENDAR.certain(date(2026, 10, 1))
    assert not CALENDAR.certain(date(2031, 10, 1))
    assert not CALENDAR.certain(date(2003, 10, 1))
    assert CALENDAR.is_working(date(2031, 10, 1))
    assert not CALENDAR.is_working(date(2031, 10, 4))
    assert CALENDAR.certain_between(date(2025, 12, 31), date(2026, 1, 2))
    assert not CALENDAR.certain_between(date(2030, 12, 31), date(2031, 1, 2))


def test_rows_of_an_administrator() -> None:
    """They overlay the official calendar and make their year known."""
    rows = {date(2031, 10, 1): False, date(2031, 9, 28): True, date(2026, 11, 20): False}
    calendar = Calendar.from_rows(rows, CALENDAR)
    assert not calendar.is_working(date(2031, 10, 1))
    assert calendar.is_working(date(2031, 9, 28))
    assert calendar.certain(date(2031, 1, 1))
    assert not calendar.is_working(date(2026, 11, 20))
    assert not calendar.is_working(date(2026, 10, 1))
    assert CALENDAR.is_working(date(2026, 11, 20))
    assert Calendar.from_rows({}).is_working(date(2026, 10, 1))


@given(DAYS, st.integers(1, 60))
def test_adding_is_counting(day: date, number: int) -> None:
    """The n-th working day after a day is one that is worked, and n days are counted up to it."""
    end = CALENDAR.add(day, number)
    assert CALENDAR.is_working(end)
    assert CALENDAR.count(day + timedelta(days=1), end) == number
    begin = CALENDAR.add(day, -number)
    assert CALENDAR.count(begin, day - timedelta(days=1)) == number


@given(DAYS, st.integers(0, 100), st.integers(0, 100))
def test_counts_add_up(day: date, first: int, second: int) -> None:
    """Two spans that touch count as much as their union."""
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    both = CALENDAR.count(day, middle) + CALENDAR.count(middle + timedelta(days=1), end)
    assert both == CALENDAR.count(day, end)


@given(DAYS, st.integers(0, 800))
def test_count_is_the_sum_of_the_days(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert CALENDAR.count(first, last) == sum(map(CALENDAR.is_working, days))

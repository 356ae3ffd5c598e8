"""Working days of the official calendar, with its holidays and make-up days (调休).

A year whose calendar has not been published follows the plain weekend rule and is not ``certain``:
whoever shows a count over such a year says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from chinese_calendar.constants import holidays, workdays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def _is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def _weekdays(day: date) -> int:
    """Days from Monday to Friday since the first Monday of the calendar, up to and with ``day``."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # 0001-01-01 was a Monday
    return weeks * SATURDAY + min(rest + 1, SATURDAY)


class Calendar:
    """Which days are worked: the weekend rule and the days that differ from it."""

    def __init__(self, exceptions: Mapping[date, bool], years: Iterable[int]) -> None:
        """``exceptions``: a day → whether it is worked; ``years``: those that are published."""
        self._exceptions = dict(exceptions)
        self._years = frozenset(years)
        turned = {day: worked for day, worked in self._exceptions.items() if worked != _is_weekday(day)}
        self._moved = sorted(turned)
        self._gained = [0, *accumulate(1 if turned[day] else -1 for day in self._moved)]

    @classmethod
    def from_rows(cls, rows: Mapping[date, bool], base: Calendar | None = None) -> Calendar:
        """``base`` overlaid with an administrator's rows; a year with a row is published."""
        known = base._exceptions if base else {}
        years = base._years if base else frozenset()
        return cls({**known, **rows}, years | {day.year for day in rows})

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is worked; by the weekend rule where nothing is published."""
        return self._exceptions.get(day, _is_weekday(day))

    def certain(self, day: date) -> bool:
        """Whether the calendar of the year of ``day`` is published."""
        return day.year in self._years

    def certain_between(self, first: date, last: date) -> bool:
        """Whether every year from ``first`` to ``last`` is published."""
        return all(year in self._years for year in range(first.year, last.year + 1))

    def count(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both included; 0 when ``last`` is earlier."""
        if last < first:
            return 0
        begun, over = bisect_left(self._moved, first), bisect_right(self._moved, last)
        return _weekdays(last) - _weekdays(first - ONE_DAY) + self._gained[over] - self._gained[begun]

    def add(self, day: date, working_days: int) -> date:
        """The ``working_days``-th working day after ``day``; negative: before it; 0: ``day``."""
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day


@cache
def official_calendar() -> Calendar:
    """The published calendars that came with the programme (package chinesecalendar, from 2004)."""
    exceptions = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return Calendar(exceptions, {day.year for day in exceptions})

"""Meetings held once in a work year (OL-01, DL-02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.periods import add_months
from meetings.rules.facts import Meeting
from regulations.choices import Level
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law

QUARTER = 3


def organisation_life(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """OL-01: 组织生活会 every work year, generally in Q4; early next year by practice (OL-03)."""
    yield from _once_a_year(meeting, law, "OL-01", "组织生活会", late_is_usual=True)


def democratic_life(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """DL-02: 民主生活会 every year, generally in Q4; early or late needs consent (DL-03)."""
    yield from _once_a_year(meeting, law, "DL-02", "民主生活会", late_is_usual=False)


def _once_a_year(
    meeting: Meeting, law: Law, rule: str, name: str, *, late_is_usual: bool
) -> Iterator[Finding]:
    """Quiet in the usual quarter, a warning outside it; in another year it is missing."""
    year, held = meeting.work_year, meeting.held_on
    if year is UNKNOWN or held is UNKNOWN:
        yield from law.lacks(rule, f"{name}的工作年度或者召开日期")
        return
    last = last_day(year, law)
    if held is None:
        if law.day > last:
            yield law.breaks(rule, f"{year} 年度没有召开{name}")
    elif not date(year, 1, 1) <= held <= last:
        yield law.breaks(rule, f"{held} 召开的{name}不在 {year} 年度，该年度应当召开一次")
    elif not is_usual(held, year, quarter := law.value(f"{rule}.quarter").count, late_is_usual):
        message = f"{year} 年度{name}于 {held} 召开，一般安排在第 {quarter} 季度"
        yield law.breaks(rule, message, level=Level.WARNING, held_on=held)


def is_usual(held: date, year: int, quarter: int, late_is_usual: bool) -> bool:
    """Whether the day is in the usual quarter, or after the year where that is usual."""
    if held.year > year:
        return late_is_usual
    return (held.month - 1) // QUARTER + 1 == quarter


def last_day(year: int, law: Law) -> date:
    """The last day on which the meeting of a work year is still held by practice (OL-03)."""
    return add_months(date(year, 12, 31), law.value("OL-03.months").count)

"""When a duty is owed, and how late it is: plain facts in, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.workdays import Calendar

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """What decides whether an organisation owes a duty, as it stood on one day."""

    kind: str
    in_use_since: date
    dissolved_on: date | None = None
    members: int = 0
    committee: int = 0


def owes(holder: str, facts: HolderFacts, day: date) -> str:
    """Why the duty does not apply on ``day``; empty text when it is owed.

    A branch without a committee has no 支委会 (CM-04); a group or branch without members has nothing to hold.
    """
    if facts.in_use_since > day:
        return "本组织尚未启用平台"
    if facts.dissolved_on is not None and facts.dissolved_on <= day:
        return "本组织已撤销"
    if facts.kind != ("group" if holder == "group" else _kind_of(holder)):
        return "组织类别不承担此项"
    if facts.members == 0:
        return "当日没有在册党员"
    if holder == "branch_with_committee" and facts.committee == 0:
        return "未设支部委员会"
    return ""


def _kind_of(holder: str) -> str:
    return "committee" if holder == "committee" else "branch"


def match(meetings: Sequence[tuple[M, date]], owed: int) -> list[tuple[M, date] | None]:
    """The meetings that close the occurrences 1…``owed`` of a period: the earliest ones, None where missing."""
    closing = sorted(meetings, key=lambda pair: pair[1])[:owed]
    return [*closing, *([None] * (owed - len(closing)))]


def is_recorded_late(filed_on: date, due_on: date) -> bool:
    """Whether the record came after the last day (补录): shown, never punished."""
    return filed_on > due_on


def days_overdue(due_on: date, today: date, calendar: Calendar) -> int:
    """Working days since the last day of a duty; 0 while it is not over."""
    if today <= due_on:
        return 0
    return calendar.count(due_on, today) - calendar.is_working(due_on)


def urgency(due_on: date, today: date, this_week_ends: date) -> str:
    """The group of a to-do list: ``overdue``, ``week`` or ``later``."""
    if due_on < today:
        return "overdue"
    return "week" if due_on <= this_week_ends else "later"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one cell: what was owed, done, is overdue, was waived."""

    owed: int = 0
    done: int = 0
    overdue: int = 0
    waived: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.owed + other.owed,
            self.done + other.done,
            self.overdue + other.overdue,
            self.waived + other.waived,
        )

    @property
    def status(self) -> str:
        """The chip: ``ok``, ``bad`` (overdue), ``part`` (some open), ``todo`` (none yet), ``na``."""
        if self.owed == 0:
            return "na"
        if self.overdue:
            return "bad"
        if self.done == self.owed:
            return "ok"
        return "part" if self.done else "todo"


def face(tally: Tally, is_over: bool) -> str:
    """How a cell of the matrix looks; a month that is not over is ``todo`` as long as nothing is overdue."""
    if tally.owed == 0:
        return "na" if is_over or tally.waived else "todo"
    if tally.status in ("bad", "ok") or is_over:
        return tally.status
    return "todo"

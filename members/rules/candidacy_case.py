"""An admission case under the law: which version judges a step, what is dated, what is later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.periods import add_months
from core.workdays import Calendar
from members.rules.candidacy import LABELS, ORDER, Candidacy, Training, Version
from regulations.choices import Level
from regulations.facts import UNKNOWN
from regulations.rules import UNSURE, Book, Finding, Law

NEW_RULE = "DV-01"
"""A rule that only the 2026 version has: it tells when that version came into force."""

NOTICE = ("notice_from", "notice_to")
SIBLINGS = {"political_review": "training"}
"""Political review and training may come in either order: both are due before what follows."""


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of one case, the book of the law, the day of the check and the calendar."""

    facts: Candidacy
    book: Book
    on: date
    calendar: Calendar

    @property
    def changed_on(self) -> date:
        """The first day of the 2026 version."""
        return self.book.versions(NEW_RULE)[0].since or date.min

    def version(self, day: date) -> Version:
        """The version for a step of ``day``: the one asked for, else the one in force that day."""
        return self.facts.rule_version or ("2026" if day >= self.changed_on else "2014")

    def law(self, day: date) -> Law:
        """The law by which a step of ``day`` is judged (contract, “Which version”)."""
        if self.version(day) == "2014":
            return self.book.on(min(day, self.changed_on - timedelta(days=1)))
        return self.book.on(max(day, self.changed_on))

    def rule(self, old: str, new: str, day: date) -> str:
        """The id under which a step of ``day`` is reported: from 2026 the DV stands for the DP."""
        return old if self.version(day) == "2014" else new

    def fact(self, name: str) -> Any:
        """A fact by name: its value, ``None`` or ``UNKNOWN``; of training the day it ended."""
        steps = self.facts.steps
        value = getattr(steps if hasattr(steps, name) else self.facts, name)
        return value.ended if isinstance(value, Training) else value

    def day(self, name: str) -> date | None:
        """The day of a step, ``None`` where it has not happened or is unknown."""
        value = self.fact(name)
        if name == "reviews" and value is not UNKNOWN:
            return max((review for review in value or () if review), default=None)
        return value if isinstance(value, date) else None

    def is_null(self, name: str) -> bool:
        """Whether a step is known not to have happened."""
        return self.fact(name) is None

    def later(self, name: str) -> date | None:
        """The day of the first dated step after ``name``; a notice only where it is compulsory."""
        start = ORDER.index(SIBLINGS.get(name, name)) + 1
        for step in ORDER[start:]:
            day = self.day(step)
            if day and not (step in NOTICE and self.version(day) == "2014"):
                return day
        return None

    def waits(self, name: str) -> bool:
        """Whether a step has not happened and nothing after it has: it may still come."""
        return self.is_null(name) and self.later(name) is None

    def judged(self, name: str) -> date:
        """The day by which a step is judged: its own, a later step's, else the check's."""
        return self.day(name) or self.later(name) or self.on

    def overdue(self, name: str, latest: date) -> bool:
        """Whether a step came after ``latest``, or still waits on the day of the check."""
        done = self.day(name) or (self.on if self.waits(name) else None)
        return done is not None and done > latest


def within(case: Case, rule: str, start: str, step: str) -> Iterator[Finding]:
    """``step`` comes no earlier than ``start`` and within the calendar months of ``rule``."""
    begun, done = case.day(start), case.day(step)
    if begun is None:
        return
    law = case.law(case.judged(step))
    limit = law.value(f"{rule}.months")
    latest = add_months(begun, limit.count)
    if done and done < begun:
        yield too_early(law, rule, step, done, start, begun)
    elif case.overdue(step, latest):
        yield law.breaks(rule, late(step, done, start, begun, latest, limit.words), latest=latest)


def not_before(case: Case, rule: str, step: str, start: str) -> Iterator[Finding]:
    """``step`` comes no earlier than ``start``."""
    done, begun = case.day(step), case.day(start)
    if done and begun and done < begun:
        yield too_early(case.law(done), rule, step, done, start, begun)


def too_early(law: Law, rule: str, step: str, done: date, start: str, begun: date) -> Finding:
    """The finding that a step lies before the one it builds on; a doubtful clause only warns."""
    message = f"{LABELS[step]}（{done}）早于{LABELS[start]}（{begun}）"
    return law.breaks(rule, message, level=compulsory(law, rule))


def compulsory(law: Law, rule: str) -> Level:
    """The level of a compulsory step left out: error, or warning where sources differ."""
    doubtful = law.book.clause(rule, law.day).confidence in UNSURE
    return Level.WARNING if doubtful else Level.ERROR


def late(step: str, done: date | None, start: str, begun: date, latest: date, limit: str) -> str:
    """The sentence that a step came, or is, late, with how its deadline was counted."""
    how = f"自{LABELS[start]} {begun} 起{limit}，最迟 {latest}"
    name = LABELS[step].removesuffix("日期")
    return f"{name}超过期限：{how}，实际 {done}" if done else f"{name}已经逾期：{how}，至今没有进行"

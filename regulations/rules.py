"""Clauses, cited parameters and findings as plain values: no model, no clock, no database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from regulations.choices import Comparator, Confidence, Level, Severity

UNSURE = frozenset({Confidence.MEMORY, Confidence.UNCONFIRMED, Confidence.CONFLICT})


@dataclass(frozen=True, slots=True)
class Cited:
    """One clause in force on a day, with the parameters it carries.

    ``rule`` is the id of the rule row (``MT-03``), ``citation`` the Chinese reference
    (``《中国共产党支部工作条例（试行）》第十一条``), ``values`` maps a parameter name to its value.
    """

    rule: str
    citation: str
    text: str
    severity: Severity
    confidence: Confidence
    since: date | None = None
    until: date | None = None
    values: dict[str, Parameter] = field(default_factory=dict)

    @property
    def broken(self) -> Level:
        """The level when this clause is broken: unconfirmed or soft clauses only warn."""
        if self.severity != Severity.HARD or self.confidence in UNSURE:
            return Level.WARNING
        return Level.ERROR

    def with_values(self, own: Mapping[str, Any]) -> Cited:
        """The clause with the values of ``own`` (by name) in place of the common ones; it says so."""
        named = {name: replace(row, value=own[name]) for name, row in self.values.items() if name in own}
        if not named:
            return self
        return replace(self, citation=f"{self.citation}（有本级规定）", values=self.values | named)

    def holds_on(self, day: date) -> bool:
        """Whether the clause is in force on ``day`` (both ends included)."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One cited number, list or order: ``MT-03.majority`` = "1/2", ``gt``, unit ``比例``.

    ``value`` is kept as in the data file: a whole number, a text with a decimal or a fraction
    (``"0.5"``, ``"1/2"``), or a list. Ask ``count``, ``number`` or ``items`` for the typed form.
    """

    code: str
    value: Any
    unit: str
    comparator: Comparator
    label: str = ""

    @property
    def number(self) -> Fraction:
        """The value as an exact number."""
        return Fraction(self.value)

    @property
    def count(self) -> int:
        """The value as a whole number (persons, days, months …)."""
        return int(self.value)

    @property
    def items(self) -> tuple[Any, ...]:
        """The value as a list, in the order of the clause."""
        return tuple(self.value)

    @property
    def words(self) -> str:
        """The number as a reader says it: ``超过 1/2``, ``不少于 3 人``."""
        share = self.unit == "比例"
        return f"{Comparator(self.comparator).label} {self.value}{'' if share else ' ' + self.unit}"

    def admits(self, fact: int | Decimal | Fraction) -> bool:
        """Whether ``fact`` keeps to the number."""
        return compare(Fraction(fact), self.comparator, self.number)

    def admits_share(self, part: int, whole: int) -> bool:
        """Whether ``part`` of ``whole`` keeps to a share such as 1/2, without rounding."""
        return compare(Fraction(part), self.comparator, self.number * whole)

    def least_of(self, whole: int) -> int:
        """The least number that keeps to a share of ``whole``: > 1/2 of 40 is 21, ≥ 1/2 is 20."""
        exact = self.number * whole
        return math.floor(exact) + 1 if self.comparator == Comparator.MORE_THAN else math.ceil(exact)

    def lists(self, fact: object) -> bool:
        """Whether ``fact`` is in the list."""
        return fact in self.items


def compare(fact: Any, comparator: Comparator, value: Any) -> bool:
    """Compare a fact with a number as the clause says; ``ValueError`` for an unknown word."""
    match comparator:
        case Comparator.AT_LEAST:
            return bool(fact >= value)
        case Comparator.MORE_THAN:
            return bool(fact > value)
        case Comparator.AT_MOST:
            return bool(fact <= value)
        case Comparator.LESS_THAN:
            return bool(fact < value)
        case Comparator.EQUAL:
            return bool(fact == value)
        case Comparator.LIST:
            return fact in value
    raise ValueError(comparator)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a record: never a punishment, never a correction."""

    rule: str
    level: Level
    message: str
    clause: str
    numbers: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The form printed by ``check_rules`` and answered by the API."""
        return {
            "rule": self.rule,
            "level": self.level.value,
            "message": self.message,
            "clause": self.clause,
        }


class Book:
    """The clauses that hold: a read-only table asked by rule id and day.

    ``source`` says where the values come from (``database`` or ``shipped``).
    """

    def __init__(self, clauses: Iterable[Cited], source: str = "shipped") -> None:
        """Keep the clauses by rule id, oldest version first."""
        self.source = source
        self._by_rule: dict[str, list[Cited]] = {}
        for clause in sorted(clauses, key=lambda c: c.since or date.min):
            self._by_rule.setdefault(clause.rule, []).append(clause)

    def clause(self, rule: str, on: date) -> Cited:
        """The version of ``rule`` in force on the day; ``KeyError`` when there is none."""
        for clause in reversed(self._by_rule.get(rule, [])):
            if clause.holds_on(on):
                return clause
        raise KeyError(f"{rule} 在 {on} 没有生效的条款")

    def versions(self, rule: str) -> list[Cited]:
        """All versions of ``rule``, oldest first."""
        return list(self._by_rule.get(rule, []))

    def has(self, rule: str, on: date) -> bool:
        """Whether any version of ``rule`` is in force on ``on``."""
        return any(clause.holds_on(on) for clause in self._by_rule.get(rule, []))

    def value(self, code: str, on: date) -> Parameter:
        """The parameter ``code`` (``MT-03.majority``) on the day; ``KeyError`` when unknown."""
        rule, _, name = code.partition(".")
        return self.clause(rule, on).values[name]

    def finding(
        self, rule: str, on: date, message: str, *, level: Level | None = None, **numbers: Any
    ) -> Finding:
        """A finding that cites ``rule``; its level follows the clause unless one is given."""
        clause = self.clause(rule, on)
        return Finding(rule, level or clause.broken, message, clause.citation, numbers)

    def missing(self, rule: str, on: date, what: str) -> Finding:
        """A note that a fact is unknown; ``what`` names the fact in Chinese.

        Only hard rules ask for missing facts: a rule function uses ``lacks``, which knows.
        """
        clause = self.clause(rule, on)
        return Finding(rule, Level.NOTE, f"缺少{what}，无法核对", clause.citation)

    def lacks(self, rule: str, on: date, what: str) -> list[Finding]:
        """The note of ``missing`` where ``rule`` is hard and in force that day, else nothing."""
        if not self.has(rule, on) or self.clause(rule, on).severity != Severity.HARD:
            return []
        return [self.missing(rule, on, what)]

    def overlaid(self, local: Mapping[str, Any]) -> Book:
        """The book with the values of ``local`` (by code) over the common ones; itself for none.

        Every version of a clause that has such a parameter takes the value: which local values hold
        on a day, whoever reads them has decided. What no local value touches is shared, not copied.
        """
        if not local:
            return self
        by_rule: dict[str, dict[str, Any]] = {}
        for code, value in local.items():
            rule, _, name = code.partition(".")
            by_rule.setdefault(rule, {})[name] = value
        over = Book((), self.source)
        over._by_rule = self._by_rule | {
            rule: [clause.with_values(own) for clause in self.versions(rule)] for rule, own in by_rule.items()
        }
        return over

    def on(self, day: date) -> Law:
        """The book as it holds on ``day``."""
        return Law(self, day)


@dataclass(frozen=True, slots=True)
class Law:
    """The book on one day: what a rule function is handed beside the facts."""

    book: Book
    day: date

    def value(self, code: str) -> Parameter:
        """The parameter ``code`` in force that day."""
        return self.book.value(code, self.day)

    def breaks(self, rule: str, message: str, *, level: Level | None = None, **numbers: Any) -> Finding:
        """The finding that ``rule`` is broken."""
        return self.book.finding(rule, self.day, message, level=level, **numbers)

    def lacks(self, rule: str, what: str) -> list[Finding]:
        """The note that ``what`` is unknown, where ``rule`` is hard."""
        return self.book.lacks(rule, self.day, what)


def by_readings(kept: Sequence[bool]) -> Level | None:
    """The level where sources differ, from whether each reading of a hard rule is kept.

    All kept: None. All broken: error. Some broken: warning.
    """
    if all(kept):
        return None
    return Level.WARNING if any(kept) else Level.ERROR


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by rule id, one for each rule and reason; those of one rule keep their order."""
    single = {(found.rule, found.level, found.message): found for found in findings}
    return sorted(single.values(), key=lambda found: found.rule)

"""Calendar months and the periods of reports: a month, a quarter, a half-year, a year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["month", "quarter", "half", "year"]

LENGTH: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Months in a period of each kind."""

_KEY = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})|Q(?P<quarter>[1-4])|H(?P<half>[12]))?")
_ORDINALS = ("", "一", "二", "三", "四")
_HALVES = ("", "上半年", "下半年")


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months: the same day number, or the last day of a shorter month.

    Never moved by a weekend or a holiday; negative months go back; ``ValueError`` outside 1–9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_years(since: date, on: date) -> int:
    """Whole years from ``since`` to ``on``, reached on the anniversary (29 February: the 28th)."""
    years = on.year - since.year
    return years if add_months(since, years * 12) <= on else years - 1


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period of reports: ``Period("quarter", 2026, 3)``; the number of a year is 1."""

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        """Refuse a period that the calendar does not have (``ValueError``)."""
        if not (1 <= self.year <= 9999 and 1 <= self.number <= 12 // LENGTH[self.kind]):
            raise ValueError(f"没有这个时段：{self.kind} {self.year} {self.number}")

    @classmethod
    def parse(cls, key: str) -> Period:
        """Read ``2026-10``, ``2026Q3``, ``2026H1`` or ``2026``; else ``ValueError``."""
        found = _KEY.fullmatch(key)
        if found is None:
            raise ValueError(f"时段应写作 2026-10、2026Q3、2026H1 或 2026，收到“{key}”")
        kinds: tuple[Kind, ...] = ("month", "quarter", "half")
        for kind in kinds:
            if found[kind]:
                return cls(kind, int(found["year"]), int(found[kind]))
        return cls("year", int(found["year"]))

    @classmethod
    def containing(cls, kind: Kind, day: date) -> Period:
        """The period of ``kind`` in which ``day`` lies."""
        return cls(kind, day.year, (day.month - 1) // LENGTH[kind] + 1)

    @property
    def key(self) -> str:
        """The stable key: ``2026-10``, ``2026Q3``, ``2026H1``, ``2026``."""
        tail = {
            "month": f"-{self.number:02}",
            "quarter": f"Q{self.number}",
            "half": f"H{self.number}",
            "year": "",
        }
        return f"{self.year:04}{tail[self.kind]}"

    @property
    def label(self) -> str:
        """The Chinese name: 2026年10月, 2026年三季度, 2026年上半年, 2026年."""
        match self.kind:
            case "month":
                tail = f"{self.number}月"
            case "quarter":
                tail = f"{_ORDINALS[self.number]}季度"
            case "half":
                tail = _HALVES[self.number]
            case "year":
                tail = ""
        return f"{self.year}年{tail}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * LENGTH[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        last = self.number * LENGTH[self.kind]
        return date(self.year, last, monthrange(self.year, last)[1])

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` lies in the period."""
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.key

    def next(self) -> Period:
        """The period that follows."""
        return Period.containing(self.kind, self.end + timedelta(days=1))

    def previous(self) -> Period:
        """The period before."""
        return Period.containing(self.kind, self.start - timedelta(days=1))

    def months(self) -> tuple[Period, ...]:
        """Its calendar months, in order."""
        first = (self.number - 1) * LENGTH[self.kind]
        return tuple(Period("month", self.year, first + n) for n in range(1, LENGTH[self.kind] + 1))

"""What is to be built: how many of each, over which months, with which chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from django.utils import timezone

from core.periods import Period, add_months

NATION = {"corps": 32, "detachment": 400, "battalion": 3400, "branch": 20000}
"""Organisations of each level at the full size; a smaller seed keeps the proportions."""
SMALLEST = 4
"""Members a branch has at least, so that somebody chairs and somebody else keeps the record."""
SPREAD = 4
"""How far the size of a branch lies from the mean."""
FOUNDED_MONTHS_BEFORE = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes and days of one seed; everything else follows from it."""

    branches: int
    members: int
    months: int
    on: date
    seed: int

    @property
    def begin(self) -> date:
        """The first day of use: so many whole months before the one of the day."""
        return add_months(self.on.replace(day=1), -self.months)

    @property
    def founded(self) -> date:
        """When organisations, posts and memberships began: before the first day of use."""
        return add_months(self.begin, -FOUNDED_MONTHS_BEFORE)

    @property
    def started(self) -> datetime:
        """The moment in which the register was written."""
        return moment(self.begin, 8)

    def count(self, level: str) -> int:
        """How many organisations of ``level``; at least one."""
        return max(1, round(self.branches * NATION[level] / NATION["branch"]))

    def stream(self, name: str) -> Random:
        """Chance of its own for each matter."""
        return Random(f"{self.seed}/{name}")

    def sizes(self) -> list[int]:
        """How many members each branch has; they add up to ``members``."""
        mean, left = divmod(self.members, self.branches)
        room = min(SPREAD, mean - SMALLEST)
        chance = self.stream("sizes")
        sizes = [mean + 1 if number < left else mean for number in range(self.branches)]
        for number in range(0, self.branches - 1, 2):  # what one has less its neighbour has more
            shift = chance.randint(0, room) if room > 0 else 0
            sizes[number] -= shift
            sizes[number + 1] += shift
        return sizes

    def periods(self, kind: str) -> list[Period]:
        """The periods of ``kind`` that began in use and not after the day; the last one still runs."""
        period = Period.containing(kind, self.begin)  # type: ignore[arg-type]  # a parameter's value
        if period.start < self.begin:
            period = period.next()
        found = []
        while period.start <= self.on:
            found.append(period)
            period = period.next()
        return found


def moment(day: date, hour: int) -> datetime:
    """A moment in the time zone of the portal."""
    return timezone.make_aware(datetime.combine(day, time(hour)))

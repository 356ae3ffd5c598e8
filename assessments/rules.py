"""From facts to points: null is neither zero nor full marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a fact query counted: part, whole, and the rows behind both (kind, id, label, counted)."""

    part: int
    whole: int
    rows: tuple[tuple[str, int, str, bool], ...] = ()


def points_for(fact: Fact, full: Decimal) -> Decimal | None:
    """``full`` × part / whole, half up to two decimals; None where there was nothing to count."""
    if fact.whole == 0:
        return None
    return (full * fact.part / fact.whole).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Sum:
    """A total: the points given, and the full marks of the indicators that have points."""

    points: Decimal
    of: Decimal
    open: int

    @property
    def complete(self) -> bool:
        """Whether every indicator has points."""
        return self.open == 0

    @property
    def percent(self) -> Decimal | None:
        """Points per hundred of what could be scored; None where nothing could."""
        if not self.of:
            return None
        return (100 * self.points / self.of).quantize(CENT, ROUND_HALF_UP)


def total(scores: Sequence[tuple[Decimal | None, Decimal]]) -> Sum:
    """Add (points, full marks); indicators without points are counted as open, never as zero or full."""
    given = [(points, full) for points, full in scores if points is not None]
    return Sum(
        points=sum((points for points, _ in given), Decimal(0)),
        of=sum((full for _, full in given), Decimal(0)),
        open=len(scores) - len(given),
    )

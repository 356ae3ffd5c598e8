"""Geometry of the few chart kinds, for page and paper alike: numbers in, coordinates out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Box:
    """A drawing area in SVG units: whole size and the margins kept free for words."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def inner_width(self) -> int:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> int:
        """Height between the margins."""
        return self.height - self.top - self.bottom


LINE = Box(480, 160, left=40, right=24, top=22, bottom=28)
SPARK = Box(240, 58, left=8, right=8, top=8, bottom=17)


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line: place, value, and the words under it."""

    x: float
    y: float
    value: float
    label: str


def nice_top(value: float) -> float:
    """The next round number from ``value`` up (1, 2, 2.5, 5 times a power of ten)."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def share(value: Value, top: float) -> float:
    """Percent of ``top`` that ``value`` fills, 0 to 100; an unknown value fills nothing."""
    if value is None or top <= 0:
        return 0.0
    return round(min(100.0, max(0.0, 100.0 * value / top)), 2)


def stack(values: Sequence[Value], top: float) -> list[tuple[float, float]]:
    """(start, width) in percent for the parts of one stacked bar, left to right."""
    parts: list[tuple[float, float]] = []
    start = 0.0
    for value in values:
        width = min(share(value, top), 100.0 - start)
        parts.append((round(start, 2), round(width, 2)))
        start += width
    return parts


def dots(labels: Sequence[str], values: Sequence[Value], box: Box, low: float, high: float) -> list[Dot]:
    """Places of the known values; an unknown one leaves a gap, one alone stands in the middle."""
    alone = len(values) == 1
    step = box.inner_width / max(1, len(values) - 1)
    first = box.left + box.inner_width / 2 if alone else box.left
    span = high - low or 1.0
    return [
        Dot(
            x=round(first + index * step, 1),
            y=round(box.top + box.inner_height * (1 - (value - low) / span), 1),
            value=value,
            label=label,
        )
        for index, (label, value) in enumerate(zip(labels, values, strict=True))
        if value is not None
    ]


def runs(values: Sequence[Value], placed: Sequence[Dot]) -> list[str]:
    """``points`` of one polyline for each unbroken stretch of known values."""
    stretches: list[list[str]] = [[]]
    remaining = iter(placed)
    for value in values:
        if value is None:
            stretches.append([])
        else:
            dot = next(remaining)
            stretches[-1].append(f"{dot.x},{dot.y}")
    return [" ".join(points) for points in stretches if points]


def spark_range(values: Sequence[Value]) -> tuple[float, float]:
    """Low and high of a sparkline: a little air around, so that a flat line lies in the middle."""
    known = [value for value in values if value is not None] or [0.0]
    air = (max(known) - min(known)) * 0.15 or 1.0
    return min(known) - air, max(known) + air

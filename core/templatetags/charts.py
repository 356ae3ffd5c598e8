"""Charts drawn on the server: the same SVG on the page and on paper, with words and a table.

Points are ``(label, value)`` or ``(label, value, url)``; a value of None is unknown, never zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from core import charts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

register = template.Library()

Point = tuple[Any, ...]


def number(value: charts.Value) -> str:
    """``1,457``, ``95.4`` or a dash: as figures are written in tables."""
    if value is None:
        return "—"
    return f"{value:,.1f}".removesuffix(".0")


@register.inclusion_tag("charts/bars.html")
def bar_chart(
    title: str, points: Iterable[Point], unit: str = "", top: float | None = None
) -> dict[str, Any]:
    """Horizontal bars in the order given; ``top`` is the value of a full bar (percent: 100)."""
    rows = [(point[0], point[1], point[2] if len(point) > 2 else "") for point in points]
    full = top or charts.nice_top(max((value or 0 for _, value, _ in rows), default=0))
    bars = [
        {"label": label, "url": url, "value": number(value), "width": charts.share(value, full)}
        for label, value, url in rows
    ]
    return {"title": title, "unit": unit, "bars": bars}


@register.inclusion_tag("charts/stacked.html")
def stacked_chart(
    title: str, series: Sequence[str], rows: Iterable[Point], *, equal: bool = False
) -> dict[str, Any]:
    """Stacked bars: ``rows`` are ``(label, values)`` or ``(label, values, url)``.

    One value a series, at most five series; ``equal`` makes every bar full (shares).
    """
    listed = [(row[0], list(row[1]), row[2] if len(row) > 2 else "") for row in rows]
    longest = max((sum(v or 0 for v in values) for _, values, _ in listed), default=0)
    bars = []
    for label, values, url in listed:
        total = sum(value or 0 for value in values)
        parts = charts.stack(values, total if equal else longest)
        bars.append(
            {
                "label": label,
                "url": url,
                "total": number(total),
                "parts": [
                    {"start": start, "width": width, "fill": index, "value": number(value)}
                    for index, ((start, width), value) in enumerate(zip(parts, values, strict=True))
                ],
            }
        )
    return {"title": title, "series": list(enumerate(series)), "bars": bars}


@register.inclusion_tag("charts/line.html")
def line_chart(
    title: str, points: Iterable[Point], unit: str = "", top: float | None = None
) -> dict[str, Any]:
    """A line over periods from zero to ``top``; the last value and every period are labelled."""
    rows = [(str(point[0]), point[1]) for point in points]
    labels, values = [row[0] for row in rows], [row[1] for row in rows]
    high = top or charts.nice_top(max((value or 0 for value in values), default=0))
    placed = charts.dots(labels, values, charts.LINE, 0.0, high)
    ticks = charts.dots(labels, [0.0] * len(labels), charts.LINE, 0.0, high)
    grid = [
        {
            "y": charts.dots([""], [part * high], charts.LINE, 0.0, high)[0].y,
            "value": number(part * high),
        }
        for part in (0.0, 0.5, 1.0)
    ]
    every = 1 + (len(ticks) - 1) // 12
    return {
        "title": title,
        "unit": unit,
        "box": charts.LINE,
        "lines": charts.runs(values, placed),
        "dots": [{"x": dot.x, "y": dot.y, "value": number(dot.value)} for dot in placed],
        "ticks": ticks[::every],
        "grid": grid,
        "rows": [(label, number(value)) for label, value in rows],
    }


@register.inclusion_tag("charts/spark.html")
def sparkline(title: str, points: Iterable[Point], unit: str = "") -> dict[str, Any]:
    """A small line beside a figure: first and last period named, all values read aloud."""
    rows = [(str(point[0]), point[1]) for point in points]
    labels, values = [row[0] for row in rows], [row[1] for row in rows]
    placed = charts.dots(labels, values, charts.SPARK, *charts.spark_range(values))
    words = "、".join(f"{label} {number(value)}{unit}" for label, value in rows)
    return {
        "title": title,
        "words": words,
        "box": charts.SPARK,
        "lines": charts.runs(values, placed),
        "last": placed[-1] if placed else None,
        "first_label": labels[0] if labels else "",
        "last_label": labels[-1] if labels else "",
    }

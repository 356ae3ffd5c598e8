"""What fell due by organisation and month: counted from the occurrences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q

from core.periods import Period
from core.rollups import Table
from supervision.choices import State
from supervision.models import DutyMonth, Occurrence

FIGURES = {
    "owed": Q(state__in=[State.OPEN, State.CLOSED]),
    "done": Q(state=State.CLOSED),
    "recorded_late": Q(state=State.CLOSED, recorded_late=True),
    "open": Q(state=State.OPEN),
    "waived": Q(state=State.WAIVED),
}


def count(month: Period, ids: Collection[int] | None) -> Iterator[tuple[Any, ...]]:
    """(organisation, duty, owed, done, recorded late, open, waived) of the last days in ``month``."""
    rows = Occurrence.objects.filter(due_on__gte=month.start, due_on__lte=month.end).order_by()
    if ids is not None:
        rows = rows.filter(organization__in=ids)
    numbers = {f"n_{name}": Count("id", filter=condition) for name, condition in FIGURES.items()}
    counted = rows.values("organization", "duty").annotate(**numbers)
    yield from counted.values_list("organization", "duty", *numbers)


def months() -> Iterable[date]:
    """The months in which something fell due."""
    return Occurrence.objects.order_by().dates("due_on", "month")


TABLE = Table(DutyMonth, tuple(FIGURES), count, months, own=(("own_open", "open"),))

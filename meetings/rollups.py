"""Meetings by organisation and month: counted from the records in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum, Value

from core.periods import Period
from core.rollups import Table
from meetings.models import Meeting, MeetingMonth

TAKING_PART = ("due", "present", "excused", "absent")


def count(month: Period, ids: Collection[int] | None) -> Iterator[tuple[Any, ...]]:
    """(organisation, kind, held, due, present, excused, absent); the kind ``""`` counts every record once."""
    rows = Meeting.objects.in_force().between(month.start, month.end).order_by()
    if ids is not None:
        rows = rows.filter(organization__in=ids)
    numbers = {"held": Count("id"), **{f"all_{name}": Sum(name) for name in TAKING_PART}}
    for code in (Value(""), F("kinds__code")):
        counted = rows.annotate(code=code).values("organization", "code").annotate(**numbers)
        yield from counted.values_list("organization", "code", *numbers)


def months() -> Iterable[date]:
    """The months in which meetings were held."""
    return Meeting.objects.in_force().order_by().dates("held_on", "month")


TABLE = Table(MeetingMonth, ("held", *TAKING_PART), count, months)

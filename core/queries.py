"""Reads of the ground: the working calendar as the administrator keeps it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from core.models import CalendarDay, Heartbeat
from core.workdays import Calendar, official_calendar


def working_calendar() -> Calendar:
    """The official calendar, overlaid with the days that an administrator filled in (one query)."""
    rows = dict(CalendarDay.objects.values_list("day", "working"))
    return Calendar.from_rows(rows, official_calendar())


FRESH = 90
"""Seconds: beat sends every queue a heartbeat each 20; where none is worked for longer, nobody works."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The oldest sign of life of the queues in seconds (None: none at all), and those that are silent."""

    seconds: int | None
    silent: tuple[str, ...]


def pulse() -> Pulse:
    """Whether every queue is worked; a worker's first heartbeat is its own, later ones are sent by beat."""
    at, now = dict(Heartbeat.objects.values_list("name", "at")), timezone.now()
    # a sign of life from tomorrow, when the clock was set back, is none
    ages = {name: abs(int((now - at[name]).total_seconds())) for name in settings.QUEUES if name in at}
    silent = tuple(name for name in settings.QUEUES if ages.get(name, FRESH) >= FRESH)
    return Pulse(max(ages.values(), default=None), silent)

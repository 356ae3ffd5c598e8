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


BEAT = "beat"
"""Name of beat's own sign of life, beside those of the queues."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The oldest sign of life of the queues in seconds (None: none at all), those that are silent, and beat's."""

    seconds: int | None
    silent: tuple[str, ...]
    beat: int | None
    beats: bool


def pulse() -> Pulse:
    """Whether every queue is worked; a worker's first heartbeat is its own, later ones are sent by beat.

    Without beat the queues fall silent too, so its own sign tells which of the two has stopped. A sign
    from tomorrow, left when the clock was set back, is none.
    """
    now, limit = timezone.now(), settings.SILENT_SECONDS
    signs = dict(Heartbeat.objects.values_list("name", "at"))
    ages = {name: abs(int((now - at).total_seconds())) for name, at in signs.items()}
    queues = [ages[name] for name in settings.QUEUES if name in ages]
    silent = tuple(name for name in settings.QUEUES if ages.get(name, limit) >= limit)
    return Pulse(max(queues, default=None), silent, ages.get(BEAT), ages.get(BEAT, limit) < limit)

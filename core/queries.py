"""Reads of the ground: the working calendar as the administrator keeps it."""

from core.models import CalendarDay
from core.workdays import Calendar, official_calendar


def working_calendar() -> Calendar:
    """The official calendar, overlaid with the days that an administrator filled in (one query)."""
    rows = dict(CalendarDay.objects.values_list("day", "working"))
    return Calendar.from_rows(rows, official_calendar())

"""Occurrences: open, due, late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from core.querysets import InScope
from supervision.choices import State

if TYPE_CHECKING:
    from supervision.models import Occurrence


class OccurrenceQuerySet(InScope["Occurrence"]):
    """Occurrences of organisations in scope."""

    def open(self) -> Self:
        """Not yet closed, waived or found not applicable."""
        return self.filter(state=State.OPEN)

    def overdue_on(self, day: date) -> Self:
        """Open although the last day has passed."""
        return self.open().filter(due_on__lt=day)

    def owed(self) -> Self:
        """Those that count: neither waived nor not applicable."""
        return self.filter(state__in=[State.OPEN, State.CLOSED])

    def of_period(self, key: str) -> Self:
        """Occurrences of the period ``2026-10``, ``2026Q3`` or ``2026``."""
        return self.filter(period=key)

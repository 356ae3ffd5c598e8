"""The home pages: what a leader and a department see at a glance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from branches.models import Organization
from core import clock
from core.periods import Period
from reports.models import Bulletin
from supervision import queries as duties
from supervision.models import Occurrence
from supervision.queries import MatrixRow
from supervision.rules import Tally

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 8
"""Lines of a list on a home page; the rest is one link away."""


@dataclass(slots=True)
class Brief:
    """One organisation and its subtree on one page: this year so far, month by month, and what needs attention."""

    organization: Organization
    year: int
    month: int
    rows: list[MatrixRow]
    overdue: list[Occurrence] = field(default_factory=list)
    bulletins: list[Bulletin] = field(default_factory=list)

    def _month(self, number: int) -> Tally:
        return sum((row.cells.get(number, Tally()) for row in self.rows), Tally())

    @property
    def this_month(self) -> Tally:
        """What falls due this month."""
        return self._month(self.month)

    @property
    def last_month(self) -> Tally:
        """The month before (of the same year; empty in January)."""
        return self._month(self.month - 1) if self.month > 1 else Tally()

    @property
    def year_so_far(self) -> Tally:
        """Everything whose last day lies in a month that is over, this year."""
        return sum((self._month(number) for number in range(1, self.month)), Tally())

    @property
    def overdue_count(self) -> int:
        """How many are overdue."""
        return sum(row.total.overdue for row in self.rows)

    @property
    def trend(self) -> list[tuple[str, float]]:
        """The share done of each month that is over, for the line chart (per cent)."""
        points = []
        for number in range(1, self.month):
            tally = self._month(number)
            if tally.owed:
                points.append((f"{number}月", round(100 * tally.done / tally.owed, 1)))
        return points

    @property
    def lines(self) -> list[tuple[MatrixRow, Tally, Tally]]:
        """Each subordinate in the order of the establishment, with last month and the year so far."""
        return [
            (
                row,
                row.cells.get(self.month - 1, Tally()),
                sum((row.cells.get(n, Tally()) for n in range(1, self.month)), Tally()),
            )
            for row in self.rows
        ]


def brief(user: User, organization: Organization, day: date | None = None) -> Brief:
    """The brief of ``organization`` as ``user`` may see it: five queries whatever its size."""
    today = day or clock.today()
    month = Period.containing("month", today)
    overdue = (
        Occurrence.objects.visible_to(user)
        .filter(organization__in=Organization.objects.under(organization.path).values("pk"))
        .overdue_on(today)
        .select_related("duty", "organization", "holder")
        .order_by("due_on", "organization__path")
    )
    return Brief(
        organization=organization,
        year=today.year,
        month=month.number,
        rows=duties.matrix(user, organization, today.year),
        overdue=list(overdue[:SHOWN]),
        bulletins=list(
            Bulletin.objects.visible_to(user).select_related("organization", "cycle")[:5]
        ),
    )

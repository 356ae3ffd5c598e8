"""The home pages: what a leader and a department see at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from branches.models import Organization
from core import clock
from core.periods import Period
from core.rollups import Lag
from reports.choices import BulletinState
from reports.models import Bulletin
from supervision import queries as duties
from supervision.models import Occurrence
from supervision.queries import MatrixRow
from supervision.rules import Tally

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 6
"""Lines of a list on a home page; the rest is one link away."""
READ = 100
"""Organisations that are counted as behind; where there are more, the page says so."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What one organisation is behind with, in words (``主题党日 3 项，党课 1 项``), oldest first."""

    organization: Organization
    words: str
    since: date


def percent(tally: Tally) -> float | None:
    """The share done, one decimal; None where nothing is owed."""
    return round(100 * tally.done / tally.owed, 1) if tally.owed else None


@dataclass
class Brief:
    """One organisation and its subtree on one page: this year so far, month by month, and what needs attention."""

    organization: Organization
    year: int
    month: int
    rows: list[MatrixRow]
    behind: list[int] = field(default_factory=list)
    """Organisations with something overdue, in the order of the establishment."""
    overdue: list[Occurrence] = field(default_factory=list)
    """The overdue rows of the first of them."""
    bulletins: list[Bulletin] = field(default_factory=list)
    waiting: list[Bulletin] = field(default_factory=list)
    latest: Bulletin | None = None
    lag: Lag | None = None
    cut: bool = False
    """Whether more are behind than were read."""

    @cached_property
    def all(self) -> MatrixRow:
        """All rows together."""
        return MatrixRow(self.organization, duties.added(self.rows))

    def _month(self, number: int) -> Tally:
        return self.all.cells.get(number, Tally())

    @property
    def this_month(self) -> Tally:
        """What falls due this month."""
        return self._month(self.month)

    @property
    def last_month(self) -> Tally:
        """The month before (of the same year; empty in January)."""
        return self._month(self.month - 1)

    @cached_property
    def year_so_far(self) -> Tally:
        """Everything whose last day lies in a month that is over, this year."""
        return self.all.until(self.month - 1)

    @property
    def rate(self) -> float | None:
        """The share done of this year so far."""
        return percent(self.year_so_far)

    @property
    def change(self) -> tuple[str, float] | None:
        """How last month's share moved against the month before: (上升 | 下降 | 持平, percentage points)."""
        last, before = (percent(self._month(self.month - back)) for back in (1, 2))
        if last is None or before is None:
            return None
        moved = round(last - before, 1)
        return "上升" if moved > 0 else "下降" if moved < 0 else "持平", abs(moved)

    @property
    def last_rate(self) -> float | None:
        """The share done of last month."""
        return percent(self.last_month)

    @property
    def overdue_count(self) -> int:
        """How many are overdue."""
        return self.all.total.overdue

    @property
    def behind_count(self) -> int:
        """How many of the organisations shown are behind with something."""
        return sum(row.total.overdue > 0 for row in self.rows)

    @property
    def attention(self) -> list[Attention]:
        """The first organisations that are behind, in the order of the establishment."""
        grouped: dict[Organization, list[Occurrence]] = {}
        for row in self.overdue:
            grouped.setdefault(row.organization, []).append(row)
        return [
            Attention(organization, _kinds_of(rows), min(row.due_on for row in rows))
            for organization, rows in grouped.items()
        ]

    @property
    def behind_words(self) -> str:
        """How many are behind, where not all are shown: ``12``, or ``100+`` where not all were counted."""
        if len(self.behind) <= SHOWN:
            return ""
        return f"{len(self.behind)}+" if self.cut else str(len(self.behind))

    @property
    def to_sign(self) -> list[Bulletin]:
        """What waits for a leader."""
        return [each for each in self.waiting if each.state == BulletinState.REVIEWED]

    @property
    def recent(self) -> list[Bulletin]:
        """The latest few that were issued."""
        return self.bulletins[:3]

    @cached_property
    def trend(self) -> list[tuple[str, float]]:
        """The share done of each month that is over, for the chart (per cent)."""
        shares = [(f"{number}月", percent(self._month(number))) for number in range(1, self.month)]
        return [(label, share) for label, share in shares if share is not None]

    @property
    def lines(self) -> list[tuple[MatrixRow, Tally, Tally]]:
        """Each subordinate in the order of the establishment, with last month and the year so far."""
        return [
            (
                row,
                row.cells.get(self.month - 1, Tally()),
                row.until(self.month - 1),
            )
            for row in self.rows
        ]


def brief(user: User, organization: Organization, day: date | None = None) -> Brief:
    """The brief of ``organization`` as ``user`` may see it: as many queries, and as quick, whatever its size."""
    today = day or clock.today()
    month = Period.containing("month", today)
    behind = duties.behind_in(organization, today, READ)
    overdue = (
        Occurrence.objects.visible_to(user)
        .filter(organization__in=behind[:SHOWN])
        .overdue_on(today)
        .select_related("duty", "organization")
        .order_by("organization__path", "duty__position", "due_on")
    )
    seen = Bulletin.objects.visible_to(user).select_related("organization")
    own = list(_at_hand(seen.filter(organization=organization)))
    return Brief(
        organization=organization,
        year=today.year,
        month=month.number,
        rows=duties.matrix(user, organization, today.year),
        behind=behind,
        cut=len(behind) == READ,
        overdue=list(overdue),
        bulletins=list(seen.issued()[:5]),
        waiting=[each for each in own if each.state != BulletinState.ISSUED][:5],
        lag=duties.lag_of(organization),
        latest=next((each for each in own if each.state == BulletinState.ISSUED), None),
    )


def _at_hand(own: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    """What of a committee's own bulletins waits, newest first, and the one printed last."""
    printed = own.filter(state=BulletinState.ISSUED, document__isnull=False).order_by("-issued_on", "-pk")
    return own.filter(~Q(state=BulletinState.ISSUED) | Q(pk__in=printed.values("pk")[:1]))


def _kinds_of(rows: list[Occurrence]) -> str:
    counts = Counter(row.duty.title for row in rows)
    return "，".join(f"{title} {count} 项" for title, count in counts.items())

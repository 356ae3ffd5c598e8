"""The page of an organisation: facts, year, committee, meetings, check-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from branches.choices import Kind, Office
from branches.models import Appointment, Organization, Term
from branches.queries import committee_on
from core import clock
from meetings.models import Meeting
from members.choices import Stage
from members.models import Member
from reports.queries.checkup import Size, findings
from reports.queries.home import Brief, brief
from supervision import queries as duties
from supervision.choices import State
from supervision.models import Duty, Occurrence

if TYPE_CHECKING:
    from accounts.models import User
    from regulations.rules import Finding

ABOVE = frozenset({Kind.COMMITTEE, Kind.GENERAL_BRANCH})
"""Kinds of organisations whose page shows those below them."""


@dataclass(frozen=True, slots=True)
class StripCell:
    """One month of one duty: symbol, words, and where it leads."""

    status: str
    text: str
    url: str


@dataclass(slots=True)
class OrganizationPage:
    """Everything the page shows about one organisation; a committee counts its whole subtree."""

    organization: Organization
    full: int
    probationary: int
    branches: int
    committee: list[Appointment]
    term: Term | None
    strip: list[tuple[Duty, list[StripCell], str]]
    below: Brief | None
    owed: int
    done: int
    overdue: int
    meetings: list[Meeting]
    groups: list[tuple[Organization, str, int]]
    children: list[Organization]

    @property
    def secretary(self) -> Appointment | None:
        """The secretary in office."""
        return next((a for a in self.committee if a.office == Office.SECRETARY), None)

    @property
    def findings(self) -> list[Finding]:
        """What the rules say of a branch (支部体检)."""
        size = Size(self.full, self.probationary, len(self.groups))
        return findings(self.organization, size, self.committee, self.term)


def organization_page(user: User, organization: Organization) -> OrganizationPage:
    """Read the page of ``organization`` (already known to be in sight): a fixed number of queries."""
    today = clock.today()
    subtree = Organization.objects.under(organization.path)
    above = organization.kind in ABOVE
    homes = subtree if above else Organization.objects.filter(pk=organization.pk)
    stages: dict[str, int] = dict(
        Member.objects.filter(organization__in=homes.values("pk"), active=True)
        .order_by()
        .values_list("stage")
        .annotate(n=Count("*"))
    )
    strip = duties.year_strip(organization, today.year)
    below = brief(user, organization) if above else None
    return OrganizationPage(
        organization=organization,
        full=stages.get(Stage.FULL, 0),
        probationary=stages.get(Stage.PROBATIONARY, 0),
        branches=subtree.filter(kind=Kind.BRANCH, dissolved_on__isnull=True).count() if above else 0,
        committee=committee_on(organization, today),
        term=Term.objects.filter(organization=organization).order_by("-started_on").first(),
        strip=[(duty, [_cell(month) for month in months], _sum(months)) for duty, months in strip],
        below=below,
        **_tallies([row for _, months in strip for month in months for row in month], below),
        meetings=list(
            Meeting.objects.visible_to(user)
            .filter(organization=organization, replaced_by__isnull=True)
            .select_related("group")
            .prefetch_related("kinds")
            .order_by("-held_on", "-id")[:8]
        ),
        groups=_groups(organization),
        children=list(
            organization.children.exclude(kind__in=[Kind.GROUP])
            .filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=today))
            .order_by("position", "id")[:60]
        ),
    )


def _tallies(rows: list[Occurrence], below: Brief | None) -> dict[str, int]:
    """Owed and done of what is due by today this year, and what is overdue; of a committee its subtree's."""
    if below is not None:
        year = below.year_so_far
        return {"owed": year.owed, "done": year.done, "overdue": below.overdue_count}
    today = clock.today()
    counted = [row for row in rows if row.state in (State.OPEN, State.CLOSED)]
    due = [row for row in counted if row.due_on <= today]
    late = [row for row in counted if row.state == State.OPEN and row.due_on < today]
    done = [row for row in due if row.state == State.CLOSED]
    return {"owed": len(due), "done": len(done), "overdue": len(late)}


def _groups(organization: Organization) -> list[tuple[Organization, str, int]]:
    """Party groups with leader and number of members."""
    groups = organization.children.filter(kind=Kind.GROUP).order_by("position", "id")
    counts = dict(
        Member.objects.filter(organization=organization, group__isnull=False, active=True)
        .order_by()
        .values_list("group")
        .annotate(n=Count("*"))
    )
    leaders = {
        row.organization_id: row.person.name
        for row in Appointment.objects.filter(
            organization__in=groups.values("pk"), office=Office.GROUP_LEADER
        )
        .on(clock.today())
        .select_related("person")
    }
    return [(group, leaders.get(group.pk, ""), counts.get(group.pk, 0)) for group in groups]


def _cell(rows: list[Occurrence]) -> StripCell:
    """One month of one duty in a strip."""
    counted = [row for row in rows if row.state in (State.OPEN, State.CLOSED)]
    if not rows:
        return StripCell("", "", "")
    if not counted:
        return StripCell("na", "免办" if rows[0].state == State.WAIVED else "不适用", _url(rows[0]))
    done = [row for row in counted if row.state == State.CLOSED]
    late = [row for row in counted if row.state == State.OPEN and row.due_on < clock.today()]
    first = late[0] if late else counted[0]
    if len(counted) > 1:
        text = f"{len(done)}/{len(counted)}"
    elif done and done[0].closed_on:
        text = f"{done[0].closed_on.month}-{done[0].closed_on.day:02}"
    else:
        text = "未记录" if late else "未到期"
    return StripCell(_status(counted, done, late), text, _url(done[0] if done and not late else first))


def _status(counted: list[Any], done: list[Any], late: list[Any]) -> str:
    if late:
        return "bad"
    if len(done) == len(counted):
        return "ok"
    return "part" if done else "todo"


def _url(row: Occurrence) -> str:
    """The record that closed it, or the page of the occurrence."""
    return row.meeting.get_absolute_url() if row.meeting else row.get_absolute_url()


def _sum(months: list[list[Occurrence]]) -> str:
    rows = [row for month in months for row in month if row.state in (State.OPEN, State.CLOSED)]
    return f"{sum(row.state == State.CLOSED for row in rows)}/{len(rows)}"

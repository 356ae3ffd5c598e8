"""The to-do list of one organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from branches.models import Organization
from core import clock
from core.periods import Period
from core.queries import working_calendar
from core.workdays import Calendar
from meetings.choices import State as MeetingState
from meetings.models import Meeting
from supervision import rules
from supervision.choices import State
from supervision.models import Occurrence


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of a to-do list; ``draft`` and ``handed`` (waits to be filed) are keys of records begun."""

    occurrence: Occurrence
    group: str
    days_overdue: int
    certain: bool
    draft: int | None = None
    handed: int | None = None


@dataclass(slots=True)
class TodoList:
    """What one organisation (with its groups) owes today, in the order of urgency."""

    overdue: list[Todo] = field(default_factory=list)
    week: list[Todo] = field(default_factory=list)
    later: list[Todo] = field(default_factory=list)
    done: list[Occurrence] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        """How many are open."""
        return len(self.overdue) + len(self.week) + len(self.later)


def todo_list(organization: Organization, day: date | None = None) -> TodoList:
    """The list of ``organization`` on ``day``: open occurrences whose period has begun, and this period's done."""
    today = day or clock.today()
    calendar = working_calendar()
    result = TodoList()
    for row in _open_rows(organization, today):
        item = _todo(row, today, calendar)
        getattr(result, item.group).append(item)
    month = Period.containing("month", today)
    result.done = list(
        Occurrence.objects.filter(organization=organization, state=State.CLOSED)
        .filter(Q(due_on__gte=month.start, opens_on__lte=month.end))
        .select_related("duty", "holder", "meeting")
        .order_by("-closed_on")[:50]
    )
    return result


def _open_rows(organization: Organization, today: date) -> QuerySet[Occurrence]:
    return (
        Occurrence.objects.open()
        .filter(organization=organization, opens_on__lte=today)
        .select_related("duty", "holder")
        .annotate(draft=_begun(MeetingState.DRAFT), handed=_begun(MeetingState.SUBMITTED))
        .order_by("due_on", "duty__position", "holder__path")
    )


def _begun(state: MeetingState) -> Subquery:
    """The latest record in ``state`` that would close the occurrence."""
    rows = Meeting.objects.filter(
        Q(group__isnull=True) | Q(group=OuterRef("holder")),
        organization=OuterRef("organization"),
        kinds=OuterRef("duty__kind"),
        held_on__gte=OuterRef("opens_on"),
        held_on__lte=OuterRef("due_on"),
        state=state,
    )
    return Subquery(rows.order_by("-held_on", "-id").values("pk")[:1])


def _todo(row: Occurrence, today: date, calendar: Calendar) -> Todo:
    week_ends = today + timedelta(days=6 - today.weekday())
    return Todo(
        occurrence=row,
        group=rules.urgency(row.due_on, today, week_ends),
        days_overdue=rules.days_overdue(row.due_on, today, calendar),
        certain=calendar.certain_between(row.due_on, today) if today > row.due_on else True,
        draft=getattr(row, "draft", None),
        handed=getattr(row, "handed", None),
    )

"""Reads about duties: who owes what, what closes it, the to-do list, the matrix."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractMonth, Substr

from branches.choices import COMMITTEE_OFFICES, Kind
from branches.models import Appointment, Organization
from branches.queries import parameter, parameter_of_each
from branches.querysets import STEP, after
from core import clock, rollups
from core.periods import Period
from core.queries import working_calendar
from core.rollups import Lag
from core.workdays import Calendar
from meetings.choices import State as MeetingState
from meetings.models import Meeting
from members.models import Membership, Stay
from supervision import rules
from supervision.choices import Holder, State
from supervision.models import Duty, DutyMonth, Occurrence
from supervision.rules import HolderFacts, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User


def period_of(duty: Duty, day: date) -> Period:
    """The period of ``duty`` that contains ``day``, of the kind in force that day."""
    return Period.containing(parameter(duty.period_parameter, None, day).value, day)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who owes a duty in a period, and how often."""

    holder_id: int
    organization_id: int
    count: int


def holders(duty: Duty, period: Period, only: Organization | None = None) -> list[HolderRow]:
    """The organisations that owe ``duty`` in ``period``, decided by the facts of its first day."""
    day = period.start
    kind = Kind.GROUP if duty.holder == Holder.GROUP else _kind(duty.holder)
    candidates = Organization.objects.filter(kind=kind)
    if only is not None:
        candidates = candidates.filter(pk=only.pk)
    members = _members_on(day, duty.holder == Holder.GROUP, only)
    committees = _committees_on(day, only)
    owed = parameter_of_each(duty.count_parameter, day)
    rows = []
    for organization in candidates:
        facts = HolderFacts(
            kind=organization.kind,
            in_use_since=organization.duties_from,
            dissolved_on=organization.dissolved_on,
            members=members.get(organization.pk, 0),
            committee=committees.get(organization.pk, 0),
        )
        if not rules.owes(duty.holder, facts, day):
            rows.append(HolderRow(organization.pk, _home(organization), int(owed(organization).value)))
    return rows


def _kind(holder: str) -> Kind:
    return Kind.COMMITTEE if holder == Holder.COMMITTEE else Kind.BRANCH


def _home(organization: Organization) -> int:
    """The organisation whose secretary sees to it: a group's branch, otherwise itself."""
    if organization.kind == Kind.GROUP and organization.parent_id is not None:
        return organization.parent_id
    return organization.pk


def _members_on(day: date, by_group: bool, only: Organization | None) -> dict[int, int]:
    """Members by branch or group; who takes part in another branch counts there too (MT-14, BR-08)."""
    key = "group_id" if by_group else "organization_id"
    rows = Membership.objects.in_party_on(day).filter(**{f"{key}__isnull": False})
    counted = Counter(_per(rows, key, only))
    if not by_group:
        counted.update(_per(Stay.objects.on(day), key, only))
    return counted


def _per(rows: QuerySet[Any], key: str, only: Organization | None) -> dict[int, int]:
    """How many of ``rows`` there are by ``key``."""
    if only is not None:
        rows = rows.filter(**{key: only.pk})
    return dict(rows.order_by().values_list(key).annotate(n=Count("id")).values_list(key, "n"))


def _committees_on(day: date, only: Organization | None) -> dict[int, int]:
    """Members of committees by organisation; one person alone is a secretary, not a committee."""
    rows = Appointment.objects.filter(office__in=COMMITTEE_OFFICES).on(day)
    if only is not None:
        rows = rows.filter(organization=only)
    counted = rows.order_by().values("organization_id").annotate(n=Count("person_id", distinct=True))
    smallest = int(parameter("CM-02.least", None, day).value)
    return {row["organization_id"]: row["n"] for row in counted if row["n"] >= smallest}


def duties_closed_by(meeting: Meeting) -> list[Duty]:
    """The duties that the kinds of ``meeting`` can close."""
    kinds = list(meeting.kinds.values_list("code", flat=True))
    return list(Duty.objects.filter(active=True, kind__in=kinds).select_related("kind"))


def closing_meetings(duty: Duty, holder: Organization, period: Period) -> list[tuple[Meeting, date]]:
    """Filed meetings of the duty's kind held by ``holder`` in ``period``, with their days."""
    owner = Q(group=holder) if duty.holder == Holder.GROUP else Q(organization=holder)
    rows = (
        Meeting.objects.in_force()
        .between(period.start, period.end)
        .filter(owner, kinds=duty.kind_id)
        .order_by("held_on", "id")
    )
    return [(meeting, meeting.held_on) for meeting in rows]


# --- the to-do list -----------------------------------------------------------------------------


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


# --- the matrix -----------------------------------------------------------------------------------


@dataclass(slots=True)
class MatrixRow:
    """One organisation directly below the chosen one (or the chosen one itself), month by month."""

    organization: Organization
    cells: dict[int, Tally]
    has_children: bool = False

    @property
    def total(self) -> Tally:
        """The year so far."""
        return sum(self.cells.values(), Tally())

    @property
    def line(self) -> list[Tally]:
        """Twelve cells, January first."""
        return [self.cells.get(month, Tally()) for month in range(1, 13)]


def matrix(user: User, node: Organization, year: int, duty: str = "") -> list[MatrixRow]:
    """Direct subordinates of ``node`` with their subtrees' counts per month of ``year``.

    Read from the figures by month: the cost is that of the children, whatever is below them. ``duty``
    narrows to one duty. The node's own duties stand in a row of their own, counted from the facts.
    """
    children = list(_rows_below(user, node))
    counts = _counted(node, year, duty)
    parents = set(
        Organization.objects.filter(parent__in=children)
        .exclude(kind=Kind.GROUP)
        .order_by()
        .values_list("parent_id", flat=True)
    )
    result = [MatrixRow(child, counts.get(child.path, {}), child.pk in parents) for child in children]
    mine = Occurrence.objects.visible_to(user).filter(organization=node, due_on__year=year)
    if duty:
        mine = mine.filter(duty_id=duty)
    own = _grouped(mine, len(node.path)).get(node.path)
    return [MatrixRow(node, own), *result] if own else result


def _counted(node: Organization, year: int, duty: str) -> dict[str, dict[int, Tally]]:
    """The counts of each child of ``node`` by its path of today, and by month."""
    rows = DutyMonth.objects.filter(parent=node, month__gte=f"{year}-01", month__lte=f"{year}-12")
    if duty:
        rows = rows.filter(code=duty)
    summed = (
        rows.order_by()
        .values("organization__path", "month")
        .annotate(n_owed=Sum("owed"), n_done=Sum("done"), n_open=Sum("open"), n_waived=Sum("waived"))
    )
    today = clock.today()
    fell_due = _fell_due(node, duty, today) if year == today.year else {}
    result: dict[str, dict[int, Tally]] = defaultdict(dict)
    for path, key, owed, done, left, waived in summed.values_list(
        "organization__path", "month", "n_owed", "n_done", "n_open", "n_waived"
    ):
        month = int(key[-2:])
        over = (year, month) < (today.year, today.month)
        overdue = left if over else fell_due.get(path, 0) if (year, month) == (today.year, today.month) else 0
        result[path][month] = Tally(owed, done, overdue, waived)
    return result


def _fell_due(node: Organization, duty: str, today: date) -> dict[str, int]:
    """What fell due in the running month and is open, by the path of the child: a short list by its index."""
    rows = (
        Occurrence.objects.overdue_on(today)
        .filter(due_on__gte=today.replace(day=1))
        .filter(organization__in=Organization.objects.under(node.path).values("pk"))
    )
    if duty:
        rows = rows.filter(duty_id=duty)
    placed = rows.annotate(place=Substr("organization__path", 1, len(node.path) + STEP)).order_by()
    return dict(placed.values_list("place").annotate(n=Count("id")).values_list("place", "n"))


def behind_in(node: Organization, day: date, most: int) -> list[int]:
    """Organisations in the subtree of ``node`` with something overdue on ``day``, in the order of the tree.

    At most ``most``; as they were counted, so that a sealed month stays with those it was sealed for.
    """
    rows = DutyMonth.objects.filter(
        own_open__gt=0, month__lt=rollups.month_of(day), path__gte=node.path, path__lt=after(node.path)
    )
    found = rows.order_by("path", "organization").values_list("organization", "path").distinct()
    return [organization for organization, _ in found[:most]]


def lag_of(node: Organization) -> Lag | None:
    """How far the figures of ``node`` and those below it lag behind the facts."""
    return rollups.lag(Organization.objects.under(node.path).values("pk"))


def _rows_below(user: User, node: Organization) -> Iterable[Organization]:
    return (
        Organization.objects.visible_to(user)
        .filter(parent=node)
        .exclude(kind__in=[Kind.GROUP, Kind.YOUTH])
        .order_by("position", "id")
    )


def _grouped(rows: QuerySet[Occurrence], length: int) -> dict[str, dict[int, Tally]]:
    today = clock.today()
    grouped = (
        rows.annotate(place=Substr("organization__path", 1, length), month=ExtractMonth("due_on"))
        .order_by()
        .values("place", "month")
        .annotate(
            owed=Count("id", filter=Q(state__in=[State.OPEN, State.CLOSED])),
            closed=Count("id", filter=Q(state=State.CLOSED)),
            overdue=Count("id", filter=Q(state=State.OPEN, due_on__lt=today)),
            waived=Count("id", filter=Q(state=State.WAIVED)),
        )
        .values_list("place", "month", "owed", "closed", "overdue", "waived")
    )
    result: dict[str, dict[int, Tally]] = defaultdict(dict)
    for place, month, owed, closed, overdue, waived in grouped:
        result[place][month] = Tally(owed, closed, overdue, waived)
    return result


def year_strip(organization: Organization, year: int) -> list[tuple[Duty, list[list[Occurrence]]]]:
    """For each duty of one organisation the occurrences of each month of ``year`` (by last day)."""
    rows = (
        Occurrence.objects.filter(organization=organization, due_on__year=year)
        .select_related("duty", "holder", "meeting")
        .annotate(month=ExtractMonth("due_on"))
        .order_by("duty__position", "due_on", "holder__path", "number")
    )
    table: dict[str, list[list[Occurrence]]] = {}
    duties: dict[str, Duty] = {}
    for row in rows:
        duties[row.duty_id] = row.duty
        table.setdefault(row.duty_id, [[] for _ in range(12)])[row.due_on.month - 1].append(row)
    return [(duties[code], cells) for code, cells in table.items()]


def behind(user: User, node: Organization, year: int, month: int, duty: str = "") -> QuerySet[Occurrence]:
    """The rows behind one cell: occurrences of the subtree of ``node`` whose last day lies in the month."""
    rows = (
        Occurrence.objects.visible_to(user)
        .filter(organization__in=Organization.objects.under(node.path).values("pk"))
        .filter(due_on__year=year)
        .select_related("duty", "holder", "organization", "meeting")
        .order_by(F("state").desc(), "due_on", "organization__path", "duty__position")
    )
    if month:
        rows = rows.filter(due_on__month=month)
    return rows.filter(duty_id=duty) if duty else rows

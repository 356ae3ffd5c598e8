"""The matrix: organisations by month, read from the figures, and the rows behind a cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth, Substr

from branches.choices import Kind
from branches.models import Organization
from branches.querysets import STEP, after
from core import clock, rollups
from core.rollups import Lag
from supervision.choices import State
from supervision.models import Duty, DutyMonth, Occurrence
from supervision.rules import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User


@dataclass
class MatrixRow:
    """One organisation directly below the chosen one (or the chosen one itself), month by month."""

    organization: Organization
    cells: dict[int, Tally]
    has_children: bool = False

    @cached_property
    def total(self) -> Tally:
        """The whole year."""
        return self.until(12)

    def until(self, month: int) -> Tally:
        """January to ``month`` together; nothing for month 0."""
        return sum((cell for number, cell in self.cells.items() if number <= month), Tally())

    @cached_property
    def line(self) -> list[Tally]:
        """Twelve cells, January first."""
        return [self.cells.get(month, Tally()) for month in range(1, 13)]


def matrix(user: User, node: Organization, year: int, duty: str = "") -> list[MatrixRow]:
    """Direct subordinates of ``node`` with their subtrees' counts per month of ``year``.

    Read from the figures by month: the cost is that of the children, whatever is below them. ``duty``
    narrows to one duty. The node's own duties stand in a row of their own, counted from the facts.
    """
    counts = _counted(node, year, duty)
    result = [
        MatrixRow(child, counts.get(child.path, {}), child.has_children) for child in _rows_below(user, node)
    ]
    mine = Occurrence.objects.visible_to(user).filter(organization=node, due_on__year=year)
    if duty:
        mine = mine.filter(duty_id=duty)
    own = _grouped(mine, len(node.path)).get(node.path)
    return [MatrixRow(node, own), *result] if own else result


def added(rows: Iterable[MatrixRow]) -> dict[int, Tally]:
    """The cells of all ``rows`` together, by month."""
    cells: dict[int, Tally] = {}
    for row in rows:
        for month, cell in row.cells.items():
            cells[month] = cells[month] + cell if month in cells else cell
    return cells


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


def _rows_below(user: User, node: Organization) -> Iterable[Any]:
    """The organisations that have a line, each knowing whether there is something below it."""
    below = Organization.objects.filter(parent=OuterRef("pk")).exclude(kind=Kind.GROUP)
    return (
        Organization.objects.visible_to(user)
        .filter(parent=node)
        .exclude(kind__in=[Kind.GROUP, Kind.YOUTH])
        .annotate(has_children=Exists(below))
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

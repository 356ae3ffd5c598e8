"""Figures by organisation and month, kept beside the facts and never ahead of them.

A write leaves a mark in its own transaction (:func:`mark`). A worker (:func:`flush`, every few seconds)
counts the marked organisations again **from source**, then those above them from their children, and
takes the marks away in the same transaction. Marks are only ever added and each is deleted by its key:
with one row a month, a writer that found the mark of another could be overtaken by the worker, and its
fact would never be counted. One worker at a time; a second one finds nothing to do.

The ground does not know the tree: a room registers where organisations stand (:func:`tree`), and each
room its own table (:func:`register`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from core import clock
from core.bulk import CHUNK, insert_all
from core.models import DirtyMonth, Sequence
from core.periods import Period

if TYPE_CHECKING:
    from core.models import MonthFigures

BATCH = 2000
"""Marks worked in one transaction."""
STEPS = 40
"""More levels than a tree has; the climb ends in any case."""
LOCK = "rollups"


class Place(NamedTuple):
    """Where an organisation stands today; a longer path is further down."""

    parent: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Table:
    """One room's figures: ``count(month, ids)`` yields (organisation, code, *figures) from source.

    ``ids`` None means everybody. ``own`` names columns that keep a figure of the organisation alone.
    ``months`` tells which months the facts lie in.
    """

    model: type[MonthFigures]
    figures: tuple[str, ...]
    count: Callable[[Period, Collection[int] | None], Iterable[tuple[Any, ...]]]
    months: Callable[[], Iterable[date]]
    own: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> list[str]:
        """All columns with numbers, in the order of :meth:`line`."""
        return [*self.figures, *(column for column, _ in self.own)]

    def line(self, own: list[int], below: list[int]) -> list[int]:
        """The numbers of a row: own and below added, then those of the organisation alone."""
        alone = [own[self.figures.index(figure)] for _, figure in self.own]
        return [*(a + b for a, b in zip(own, below, strict=True)), *alone]


tables: list[Table] = []
_tree: list[Callable[[Collection[int]], dict[int, Place]]] = []


def register(table: Table) -> None:
    """Keep ``table`` up to date from now on."""
    if table not in tables:
        tables.append(table)


def tree(places: Callable[[Collection[int]], dict[int, Place]]) -> None:
    """Register the function that tells where organisations stand today."""
    _tree[:] = [places]


def month_of(day: date) -> str:
    """The key of the month of ``day``."""
    return f"{day:%Y-%m}"


def mark(organization_id: int, month: str) -> None:
    """Have the figures of ``organization_id`` in ``month`` counted again; in the transaction of the fact."""
    mark_all([(organization_id, month)])


def mark_all(pairs: Iterable[tuple[int, str]]) -> None:
    """:func:`mark` for many."""
    now = clock.now()
    rows = [DirtyMonth(organization_id=pk, month=month, marked_at=now) for pk, month in sorted(set(pairs))]
    if len(rows) > CHUNK:
        insert_all(rows)
    else:
        DirtyMonth.objects.bulk_create(rows)


def mark_moved(organizations: QuerySet[Any]) -> None:
    """Count the months again that are not sealed: the keys ``organizations`` stand elsewhere now."""
    pairs: set[tuple[int, str]] = set()
    for table in tables:
        rows = table.model._default_manager.filter(organization__in=organizations, sealed=False)
        pairs.update(rows.order_by().values_list("organization", "month").distinct())
    mark_all(pairs)


def seal(month: str, organizations: QuerySet[Any]) -> None:
    """``month`` was closed for these: the rows keep parent and path, whatever moves later."""
    for table in tables:
        rows = table.model._default_manager.filter(month=month, organization__in=organizations)
        rows.filter(sealed=False).update(sealed=True)


# --- the worker ---------------------------------------------------------------------------------


def flush() -> int:
    """Work one batch of marks; how many, 0 when there are none or another worker is at it."""
    if not DirtyMonth.objects.exists():  # mostly: then SQLite's only writer is not disturbed
        return 0
    with transaction.atomic():
        if not _held():
            return 0
        marks = list(DirtyMonth.objects.order_by("id").values_list("id", "organization_id", "month")[:BATCH])
        by_month: dict[str, set[int]] = defaultdict(set)
        for _, organization, month in marks:
            by_month[month].add(organization)
        for month in sorted(by_month):
            recompute(month, by_month[month])
        DirtyMonth.objects.filter(pk__in=[pk for pk, _, _ in marks]).delete()
    return len(marks)


def flush_all() -> int:
    """Work until no mark is left; how many."""
    total = 0
    while done := flush():
        total += done
    return total


def _held() -> bool:
    """Whether this transaction is the one worker; the lock ends with it."""
    Sequence.objects.get_or_create(name=LOCK)
    return Sequence.objects.select_for_update(skip_locked=True).filter(name=LOCK).first() is not None


def recompute(month: str, organizations: Collection[int]) -> None:
    """Count these again from source, then what stands above them, bottom-up; call under the lock."""
    waiting = set(organizations)
    for _ in range(STEPS):
        places = _tree[0](waiting)
        waiting &= places.keys()
        if not waiting:
            return
        deepest = max(len(places[pk].path) for pk in waiting)
        level = {pk for pk in waiting if len(places[pk].path) == deepest}
        waiting -= level
        for table in tables:
            waiting |= _write(table, month, level, places)


def _write(table: Table, month: str, level: set[int], places: dict[int, Place]) -> set[int]:
    """Bring the rows of ``level`` up to date; the organisations above those that changed."""
    rows = table.model._default_manager.filter(month=month, organization__in=level)
    stored = {(row.organization_id, row.code): row for row in rows}
    sealed = {row.organization_id: Place(row.parent_id, row.path) for row in stored.values() if row.sealed}
    fresh, above = [], set[int | None]()
    for key, numbers in _wanted(table, month, level).items():
        place = sealed.get(key[0], places[key[0]])
        values = dict(zip(table.columns, numbers, strict=True), parent_id=place.parent, path=place.path)
        row = stored.pop(key, None)
        if row is None:
            kept = {"organization_id": key[0], "code": key[1], "month": month, "sealed": key[0] in sealed}
            fresh.append(table.model(**kept, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            above.add(row.parent_id)
            table.model._default_manager.filter(pk=row.pk).update(**values)
        else:
            continue
        above.add(place.parent)
    table.model._default_manager.bulk_create(fresh, batch_size=2000)
    above |= {row.parent_id for row in stored.values()}
    rows.filter(pk__in=[row.pk for row in stored.values()]).delete()
    return {pk for pk in above if pk is not None}


def _wanted(table: Table, month: str, level: set[int]) -> dict[tuple[int, str], list[int]]:
    """The numbers of ``level``: its own from source, those below from the rows of its children."""
    none = [0] * len(table.figures)
    own = {(pk, code): list(n) for pk, code, *n in table.count(Period.parse(month), level)}
    sums = {f"sum_{name}": Sum(name) for name in table.figures}
    children = table.model._default_manager.filter(month=month, parent__in=level).order_by()
    summed = children.values("parent", "code").annotate(**sums).values_list("parent", "code", *sums)
    below = {(pk, code): list(n) for pk, code, *n in summed}
    lines = {key: table.line(own.get(key, none), below.get(key, none)) for key in own | below}
    return {key: line for key, line in lines.items() if any(line)}


# --- how far it is, and whether it is right -------------------------------------------------------


class Lag(NamedTuple):
    """Figures hold what was written before ``as_of``; so many organisations wait to be counted again."""

    as_of: datetime
    waiting: int

    @property
    def words(self) -> str:
        """For the page: ``统计截至 09:30，3 个单位待更新``; with the day when it was not today."""
        since = timezone.localtime(self.as_of)
        day = "" if since.date() == clock.today() else f"{since.month}月{since.day}日 "
        return f"统计截至 {day}{since:%H:%M}，{self.waiting} 个单位待更新"


def lag(organizations: QuerySet[Any] | None = None) -> Lag | None:
    """How far the figures (of the keys ``organizations``) lag behind; None when nothing waits."""
    marks = DirtyMonth.objects.all()
    if organizations is not None:
        marks = marks.filter(organization__in=organizations)
    found = marks.aggregate(since=Min("marked_at"), count=Count("organization", distinct=True))
    return Lag(found["since"], found["count"]) if found["count"] else None


class Difference(NamedTuple):
    """A row that does not hold what the facts say; empty lists where there is none."""

    table: str
    organization: int
    month: str
    code: str
    stored: list[int]
    counted: list[int]


def months() -> list[str]:
    """Every month that has facts or figures, oldest first."""
    found: set[str] = set()
    for table in tables:
        found.update(map(month_of, table.months()))
        found.update(table.model._default_manager.order_by().values_list("month", flat=True).distinct())
    return sorted(found)


def check(month: str) -> list[Difference]:
    """Count one month again from source alone, without the sums of children; put right what differs."""
    with transaction.atomic():
        if not _held():
            return []
        found = [each for table in tables for each in _differences(table, month)]
        if found:
            recompute(month, {each.organization for each in found})
    return found


def fill(month: str) -> int:
    """Write the figures of a month that has none yet, straight from source; how many rows."""
    made = 0
    with transaction.atomic():
        for table in tables if _held() else []:
            if table.model._default_manager.filter(month=month).exists():
                continue
            counted = _from_source(table, month, [])
            places = _tree[0]({pk for pk, _ in counted})
            rows = (
                table.model(
                    organization_id=pk,
                    code=code,
                    month=month,
                    parent_id=places[pk].parent,
                    path=places[pk].path,
                    **dict(zip(table.columns, line, strict=True)),
                )
                for (pk, code), line in sorted(counted.items())
            )
            made += len(table.model._default_manager.bulk_create(rows, batch_size=2000))
    return made


def _differences(table: Table, month: str) -> list[Difference]:
    rows = list(table.model._default_manager.filter(month=month))
    stored = {(row.organization_id, row.code): [getattr(row, n) for n in table.columns] for row in rows}
    counted = _from_source(table, month, rows)
    waiting = set(DirtyMonth.objects.filter(month=month).values_list("organization", flat=True))
    if waiting:  # written since; the next flush counts them and those above
        places = _tree[0](waiting)
        touched = {pk for pk, place in places.items() for pk in (pk, *_line(pk, places))}
        stored = {key: line for key, line in stored.items() if key[0] not in touched}
        counted = {key: line for key, line in counted.items() if key[0] not in touched}
    name = table.model._meta.label_lower
    return [
        Difference(name, key[0], month, key[1], stored.get(key, []), counted.get(key, []))
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key) != counted.get(key)
    ]


def _from_source(table: Table, month: str, rows: list[MonthFigures]) -> dict[tuple[int, str], list[int]]:
    """The numbers of everybody: each fact added to its organisation and to all above it."""
    own = {(pk, code): list(n) for pk, code, *n in table.count(Period.parse(month), None)}
    places = _tree[0]({pk for pk, _ in own} | {row.parent_id for row in rows if row.parent_id})
    places |= {row.organization_id: Place(row.parent_id, row.path) for row in rows if row.sealed}
    none = [0] * len(table.figures)
    below: dict[tuple[int, str], list[int]] = defaultdict(lambda: list(none))
    for (pk, code), numbers in own.items():
        for above in _line(pk, places):
            total = below[above, code]
            below[above, code] = [a + b for a, b in zip(total, numbers, strict=True)]
    lines = {key: table.line(own.get(key, none), below.get(key, none)) for key in own | below}
    return {key: line for key, line in lines.items() if any(line)}


def _line(pk: int, places: dict[int, Place]) -> list[int]:
    """Everybody above ``pk``, nearest first."""
    line: list[int] = []
    parent = places[pk].parent
    while parent is not None and parent not in line:
        line.append(parent)
        parent = places[parent].parent if parent in places else None
    return line

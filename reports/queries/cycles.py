"""Reads of the room: what a cycle counts, which committees issue, which cycles are due."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models.functions import Substr

from branches.choices import Kind, UnitLevel
from branches.models import Organization
from branches.queries import parameter
from branches.querysets import STEP
from core.periods import Period
from core.queries import working_calendar
from reports import rules
from reports.models import Cycle, Figure
from reports.rules import Count
from supervision.choices import State
from supervision.models import Duty, Occurrence

ISSUING_LEVELS = (UnitLevel.CORPS, UnitLevel.DETACHMENT)


def issuing_committees() -> list[Organization]:
    """Party committees that issue bulletins: those of 总队 and 支队."""
    return list(Organization.objects.current().filter(kind=Kind.COMMITTEE, level__in=ISSUING_LEVELS))


def freeze_day(organization: Organization, period: Period) -> date:
    """The day on which the figures of ``period`` are closed for ``organization``."""
    working_day = int(parameter("HS-01.freeze_working_day", organization, period.end).value)
    return rules.freeze_day(period, working_day, working_calendar())


def collect(organization: Organization, period: Period) -> list[Count]:
    """What was owed and done below ``organization`` in ``period``, by unit directly below and duty."""
    length = len(organization.path) + STEP
    rows = (
        Occurrence.objects.filter(
            organization__in=Organization.objects.under(organization.path).values("pk"),
            due_on__gte=period.start,
            due_on__lte=period.end,
        )
        .annotate(place=Substr("organization__path", 1, length))
        .order_by("id")
        .values_list("place", "duty_id", "state", "recorded_late", "id")
    )
    cells: dict[tuple[str, str], list[tuple[str, bool, int]]] = defaultdict(list)
    for place, duty, state, recorded_late, pk in rows:
        cells[place, duty].append((state, recorded_late, pk))
    return _counts(organization, cells)


def _counts(
    organization: Organization, cells: dict[tuple[str, str], list[tuple[str, bool, int]]]
) -> list[Count]:
    units = {unit.path: unit for unit in [organization, *organization.children.order_by("position", "id")]}
    duties = list(Duty.objects.order_by("position"))
    return [
        _count(unit, duty, cells[path, duty.pk])
        for path, unit in units.items()
        for duty in duties
        if (path, duty.pk) in cells
    ]


def _count(unit: Organization, duty: Duty, rows: list[tuple[str, bool, int]]) -> Count:
    owed = [row for row in rows if row[0] in (State.OPEN, State.CLOSED)]
    done = [row for row in owed if row[0] == State.CLOSED]
    return Count(
        organization=unit.pk,
        name=unit.short_name,
        duty=duty.pk,
        title=duty.title,
        owed=len(owed),
        done=len(done),
        late=len(owed) - len(done),
        waived=sum(row[0] == State.WAIVED for row in rows),
        recorded_late=sum(row[1] for row in done),
        rows=tuple(row[2] for row in rows),
    )


def frozen(cycle: Cycle) -> list[Count]:
    """The figures of a frozen cycle as counts."""
    titles = dict(Duty.objects.values_list("code", "title"))
    return [
        Count(
            organization=figure.organization_id,
            name=figure.organization.short_name,
            duty=figure.code,
            title=titles.get(figure.code, figure.code),
            owed=figure.owed,
            done=figure.done,
            late=figure.late,
            waived=figure.waived,
            recorded_late=figure.recorded_late,
            rows=tuple(figure.rows),
        )
        for figure in figures(cycle)
    ]


def figures(cycle: Cycle) -> list[Figure]:
    """The frozen numbers of ``cycle`` in the order of the establishment."""
    return list(
        Figure.objects.filter(cycle=cycle).select_related("organization").order_by("organization__path", "id")
    )


def counts_before(cycle: Cycle) -> list[Count]:
    """The frozen counts of the period before, empty when there was none."""
    last = Cycle.objects.filter(
        kind=cycle.kind,
        organization=cycle.organization,
        period=Period.parse(cycle.period).previous().key,
    ).first()
    return frozen(last) if last else []


def now_and_then(cycle: Cycle) -> list[tuple[Figure, Count | None]]:
    """Each frozen number beside what the same question counts today (封账时 / 现在)."""
    today = {
        (count.organization, count.duty): count
        for count in collect(cycle.organization, Period.parse(cycle.period))
    }
    return [(f, today.get((f.organization_id, f.code))) for f in figures(cycle)]

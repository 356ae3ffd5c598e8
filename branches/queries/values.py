"""The value of a parameter in force for an organisation: its own, one from above, or the common one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Concat

from branches.models import LocalValue, Organization
from core import clock
from regulations import queries as regulations
from regulations.choices import Force
from regulations.models import Clause
from regulations.models import Parameter as Row
from regulations.rules import Book, Parameter


def parameter(code: str, organization: Organization | None, on: date | None = None) -> Parameter:
    """The value of ``code`` in force for ``organization`` on ``on`` (default today).

    The value set nearest above prevails over the common one; ``KeyError`` for an unknown code.
    """
    day = on or clock.today()
    common = regulations.parameter(code, day)
    if organization is None:
        return common
    values = list(_in_force(organization, day).filter(code=code).values_list("value", flat=True))
    if not values:
        return common
    return Parameter(common.code, values[-1], common.unit, common.comparator)


def book(organization: Organization, on: date | None = None) -> Book:
    """The common book with the local values that hold for ``organization`` on ``on`` (default today).

    One query beside the common book, which is itself the answer where no local value holds.
    """
    rows = _in_force(organization, on or clock.today()).values_list("code", "value")
    return regulations.book().overlaid(dict(rows))


def _in_force(organization: Organization, day: date) -> QuerySet[LocalValue]:
    """The local values of the line to ``organization`` on ``day``: of one code the last one prevails."""
    line = [*organization.ancestor_ids, organization.pk]
    rows = LocalValue.objects.filter(organization__in=line, since__lte=day).exclude(until__lt=day)
    return rows.order_by("organization__path", "since")


def parameters_on(day: date) -> QuerySet[Row]:
    """The common values in force on ``day``, with their clauses, in the order of the rules."""
    clauses = Clause.objects.standing(Force.NOW, day)
    begun, not_over = Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day)
    rows = Row.objects.filter(begun, not_over, clause__in=clauses.values("pk"))
    return rows.select_related("clause").annotate(
        key=Concat("clause__rule", Value("."), "name", output_field=CharField())
    )


def local_values(organization: Organization, day: date) -> dict[str, LocalValue]:
    """The local value that holds for ``organization`` on ``day`` by code: the one set nearest above."""
    rows = _in_force(organization, day).select_related("organization")
    return {row.code: row for row in rows}


def with_value(row: Row, value: object) -> Row:
    """The parameter ``row`` as it would read with ``value``; not saved."""
    return Row(
        clause=row.clause,
        name=row.name,
        label=row.label,
        unit=row.unit,
        comparator=row.comparator,
        value=value,
    )


def parameter_of_each(code: str, day: date) -> Callable[[Organization], Parameter]:
    """``parameter(code, organization, day)`` for many organisations: one query for all local values."""
    common = regulations.parameter(code, day)
    rows = LocalValue.objects.filter(code=code, since__lte=day).exclude(until__lt=day).order_by("since")
    values = dict(rows.values_list("organization_id", "value"))

    def of(organization: Organization) -> Parameter:
        if not values:
            return common
        for place in (organization.pk, *reversed(organization.ancestor_ids)):
            if place in values:
                return Parameter(common.code, values[place], common.unit, common.comparator)
        return common

    return of

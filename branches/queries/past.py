"""The tree as it was on a day: by placements, and only what is in sight today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.models import Organization, Placement
from branches.queries.tree import MOST_CHILDREN

if TYPE_CHECKING:
    from accounts.models import User


def placed(user: User, day: date) -> QuerySet[Placement]:
    """Where the organisations that ``user`` sees today stood on ``day``."""
    then = Placement.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))
    return then.filter(organization__in=Organization.objects.visible_to(user).values("pk"))


def nodes_on(user: User, day: date, places: QuerySet[Placement]) -> list[Organization]:
    """The organisations of ``places`` as nodes, with ``kids`` as of ``day``."""
    below = (
        placed(user, day)
        .filter(parent=OuterRef("pk"))
        .order_by()
        .values("parent")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = Organization.objects.filter(pk__in=places.order_by().values("organization"))
    rows = rows.annotate(kids=Coalesce(Subquery(below), 0)).order_by("position", "pk")
    return list(rows[:MOST_CHILDREN])


def tops_on(user: User, day: date) -> list[Organization]:
    """Those whose superior of ``day`` is not in sight today."""
    seen = Organization.objects.visible_to(user).values("pk")
    highest = Q(parent__isnull=True) | ~Q(parent__in=seen)
    return sorted(nodes_on(user, day, placed(user, day).filter(highest)), key=lambda node: node.path)


def children_on(user: User, day: date, organization: Organization) -> list[Organization]:
    """What stood directly below ``organization`` on ``day``, as far as ``user`` sees it today."""
    return nodes_on(user, day, placed(user, day).filter(parent=organization))


def line_on(user: User, organization: Organization, day: date) -> set[int]:
    """The ids from the top down to ``organization`` on ``day``: one query a level."""
    line: set[int] = set()
    pk: int | None = organization.pk
    while pk is not None and pk not in line:
        line.add(pk)
        pk = placed(user, day).filter(organization=pk).values_list("parent", flat=True).first()
    return line

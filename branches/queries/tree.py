"""The tree page: one level at a time, and what a move takes along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.choices import Kind
from branches.models import Organization
from branches.querysets import sight_paths

if TYPE_CHECKING:
    from accounts.models import User

MOST_CHILDREN = 300
"""Children shown below one node; more are found by searching."""
MOST_FOUND = 50


def nodes(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Organisations as nodes of the tree: with ``kids``, the number of children that exist today."""
    below = (
        Organization.objects.current()
        .filter(parent=OuterRef("pk"))
        .order_by()
        .values("parent")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return rows.annotate(kids=Coalesce(Subquery(below), 0))


def tops(user: User) -> list[Organization]:
    """The highest organisations that ``user`` sees today."""
    rows = Organization.objects.current()
    paths = sight_paths(user)
    return list(nodes(rows.filter(path__in=paths)).order_by("path"))


def children_of(organization: Organization) -> list[Organization]:
    """The direct children that exist today, in the order of the establishment; never the subtree."""
    rows = nodes(organization.children.current()).order_by("position", "pk")
    return list(rows[:MOST_CHILDREN])


def line_to(organization: Organization) -> set[int]:
    """The ids from the root down to ``organization``, itself included, as of today."""
    return {*organization.ancestor_ids, organization.pk}


def opened(
    top: list[Organization],
    line: set[int],
    below: Callable[[Organization], list[Organization]] = children_of,
) -> list[Organization]:
    """``top`` with ``below`` filled for every node of ``line``: one query a level."""
    level = top
    while on_line := next((node for node in level if node.pk in line), None):
        level = below(on_line) if on_line.kids else []  # type: ignore[attr-defined]  # annotated
        on_line.below = level  # type: ignore[attr-defined]  # for the template
    return top


def found_by(user: User, text: str) -> list[Organization]:
    """Organisations in sight by name or pinyin, each with ``above``: the names from its top down."""
    rows = Organization.objects.visible_to(user).named(text[:MOST_FOUND]).order_by("path")
    found = list(rows[:MOST_FOUND])
    names = names_above(user, found)
    for row in found:
        row.above = " › ".join(names[pk] for pk in row.ancestor_ids if pk in names)  # type: ignore[attr-defined]  # for the template
    return found


def names_above(user: User, rows: list[Organization]) -> dict[int, str]:
    """The short names of everything above ``rows`` that ``user`` sees, by id."""
    ids = {pk for row in rows for pk in row.ancestor_ids}
    seen = Organization.objects.visible_to(user).filter(pk__in=ids)
    return dict(seen.values_list("pk", "short_name"))


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves, from under which line to under which, and how many of each kind."""

    old: str
    new: str
    total: int
    kinds: list[tuple[str, int]]


def moving(user: User, organization: Organization, parent: Organization) -> Moving:
    """The move of ``organization`` under ``parent``; lines begin at the top of the user's sight."""
    rows = Organization.objects.under(organization.path).current().order_by()
    counts = dict(rows.values_list("kind").annotate(count=Count("pk")))
    names = names_above(user, [organization, parent]) | {parent.pk: parent.short_name}
    return Moving(
        old=" › ".join(names[pk] for pk in organization.ancestor_ids if pk in names),
        new=" › ".join(names[pk] for pk in [*parent.ancestor_ids, parent.pk] if pk in names),
        total=sum(counts.values()),
        kinds=[(kind.label, counts[kind.value]) for kind in Kind if kind.value in counts],
    )

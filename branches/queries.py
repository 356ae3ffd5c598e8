"""Reads about organisations and posts: who the viewer is, committees, values in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from branches.choices import (
    COMMITTEE_OFFICES,
    DISCIPLINE_OFFICES,
    POLITICAL_OFFICES,
    RECORDING_OFFICES,
    Kind,
    Office,
)
from branches.models import Appointment, LocalValue, Organization
from branches.querysets import sight_paths
from core import clock
from core.actor import Actor
from regulations import queries as regulations
from regulations.rules import Parameter

if TYPE_CHECKING:
    from accounts.models import User

POST_KEY = "post"
"""Session key of the post chosen in the header."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a signed-in user is today: the posts held, and the one acted for."""

    user: User
    appointments: tuple[Appointment, ...] = ()
    chosen: Appointment | None = None

    @property
    def post(self) -> str:
        """The post acted for, in words."""
        return label(self.chosen) if self.chosen else ""

    @property
    def posts(self) -> list[tuple[int, str]]:
        """All posts held, for the chooser in the header."""
        return [(a.pk, label(a)) for a in self.appointments]

    @property
    def unit(self) -> str:
        """The name of the organisation acted for."""
        return self.chosen.organization.name if self.chosen else ""

    @property
    def organization(self) -> Organization | None:
        """The organisation acted for."""
        return self.chosen.organization if self.chosen else None

    @property
    def organization_id(self) -> int | None:
        """Its id."""
        return self.chosen.organization_id if self.chosen else None

    def _holds(self, offices: tuple[Office, ...], kinds: tuple[Kind, ...] = tuple(Kind)) -> bool:
        chosen = self.chosen
        return (
            chosen is not None
            and chosen.office in offices
            and chosen.organization.kind in kinds
        )

    @property
    def is_branch(self) -> bool:
        """Whether the post is one of a branch or group that logs meetings."""
        return self._holds(
            RECORDING_OFFICES, (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.GROUP)
        )

    @property
    def is_department(self) -> bool:
        """Whether the post is in a political department."""
        return self._holds(POLITICAL_OFFICES)

    @property
    def is_discipline(self) -> bool:
        """Whether the post is in a discipline body."""
        return self._holds(DISCIPLINE_OFFICES)

    @property
    def is_leader(self) -> bool:
        """Whether the post is on a party committee (党委)."""
        return self._holds(COMMITTEE_OFFICES, (Kind.COMMITTEE,))

    @property
    def is_member(self) -> bool:
        """Whether the user is a person of the register without any post."""
        return self.user.person_id is not None and not self.appointments

    @property
    def is_sysadmin(self) -> bool:
        """系统管理员."""
        return self.user.admin_role == "sysadmin"

    @property
    def is_secadmin(self) -> bool:
        """安全管理员."""
        return self.user.admin_role == "secadmin"

    @property
    def is_auditadmin(self) -> bool:
        """审计管理员."""
        return self.user.admin_role == "auditadmin"


def label(appointment: Appointment) -> str:
    """``滨河站党支部书记``."""
    return f"{appointment.organization.short_name}{appointment.get_office_display()}"


def viewer_of(request: HttpRequest) -> Viewer | None:
    """The viewer behind a request, None when nobody is signed in."""
    if not request.user.is_authenticated:
        return None
    return viewer(request.user, request.session.get(POST_KEY))


def viewer(user: User, post_id: int | None = None) -> Viewer:
    """The viewer for ``user`` acting for the post ``post_id`` (default: the highest one held)."""
    posts = tuple(
        Appointment.objects.of(user)
        .select_related("organization")
        .order_by("organization__path", "id")
    )
    chosen = next((a for a in posts if a.pk == post_id), posts[0] if posts else None)
    return Viewer(user, posts, chosen)


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor behind a request, None when nobody is signed in."""
    seen = viewer_of(request)
    if seen is None:
        return None
    return Actor(
        user=seen.user,
        post_id=seen.chosen.pk if seen.chosen else None,
        post=seen.post,
        request_id=getattr(request, "request_id", ""),
        ip=request.META.get("REMOTE_ADDR", ""),
    )


def actor_for(user: User) -> Actor:
    """The actor for ``user`` acting for the highest post held: API tokens, commands, demo."""
    seen = viewer(user)
    return Actor(user=user, post_id=seen.chosen.pk if seen.chosen else None, post=seen.post)


def holds(user: User | None, organization: Organization, offices: tuple[Office, ...]) -> bool:
    """Whether ``user`` holds one of ``offices`` in ``organization`` itself today."""
    if user is None or user.admin_role or user.person_id is None:
        return False
    return Appointment.objects.of(user).filter(
        organization=organization, office__in=offices
    ).exists()


def holds_above(user: User | None, organization: Organization, offices: tuple[Office, ...]) -> bool:
    """Whether ``user`` holds one of ``offices`` in ``organization`` or in one above it today."""
    if user is None or user.admin_role or user.person_id is None:
        return False
    line = [*organization.ancestor_ids, organization.pk]
    return Appointment.objects.of(user).filter(
        organization__in=line, office__in=offices
    ).exists()


def committee_on(organization: Organization, day: date) -> list[Appointment]:
    """The members of the committee on ``day``, secretary first."""
    order = {office: number for number, office in enumerate(COMMITTEE_OFFICES)}
    rows = (
        Appointment.objects.filter(organization=organization, office__in=COMMITTEE_OFFICES)
        .on(day)
        .select_related("person")
    )
    return sorted(rows, key=lambda a: (order[Office(a.office)], a.pk))


def secretary_on(organization: Organization, day: date) -> Appointment | None:
    """The secretary on ``day``, if there is one."""
    return next((a for a in committee_on(organization, day) if a.office == Office.SECRETARY), None)


def parameter(code: str, organization: Organization | None, on: date | None = None) -> Parameter:
    """The value of ``code`` in force for ``organization`` on ``on`` (default today).

    The value set nearest above prevails over the common one; ``KeyError`` for an unknown code.
    """
    day = on or clock.today()
    common = regulations.parameter(code, day)
    if organization is None:
        return common
    line = [*organization.ancestor_ids, organization.pk]
    rows = (
        LocalValue.objects.filter(code=code, organization__in=line, since__lte=day)
        .exclude(until__lt=day)
        .order_by("organization__path", "since")
        .values_list("value", flat=True)
    )
    values = list(rows)
    if not values:
        return common
    return Parameter(common.code, values[-1], common.unit, common.comparator)


# --- the tree page ------------------------------------------------------------------

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


def opened(top: list[Organization], target: Organization | None) -> list[Organization]:
    """``top`` with ``below`` filled along the line down to ``target``: one query a level."""
    level = top
    line = {*target.ancestor_ids, target.pk} if target else set()
    while on_line := next((node for node in level if node.pk in line), None):
        level = children_of(on_line) if on_line.kids else []  # type: ignore[attr-defined]  # annotated
        on_line.below = level  # type: ignore[attr-defined]  # for the template
    return top


def found_by(user: User, text: str) -> list[Organization]:
    """Organisations in sight by name or pinyin, each with ``above``: the names from its top down."""
    rows = Organization.objects.visible_to(user).named(text[:MOST_FOUND]).order_by("path")
    found = list(rows[:MOST_FOUND])
    ids = {pk for row in found for pk in row.ancestor_ids}
    seen = Organization.objects.visible_to(user).filter(pk__in=ids)
    names = dict(seen.values_list("pk", "short_name"))
    for row in found:
        row.above = " › ".join(names[pk] for pk in row.ancestor_ids if pk in names)  # type: ignore[attr-defined]  # for the template
    return found


def posts_of(organization: Organization) -> list[Appointment]:
    """All posts ever held in ``organization``, those held now first (``now``), newest first."""
    rows = list(organization.appointments.select_related("person").order_by("-since", "-pk"))
    today = clock.today()
    for row in rows:
        row.now = row.until is None or row.until > today  # type: ignore[attr-defined]  # for the template
    return sorted(rows, key=lambda row: not row.now)  # type: ignore[attr-defined]  # set above

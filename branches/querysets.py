"""Who sees which organisation: the subtrees of the posts held today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q, QuerySet

from core import clock
from core.querysets import InScope

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Appointment, Organization

STEP = 7
"""Digits of one step of a path; ids stay below ten million."""


def step(pk: int) -> str:
    """One step of a path: the id in digits, so that every collation sorts it alike."""
    return f"{pk:0{STEP}d}"


def after(path: str) -> str:
    """The first path behind the subtree of ``path`` (an exclusive upper bound)."""
    return path[:-STEP] + step(int(path[-STEP:]) + 1)


class OrganizationQuerySet(QuerySet["Organization"]):
    """Organisations as a tree."""

    def under(self, path: str) -> Self:
        """The subtree of the organisation with ``path``, itself included."""
        return self.filter(path__gte=path, path__lt=after(path))

    def current(self) -> Self:
        """Organisations that are not dissolved today."""
        return self.filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=clock.today()))

    def visible_to(self, user: User) -> Self:
        """Organisations in the subtrees of the user's current posts, and own branch of a plain member."""
        paths = sight_paths(user)
        if paths == [""]:
            return self
        scope = Q(pk__in=[])
        for path in paths:
            scope |= Q(path__gte=path, path__lt=after(path))
        return self.filter(scope)

    def named(self, text: str) -> Self:
        """Organisations found by name, short name, code, pinyin or initials."""
        text = text.strip()
        if not text:
            return self
        low = text.lower().replace(" ", "")
        return self.filter(
            Q(name__contains=text)
            | Q(short_name__contains=text)
            | Q(code__istartswith=text)
            | Q(pinyin__contains=low)
            | Q(initials__contains=low)
        )


class AppointmentQuerySet(InScope["Appointment"]):
    """Dated posts."""

    def on(self, day: date) -> Self:
        """Posts held on ``day`` (first day included, the day of leaving not)."""
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))

    def of(self, user: User) -> Self:
        """Posts held today by the person behind ``user``; administrators hold none."""
        if user.person_id is None or user.admin_role:
            return self.none()
        return self.filter(person_id=user.person_id).on(clock.today())


KEPT = "_posts_today"


def keep_posts(user: User) -> None:
    """From here on ``user`` (the instance of one web request) is asked for its posts only once."""
    setattr(user, KEPT, {})


def posts_today(user: User) -> list[Appointment]:
    """The posts held today with their organisations, the highest first."""
    kept: dict[date, list[Appointment]] | None = getattr(user, KEPT, None)
    day = clock.today()
    if kept is not None and day in kept:
        return kept[day]
    rows = AppointmentQuerySet(apps.get_model("branches", "Appointment")).of(user)
    posts = list(rows.select_related("organization").order_by("organization__path", "id"))
    if kept is not None:
        kept[day] = posts
    return posts


def sight_paths(user: User) -> list[str]:
    """The paths of the subtrees that ``user`` sees; ``[""]`` would be the whole tree, [] nothing."""
    paths: list[str] = []
    for path in sorted({post.organization.path for post in posts_today(user)}):
        if not paths or not path.startswith(paths[-1]):
            paths.append(path)
    return paths


def sight(user: User) -> QuerySet[Organization] | None:
    """The organisations that ``user`` sees (``settings.SIGHT``); None means all of them (root post)."""
    paths = sight_paths(user)
    if len(paths) == 1 and len(paths[0]) == STEP and _is_only_root(paths[0]):
        return None
    return _organizations().visible_to(user)


def _is_only_root(path: str) -> bool:
    """Whether ``path`` is the root of the only tree: then no filter is needed."""
    return not _organizations().filter(parent__isnull=True).exclude(path=path).exists()


def _organizations() -> OrganizationQuerySet:
    """All organisations; by name, because the query sets lie below the models."""
    return OrganizationQuerySet(apps.get_model("branches", "Organization"))

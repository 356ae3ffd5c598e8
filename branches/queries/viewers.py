"""Who the viewer is: the posts held today, and the one acted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from branches.choices import (
    COMMITTEE_OFFICES,
    DISCIPLINE_OFFICES,
    POLITICAL_OFFICES,
    RECORDING_OFFICES,
    Kind,
    Office,
)
from branches.models import Appointment, Organization
from branches.querysets import posts_today
from core import clock
from core.actor import Actor
from regulations.queries import parameter

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
        return chosen is not None and chosen.office in offices and chosen.organization.kind in kinds

    @property
    def is_branch(self) -> bool:
        """Whether the post is one of a branch or group that logs meetings."""
        return self._holds(RECORDING_OFFICES, (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.GROUP))

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
    def asks_second_factor(self) -> bool:
        """Whether the administrator role or one of today's posts must have a second factor (AC-01)."""
        if not settings.SECOND_FACTOR:
            return False
        named = parameter("AC-01.second_factor", clock.today())
        held = {self.user.admin_role, *(a.office for a in self.appointments)} - {""}
        return any(named.lists(each) for each in held)

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
    posts = tuple(posts_today(user))
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


def actor_for(user: User, request: HttpRequest | None = None) -> Actor:
    """The actor for ``user`` acting for the highest post held: API tokens, commands, demo.

    ``request`` ties what is done through the API to its number and address.
    """
    seen = viewer(user)
    return Actor(
        user=user,
        post_id=seen.chosen.pk if seen.chosen else None,
        post=seen.post,
        request_id=getattr(request, "request_id", ""),
        ip=request.META.get("REMOTE_ADDR", "") if request else "",
    )


def asks_second_factor(user: User) -> bool:
    """Whether ``user`` must have a second factor today; the room of accounts asks it by a setting."""
    return viewer(user).asks_second_factor

"""The page of a person, and the search over persons, meetings, organisations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from branches.models import Appointment, Organization
from core import clock, text
from core.periods import Period
from meetings.choices import Presence, State
from meetings.models import Attendance, Meeting
from members.models import Exemption, Member, Membership, Standing, Stay
from members.queries import stays_of

if TYPE_CHECKING:
    from accounts.models import User
    from regulations.rules import Finding


@dataclass(slots=True)
class PersonPage:
    """What the portal knows of one member, derived from facts of several rooms."""

    member: Member
    posts: list[Appointment]
    memberships: list[Membership]
    standings: list[Standing]
    exemptions: list[Exemption]
    stays: list[tuple[Stay, str, str, list[Finding]]]
    private: bool
    """Whether the viewer may read why the member is not counted as due: it may tell of an illness."""
    keeps: bool
    """Whether the viewer may complete and end that."""
    due: int
    present: int
    excused: int
    absent: int
    recent: list[Attendance]


def person_page(member: Member, *, private: bool, keeps: bool) -> PersonPage:
    """Read the page of a member (already known to be in sight): a fixed number of queries."""
    year = Period.containing("year", clock.today())
    roll = Attendance.objects.filter(
        person=member.person_id,
        meeting__state=State.FILED,
        meeting__replaced_by__isnull=True,
    ).exclude(role="observer")
    counted = roll.filter(meeting__held_on__gte=year.start, meeting__held_on__lte=year.end).aggregate(
        due=Count("id"),
        present=Count("id", filter=Q(presence=Presence.PRESENT)),
        excused=Count("id", filter=Q(presence=Presence.EXCUSED)),
        absent=Count("id", filter=Q(presence=Presence.ABSENT)),
    )
    return PersonPage(
        member=member,
        posts=list(
            Appointment.objects.filter(person=member.person_id)
            .select_related("organization")
            .order_by("-since")
        ),
        memberships=list(
            Membership.objects.filter(person=member.person_id)
            .select_related("organization", "group")
            .order_by("-since")
        ),
        standings=list(Standing.objects.filter(person=member.person_id).order_by("-since")),
        exemptions=list(
            Exemption.objects.filter(person=member.person_id)
            .real()
            .select_related("organization")
            .order_by("-since")
        ),
        stays=stays_of(member),
        private=private,
        keeps=keeps,
        recent=list(
            roll.select_related("meeting", "meeting__organization").order_by("-meeting__held_on")[:12]
        ),
        **counted,
    )


@dataclass(slots=True)
class Found:
    """What a search found, in the user's sight."""

    organizations: list[Organization] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether all three lists are empty."""
        return not (self.organizations or self.members or self.meetings)


def search(user: User, words: str) -> Found:
    """Organisations, members and meetings that match ``words``; at most 20 of each."""
    words = words.strip()[:50]
    if not words:
        return Found()
    meetings = Meeting.objects.visible_to(user).filter(replaced_by__isnull=True)
    return Found(
        list(Organization.objects.visible_to(user).named(words).order_by("path")[:20]),
        list(
            Member.objects.visible_to(user)
            .named(words)
            .select_related("person", "organization")
            .order_by("person__pinyin")[:20]
        ),
        list(text.match(meetings, "search", words).select_related("organization").order_by("-held_on")[:20]),
    )

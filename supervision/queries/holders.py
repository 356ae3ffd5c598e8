"""Who owes what in which period, and what closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q

from branches.choices import COMMITTEE_OFFICES, Kind
from branches.models import Appointment, Organization
from branches.queries import parameter, parameter_of_each
from core.periods import Period
from meetings.models import Meeting
from members.models import Membership
from supervision import rules
from supervision.choices import Holder
from supervision.models import Duty
from supervision.rules import HolderFacts


def period_of(duty: Duty, day: date) -> Period:
    """The period of ``duty`` that contains ``day``, of the kind in force that day."""
    return Period.containing(parameter(duty.period_parameter, None, day).value, day)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who owes a duty in a period, and how often."""

    holder_id: int
    organization_id: int
    count: int


FOR_DUTIES = ("kind", "parent", "path", "duties_from", "dissolved_on")
"""The columns of an organisation that decide what it owes."""


class Keys(NamedTuple):
    """Organisations by their keys, both ends included: a portion of all, or one alone."""

    first: int
    last: int

    def of(self, field: str) -> Q:
        """The condition that the organisation ``field`` is one of them."""
        return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})


def portions(size: int) -> list[Keys]:
    """All organisations in portions of at most ``size``, in the order of their keys."""
    keys = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    return [Keys(part[0], part[-1]) for part in (keys[n : n + size] for n in range(0, len(keys), size))]


def holders(duty: Duty, period: Period, among: Keys | None = None) -> list[HolderRow]:
    """The organisations (of ``among``) that owe ``duty`` in ``period``, by the facts of its first day."""
    day = period.start
    kind = Kind.GROUP if duty.holder == Holder.GROUP else _kind(duty.holder)
    candidates = Organization.objects.filter(kind=kind).only(*FOR_DUTIES)
    if among is not None:
        candidates = candidates.filter(among.of("pk"))
    members = _members_on(day, duty.holder == Holder.GROUP, among)
    committees = _committees_on(day, among)
    owed = parameter_of_each(duty.count_parameter, day)
    rows = []
    for organization in candidates:
        facts = HolderFacts(
            kind=organization.kind,
            in_use_since=organization.duties_from,
            dissolved_on=organization.dissolved_on,
            members=members.get(organization.pk, 0),
            committee=committees.get(organization.pk, 0),
        )
        if not rules.owes(duty.holder, facts, day):
            rows.append(HolderRow(organization.pk, _home(organization), int(owed(organization).value)))
    return rows


def _kind(holder: str) -> Kind:
    return Kind.COMMITTEE if holder == Holder.COMMITTEE else Kind.BRANCH


def _home(organization: Organization) -> int:
    """The organisation whose secretary sees to it: a group's branch, otherwise itself."""
    if organization.kind == Kind.GROUP and organization.parent_id is not None:
        return organization.parent_id
    return organization.pk


def _members_on(day: date, by_group: bool, among: Keys | None) -> dict[int, int]:
    key = "group_id" if by_group else "organization_id"
    rows = Membership.objects.in_party_on(day)
    if among is not None:
        rows = rows.filter(among.of(key))
    return dict(
        rows.filter(**{f"{key}__isnull": False})
        .order_by()
        .values_list(key)
        .annotate(n=Count("id"))
        .values_list(key, "n")
    )


def _committees_on(day: date, among: Keys | None) -> dict[int, int]:
    """Members of committees by organisation; one person alone is a secretary, not a committee."""
    rows = Appointment.objects.filter(office__in=COMMITTEE_OFFICES).on(day)
    if among is not None:
        rows = rows.filter(among.of("organization"))
    counted = rows.order_by().values("organization_id").annotate(n=Count("person_id", distinct=True))
    smallest = int(parameter("CM-02.least", None, day).value)
    return {row["organization_id"]: row["n"] for row in counted if row["n"] >= smallest}


def duties_closed_by(meeting: Meeting) -> list[Duty]:
    """The duties that the kinds of ``meeting`` can close."""
    kinds = list(meeting.kinds.values_list("code", flat=True))
    return list(Duty.objects.filter(active=True, kind__in=kinds).select_related("kind"))


def closing_meetings(duty: Duty, holder: Organization, period: Period) -> list[tuple[Meeting, date]]:
    """Filed meetings of the duty's kind held by ``holder`` in ``period``, with their days."""
    owner = Q(group=holder) if duty.holder == Holder.GROUP else Q(organization=holder)
    rows = (
        Meeting.objects.in_force()
        .between(period.start, period.end)
        .filter(owner, kinds=duty.kind_id)
        .order_by("held_on", "id")
    )
    return [(meeting, meeting.held_on) for meeting in rows]

"""Who is due at a meeting, by the register of its day and not of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from branches.choices import Kind, Office
from branches.models import Appointment, Organization
from branches.queries import committee_on
from meetings.choices import Body, RollRole
from meetings.models import MeetingKind
from members.choices import Stage
from members.models import Exemption, Membership

if TYPE_CHECKING:
    from branches.querysets import OrganizationQuerySet
    from members.querysets import MembershipQuerySet


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """One person due at a meeting: ``role`` by the register, ``office`` and ``stage`` in words."""

    person_id: int
    name: str
    role: RollRole
    office: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody of an organisation on one day; reading it costs a fixed number of queries."""

    committee: dict[int, Appointment]
    members: dict[int, Membership]
    stages: dict[int, Stage]
    voting: frozenset[int]
    exemptions: dict[int, Exemption] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    """Of ``exemptions`` those that hold that day: with consent and approval (XA-01–07)."""

    @property
    def known(self) -> frozenset[int]:
        """Persons who may stand on a roll at all, also as observers (applicants, activists)."""
        return frozenset(self.members) | frozenset(self.committee)

    def due(self, bodies: set[str], group_id: int | None) -> list[int]:
        """Persons due where ``bodies`` meet, the committee first; the widest body counts."""
        wanted: list[int] = []
        if bodies & {Body.MEMBERS, Body.COMMITTEE}:
            in_party = self.of_body(Body.MEMBERS, None)
            whole = Body.COMMITTEE in bodies
            wanted += [person for person in self.committee if whole or person in in_party]
        if Body.MEMBERS in bodies:
            wanted += self.of_body(Body.MEMBERS, None)
        if Body.GROUP in bodies:
            wanted += self.of_body(Body.GROUP, group_id)
        return list(dict.fromkeys(wanted)) if bodies else []

    def exempt_from(self, bodies: set[str], group_id: int | None) -> list[int]:
        """Persons of ``bodies`` who are left out of those due; one who came as committee is due as that."""
        wanted = [p for body in sorted(bodies) for p in self._in_body(body, group_id)]
        due = set(self.due(bodies, group_id))
        return list(dict.fromkeys(p for p in wanted if p in self.left_out and p not in due))

    def of_body(self, body: str, group_id: int | None) -> list[int]:
        """The persons of one body who are due in it: a committee leaves nobody out."""
        persons = self._in_body(body, group_id)
        return persons if body == Body.COMMITTEE else [p for p in persons if p not in self.left_out]

    def _in_body(self, body: str, group_id: int | None) -> list[int]:
        if body == Body.COMMITTEE:
            return list(self.committee)
        in_party = [person for person in self.members if self.is_in_party(person)]
        if body == Body.GROUP:
            return [person for person in in_party if self.members[person].group_id == group_id]
        return in_party

    def is_in_party(self, person: int) -> bool:
        """Whether the person is a full or probationary member that day."""
        return self.stages.get(person) in {Stage.FULL, Stage.PROBATIONARY}

    def role(self, person: int) -> RollRole:
        """Voter: a full member with all rights, or a member of the committee from elsewhere."""
        outside = person in self.committee and person not in self.members
        return RollRole.VOTER if outside or person in self.voting else RollRole.NONVOTER

    def expected(self, person: int) -> ExpectedPerson:
        """One line of the prefilled roll."""
        post = self.committee.get(person)
        row = self.members.get(person)
        name = row.person.name if row else post.person.name if post else ""
        stage = self.stages.get(person)
        return ExpectedPerson(
            person,
            name,
            self.role(person),
            post.get_office_display() if post else "",
            stage.label if stage else "",
        )


def register_on(organization: Organization, day: date) -> Register:
    """The register of ``organization`` on ``day``, in the order of names; two queries, three with exemptions."""
    listed = Exemption.objects.filter(organization=OuterRef("organization"), person=OuterRef("person"))
    rows = _memberships(organization).on(day).with_rights(day).annotate(listed=Exists(listed.on(day)))
    found: list[Any] = list(rows.select_related("person").order_by("person__pinyin", "person_id"))
    committee: dict[int, Appointment] = {}
    for post in committee_on(organization, day):
        committee.setdefault(post.person_id, post)
    exemptions = _exemptions([row for row in found if row.listed], day)
    return Register(
        committee,
        {row.person_id: row for row in found},
        {row.person_id: Stage(row.stage) for row in found if row.stage},
        frozenset(row.person_id for row in found if row.votes),
        exemptions,
        frozenset(person for person, row in exemptions.items() if row.holds_on(day)),
    )


def _exemptions(members: list[Any], day: date) -> dict[int, Exemption]:
    """Who need not be counted that day: agreed to in the branch that the person belongs to, not another."""
    homes = {row.person_id: row.organization_id for row in members}
    if not homes:
        return {}
    rows = Exemption.objects.filter(organization__in=set(homes.values()), person__in=homes).on(day)
    return {row.person_id: row for row in rows if row.organization_id == homes[row.person_id]}


def _memberships(organization: Organization) -> MembershipQuerySet:
    """Who belongs here: a general branch (党总支) is made up of the members of its branches."""
    if organization.kind == Kind.GENERAL_BRANCH:
        tree: OrganizationQuerySet = Organization.objects.under(organization.path)
        return Membership.objects.filter(organization__in=tree)
    return Membership.objects.filter(organization=organization)


def bodies_of(kinds: Sequence[str]) -> set[str]:
    """The bodies that meet where a gathering is of ``kinds``."""
    return set(MeetingKind.objects.filter(code__in=kinds).values_list("body", flat=True))


def expected_roll(
    organization: Organization, group: Organization | None, kinds: Sequence[str], day: date
) -> list[ExpectedPerson]:
    """Who is due at a gathering of ``kinds`` on ``day``: the committee first, then by name.

    党员大会, 党课, 主题党日: all in the party that day (MT-01); 支委会: the committee (MT-07);
    党小组会: the members of ``group``. Several kinds: the widest body.
    """
    register = register_on(organization, day)
    persons = register.due(bodies_of(kinds), group.pk if group else None)
    return [register.expected(person) for person in persons]


def groups_on(organization: Organization, day: date) -> list[Organization]:
    """The party groups (党小组) of a branch that exist on ``day``."""
    gone = Q(dissolved_on__isnull=False, dissolved_on__lte=day) | Q(founded_on__gt=day)
    rows = Organization.objects.filter(parent=organization, kind=Kind.GROUP).exclude(gone)
    return list(rows.order_by("position", "id"))


def post_on(
    organization: Organization,
    group: Organization | None,
    person_id: int,
    day: date,
    committee: Mapping[int, Appointment] | None = None,
) -> Office | None:
    """The highest office of ``person_id`` in the committee, or leader of ``group``, on ``day``.

    ``committee`` is that of a register of the day, where it is in hand.
    """
    if committee is None:
        committee = {post.person_id: post for post in reversed(committee_on(organization, day))}
    if person_id in committee:
        return Office(committee[person_id].office)
    homes = [organization.pk, *([group.pk] if group else [])]
    leads = Appointment.objects.filter(
        organization__in=homes, person=person_id, office=Office.GROUP_LEADER
    ).on(day)
    return Office.GROUP_LEADER if leads.exists() else None

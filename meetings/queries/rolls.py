"""Who is due at a meeting, by the register of its day and not of today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from branches.choices import Kind, Office
from branches.models import Appointment, Organization
from branches.queries import committee_on
from meetings.choices import ASSEMBLY, Body, RollRole
from meetings.models import MeetingKind
from meetings.rules.roll import Part, at_home, at_host
from members.choices import Stage
from members.models import Exemption, Membership, Stay

if TYPE_CHECKING:
    from branches.querysets import OrganizationQuerySet
    from members.querysets import MembershipQuerySet

MEMBERS_MEETING = "members_meeting"


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
    guests: dict[int, Stay] = field(default_factory=dict)
    """Members of other branches who take part here that day (MT-14)."""
    away: dict[int, Stay] = field(default_factory=dict)
    """Own members who take part elsewhere that day."""
    temporary: bool = False

    @property
    def known(self) -> frozenset[int]:
        """Persons who may stand on a roll at all, also as observers (applicants, activists)."""
        return frozenset(self.members) | frozenset(self.committee) | frozenset(self.guests)

    @property
    def counted(self) -> list[Stage]:
        """The stages of those the branch is made up of; guests make up a temporary branch (BR-08)."""
        return [s for p, s in self.stages.items() if p in self.members or self.temporary]

    def due(self, bodies: set[str], group_id: int | None) -> list[int]:
        """Persons due where ``bodies`` meet, the committee first; the widest body counts."""
        wide = [p for body in (ASSEMBLY, Body.MEMBERS) if body in bodies for p in self.of_body(body, None)]
        whole = Body.COMMITTEE in bodies
        wanted = [person for person in self.committee if whole or person in wide] + wide
        if Body.GROUP in bodies:
            wanted += self.of_body(Body.GROUP, group_id)
        return list(dict.fromkeys(wanted))

    def exempt_from(self, bodies: set[str], group_id: int | None) -> list[int]:
        """Persons of ``bodies`` who are left out of those due; one who came as committee is due as that."""
        wanted = [p for body in sorted(bodies) for p in self._belonging(body, group_id)]
        due, off = set(self.due(bodies, group_id)), self.left_out | self.away.keys()
        return list(dict.fromkeys(p for p in wanted if p in off and p not in due))

    def of_body(self, body: str, group_id: int | None) -> list[int]:
        """The persons of one body who are due in it: a committee leaves nobody out."""
        own = self._belonging(body, group_id)
        if body == Body.COMMITTEE:
            return own
        lives_here = at_home(assembly=body == ASSEMBLY).due
        due = [p for p in own if p not in self.left_out and (lives_here or p not in self.away)]
        if body == Body.GROUP or not self._hosts(body).due:
            return due
        return due + [person for person in self.guests if self.is_in_party(person)]

    def _belonging(self, body: str, group_id: int | None) -> list[int]:
        """The own persons of a body, whether or not they are due."""
        if body == Body.COMMITTEE:
            return list(self.committee)
        in_party = [person for person in self.members if self.is_in_party(person)]
        if body == Body.GROUP:
            return [person for person in in_party if self.members[person].group_id == group_id]
        return in_party

    def _hosts(self, body: str) -> Part:
        return at_host(assembly=body == ASSEMBLY, temporary=self.temporary)

    def is_in_party(self, person: int) -> bool:
        """Whether the person is a full or probationary member that day."""
        return self.stages.get(person) in {Stage.FULL, Stage.PROBATIONARY}

    def role(self, person: int) -> RollRole:
        """Voter: a full member with all rights, or a member of the committee from elsewhere."""
        if person in self.guests and person not in self.committee:
            votes = self._hosts(Body.MEMBERS).votes and person in self.voting
        else:
            outside = person in self.committee and person not in self.members
            votes = outside or person in self.voting
        return RollRole.VOTER if votes else RollRole.NONVOTER

    def expected(self, person: int) -> ExpectedPerson:
        """One line of the prefilled roll."""
        post = self.committee.get(person)
        row = self.members.get(person) or self.guests.get(person)
        name = row.person.name if row else post.person.name if post else ""
        stage = self.stages.get(person)
        return ExpectedPerson(
            person,
            name,
            self.role(person),
            post.get_office_display() if post else self._note(person),
            stage.label if stage else "",
        )

    def _note(self, person: int) -> str:
        """What is said beside a name without an office."""
        if person in self.guests:
            return "临时编入"
        return "在外参加组织生活" if person in self.away else ""

    def name_of(self, person: int) -> str:
        """The name of somebody who is left off the roll, with where the person takes part instead."""
        name, stay = self.expected(person).name, self.away.get(person)
        return f"{name}，在{stay.organization}参加组织生活" if stay else name


def register_on(organization: Organization, day: date) -> Register:
    """The register of ``organization`` on ``day``, in the order of names; five queries at most."""
    listed = Exemption.objects.filter(organization=OuterRef("organization"), person=OuterRef("person"))
    rows = _memberships(organization).on(day).with_rights(day).annotate(listed=Exists(listed.on(day)))
    found: list[Any] = list(rows.select_related("person").order_by("person__pinyin", "person_id"))
    members = {row.person_id: row for row in found}
    guests, away = _stays(organization, members, day)
    homes = _homes(guests, day)
    votes = [*found, *homes] if organization.temporary else found
    committee: dict[int, Appointment] = {}
    for post in committee_on(organization, day):
        committee.setdefault(post.person_id, post)
    exemptions = _exemptions([row for row in found if row.listed], day)
    return Register(
        committee,
        members,
        {row.person_id: Stage(row.stage) for row in (*found, *homes) if row.stage},
        frozenset(row.person_id for row in votes if row.votes),
        exemptions,
        frozenset(person for person, row in exemptions.items() if row.holds_on(day)),
        guests,
        away,
        organization.temporary,
    )


def _stays(
    organization: Organization, members: Collection[int], day: date
) -> tuple[dict[int, Stay], dict[int, Stay]]:
    """Who takes part here from elsewhere, and who of ``members`` elsewhere; by name, one query."""
    inside_it = Organization.objects.under(organization.path).values("pk")
    here = Q(organization__in=inside_it) | Q(person__in=list(members))
    rows = Stay.objects.on(day).filter(here).select_related("person", "organization")
    guests, away = dict[int, Stay](), dict[int, Stay]()
    for row in rows.order_by("person__pinyin", "person_id"):
        inside = row.organization.path.startswith(organization.path)
        if inside and row.person_id not in members:
            guests[row.person_id] = row
        elif not inside:
            away[row.person_id] = row
    return guests, away


def _homes(guests: Collection[int], day: date) -> list[Any]:
    """The memberships of ``guests`` in their own branches, with their rights; no query without guests."""
    if not guests:
        return []
    return list(Membership.objects.on(day).with_rights(day).filter(person__in=list(guests)))


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


def bodies_met(kinds: Iterable[MeetingKind]) -> set[str]:
    """The bodies that meet where a gathering is of ``kinds``; ASSEMBLY stands for a 党员大会."""
    return {ASSEMBLY if kind.code == MEMBERS_MEETING else kind.body for kind in kinds}


def bodies_of(kinds: Sequence[str]) -> set[str]:
    """As :func:`bodies_met`, by the codes of the kinds."""
    return bodies_met(MeetingKind.objects.filter(code__in=kinds))


def expected_roll(
    organization: Organization, group: Organization | None, kinds: Sequence[str], day: date
) -> list[ExpectedPerson]:
    """Who is due at a gathering of ``kinds`` on ``day``: the committee first, then by name.

    党员大会, 党课, 主题党日: all in the party that day (MT-01); 支委会: the committee (MT-07);
    党小组会: the members of ``group``. Several kinds: the widest body. Who takes part in another branch
    for a time: ``rules.roll`` (MT-14).
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

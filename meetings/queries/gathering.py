"""Who may come to a gathering, and how many of them it takes: one reading of the register for form and meter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from branches.models import Organization
from branches.queries import parameter
from meetings.checkup import majority_rule
from meetings.choices import ASSEMBLY, Body, Presence, RollRole, Topic
from meetings.models import MeetingKind
from meetings.queries.facts import QUORUMS
from meetings.queries.rolls import ExpectedPerson, Register, bodies_met, register_on
from meetings.rules.facts import Item
from meetings.rules.facts import Meeting as Facts


@dataclass(frozen=True, slots=True)
class Meter:
    """The quorum before anything is stored: ``need`` of ``due`` voters must be present.

    ``need`` is 0 where no clause asks for a quorum. ``voters`` are the ids of those counted.
    """

    due: int
    present: int
    need: int
    words: str
    voters: frozenset[int]

    @property
    def met(self) -> bool:
        """Whether enough are present."""
        return self.present >= self.need


@dataclass(frozen=True)
class Gathering:
    """One gathering of ``kinds`` on ``day``, of the branch or of its ``group``."""

    organization: Organization
    group: Organization | None
    kinds: tuple[MeetingKind, ...]
    day: date
    register: Register

    @cached_property
    def bodies(self) -> set[str]:
        """The bodies that meet."""
        return bodies_met(self.kinds)

    @cached_property
    def expected(self) -> list[ExpectedPerson]:
        """Who is due: the widest body, the committee first; of a group meeting nobody before the group is chosen."""
        bodies = self.bodies if self.group else self.bodies - {Body.GROUP}
        due = self.register.due(bodies, self.group.pk if self.group else None)
        return [self.register.expected(person) for person in due]

    @cached_property
    def left_out(self) -> list[str]:
        """The names of those who are not counted as due that day (XA-01–07, MT-14)."""
        bodies = self.bodies if self.group else self.bodies - {Body.GROUP}
        persons = self.register.exempt_from(bodies, self.group.pk if self.group else None)
        return [self.register.name_of(person) for person in persons]

    @property
    def people(self) -> list[tuple[int, str]]:
        """Who may chair or record: the committee with offices first, then the members of that day."""
        everybody = self.register.due({*Body.values, ASSEMBLY}, None)
        inside = [self.register.expected(p) for p in everybody if self._belongs(p)]
        return [(p.person_id, f"{p.name} {p.office}".strip()) for p in inside]

    def _belongs(self, person: int) -> bool:
        """In a group's meeting: its members, and the committee."""
        if self.group is None or person in self.register.committee:
            return True
        row = self.register.members.get(person)
        return row is not None and row.group_id == self.group.pk

    @cached_property
    def voters(self) -> list[ExpectedPerson]:
        """Those whose presence counts for the quorum: voters of the leading kind's body."""
        lead = self.leading
        if lead is None or lead.body == Body.MEMBERS or len(self.bodies) == 1:
            counted = {person.person_id for person in self.expected}
        else:
            counted = set(self.register.of_body(lead.body, self.group.pk if self.group else None))
        return [p for p in self.expected if p.person_id in counted and p.role == RollRole.VOTER]

    @property
    def leading(self) -> MeetingKind | None:
        """The kind in whose body votes are counted: the first by position."""
        return self.kinds[0] if self.kinds else None

    def meter(self, answers: Mapping[str, Any]) -> Meter:
        """How many voters are due, present by ``answers`` so far (``p<person>``), and needed."""
        here = Presence.PRESENT.value
        present = sum((answers.get(f"p{p.person_id}") or here) == here for p in self.voters)
        counted = frozenset(p.person_id for p in self.voters)
        code = QUORUMS.get(Body(self.leading.body), "") if self.leading else ""
        if not code or not counted:
            return Meter(len(counted), present, 0, "", counted)
        rule = parameter(code, self.organization, self.day)
        return Meter(len(counted), present, rule.least_of(len(counted)), rule.words, counted)

    def majorities(self) -> dict[str, int]:
        """For each topic the votes in favour that carry it; topics without such a rule are left out."""
        if self.leading is None:
            return {}
        facts = Facts(kind=self.leading.code)  # type: ignore[arg-type]  # further kinds are data
        rules = {topic: majority_rule(facts, Item(topic=topic)) for topic in Topic}
        shares = {
            rule: parameter(f"{rule}.majority", self.organization, self.day)
            for rule in set(rules.values())
            if rule
        }
        due = len(self.voters)
        return {topic.value: shares[rule].least_of(due) for topic, rule in rules.items() if rule and due}


def gathering(
    organization: Organization, group: Organization | None, kinds: tuple[str, ...], day: date
) -> Gathering:
    """Read register and kinds once."""
    chosen = tuple(MeetingKind.objects.filter(code__in=kinds).order_by("position"))
    return Gathering(organization, group, chosen, day, register_on(organization, day))

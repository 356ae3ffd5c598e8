"""Who sits there: the branch, what it is to hold, and who came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from branches.choices import Office
from branches.demo import OFFICES, World
from meetings.actions.content import AgendaInput, RollLine
from meetings.choices import ASSEMBLY, Presence, RollRole
from meetings.demo.words import Room, Words
from meetings.queries import Register, register_on

if TYPE_CHECKING:
    from random import Random

    from accounts.models import Person
    from branches.models import Organization
    from core.actor import Actor

COMMITTEE, GROUP, THEME, LESSON, MEMBERS = (
    "committee_meeting",
    "group_meeting",
    "theme_day",
    "party_lesson",
    "members_meeting",
)
BODIES = {COMMITTEE: "committee", GROUP: "group", THEME: "members", LESSON: "members", MEMBERS: ASSEMBLY}
EXCUSES = {
    "station": {"on_call": 34, "on_duty": 26, "business": 14, "leave": 11, "sick": 8, "personal": 7},
    "office": {"business": 46, "leave": 24, "sick": 16, "personal": 14},
    "task": {"on_duty": 1},
}
AWAY = {"station": 0.13, "office": 0.08, "task": 0.0}
"""How many of a hundred are excused, by the kind of unit; and what keeps them (weights)."""
MOST_AWAY = 0.38
"""No more than this share is away where nothing else is wanted: votes stay possible."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is to be held; ``turn`` is what goes otherwise than usual (see the script)."""

    code: str
    kinds: tuple[str, ...]
    day: date
    starts: time
    ends: time
    turn: str = ""
    group: Organization | None = None
    agenda: tuple[AgendaInput, ...] = ()


class Host:
    """One branch of the demo: its officers, its register as last read, its chance."""

    def __init__(self, world: World, words: Words, code: str) -> None:
        """Rosters and offices stand in ``world``."""
        self.world, self.words, self.code = world, words, code
        self.organization = world.organizations[code]
        level = self.organization.level
        self.scope = level if level in EXCUSES else "office"
        self.unit = self.organization.short_name.removesuffix("党支部")
        self.officers = world.officers.get(code, world.rosters[code])
        offices = OFFICES[world.specs[code]["committee"]]
        self.offices = {office: person.name for office, person in zip(offices, self.officers, strict=False)}
        self._register: tuple[int, Register] | None = None

    @property
    def secretary(self) -> Person:
        """The secretary."""
        return self.officers[0]

    def actor(self, person: Person | None = None) -> Actor:
        """An officer acting for the branch; the secretary where nobody is named."""
        return self.world.actor(person or self.secretary, self.organization)

    def register(self, day: date) -> Register:
        """The register, read again when it was changed."""
        if self._register is None or self._register[0] != self.world.changes:
            self._register = self.world.changes, register_on(self.organization, day)
        return self._register[1]


class Roll:
    """Who came, who was excused for what; the chair and the recorder are always there."""

    def __init__(self, host: Host, plan: Gathering, chance: Random) -> None:
        """Draw the roll of ``plan`` from the register of its day."""
        self.host, self.plan, self.chance = host, plan, chance
        self.register = host.register(plan.day)
        group = plan.group.pk if plan.group else None
        self.due = self.register.due({BODIES[kind] for kind in plan.kinds}, group)
        self.chair, self.recorder = self._leaders()
        self.lines = self._lines()
        self.room = self._room()

    def name(self, person: int) -> str:
        """The name of a person on the register."""
        return self.register.expected(person).name

    def of(self, presence: Presence) -> list[int]:
        """Those due who were present, excused or absent, in the order of the roll."""
        return [
            line.person_id for line in self.lines if line.presence == presence and line.person_id in self.due
        ]

    def _leaders(self) -> tuple[int, int]:
        officers = [person.pk for person in self.host.officers]
        chair = officers[0]
        if self.plan.group is not None:
            leads = self.plan.group.appointments.filter(office=Office.GROUP_LEADER)
            chair = leads.values_list("person", flat=True)[0]
            return chair, next(person for person in self.due if person != chair)
        if self.plan.turn == "deputy":
            chair = officers[1]
        if self.plan.turn == "stranger":
            chair = next(person for person in self.register.members if person not in officers)
        here = set(self.due)  # an officer may take part elsewhere
        others = [person for person in officers[1:] if person != chair and person in here] or [
            person for person in self.due if person != chair
        ]
        return chair, others[min(1, len(others) - 1)]

    def _lines(self) -> tuple[RollLine, ...]:
        away = self._away()
        lines = []
        for person in self.due:
            presence, excuse = away.get(person, (Presence.PRESENT, ""))
            lines.append(RollLine(person, presence=presence, excuse=excuse, note=self._note(excuse)))
        if self.chair not in self.due:
            lines.append(RollLine(self.chair, role=RollRole.OBSERVER))
        return tuple(lines)

    def _away(self) -> dict[int, tuple[Presence, str]]:
        """Who is not there, and why."""
        free = [person for person in self.due if person not in (self.chair, self.recorder)]
        if self.plan.turn == "quorum":
            return dict.fromkeys(free, (Presence.EXCUSED, "on_call"))
        drawn = [person for person in free if self.chance.random() < AWAY[self.host.scope]]
        kinds = EXCUSES[self.host.scope]
        away = {
            person: (Presence.EXCUSED, self.chance.choices(list(kinds), list(kinds.values()))[0])
            for person in drawn[: int(len(self.due) * MOST_AWAY)]
        }
        if self.plan.turn == "deputy":
            away[self.host.secretary.pk] = Presence.EXCUSED, "leave"
        elif len(free) > len(away) + 6 and self.chance.random() < 0.08:
            away[next(person for person in free if person not in away)] = Presence.ABSENT, ""
        return away

    def _note(self, excuse: str) -> str:
        notes = self.host.words.small["notes"].get(excuse, [])
        return str(self.chance.choice(notes)) if notes and self.chance.random() < 0.5 else ""

    def _room(self) -> Room:
        """The gathering as the speakers see it."""
        present = self.of(Presence.PRESENT)
        voters = [person for person in self.due if self.register.role(person) == RollRole.VOTER]
        spoken = [
            self.chair,
            *self.chance.sample([p for p in present if p != self.chair], min(5, len(present) - 1)),
        ]
        return Room(
            unit=self.host.unit,
            scope=self.host.scope,
            day=self.plan.day,
            speakers=tuple(self.name(person) for person in spoken),
            officers={str(office): name for office, name in self.host.offices.items()},
            voters_due=len(voters),
            voters=sum(person in present for person in voters),
        )

    def facts(self) -> dict[str, object]:
        """The figures that the minutes tell."""
        excused, absent = len(self.of(Presence.EXCUSED)), len(self.of(Presence.ABSENT))
        word = "left" if absent else "some" if excused else "none"
        told = self.host.words.small["absence"][word].format(excused=excused, absent=absent)
        present = len(self.of(Presence.PRESENT))
        return {
            "due": len(self.due),
            "present": present,
            "absence": told,
            "recorder": self.name(self.recorder),
        }

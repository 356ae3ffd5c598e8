"""One gathering of the demo: who came, what was said, and its record, entered and filed by the real actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from branches.choices import Office
from branches.demo import OFFICES, World, moment
from core import clock
from meetings import actions
from meetings.actions.content import AgendaInput, MeetingInput, RollLine
from meetings.choices import Presence, RollRole
from meetings.demo.words import Room, Words, item
from meetings.models import Meeting, Resolution
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
BODIES = {COMMITTEE: "committee", GROUP: "group", THEME: "members", LESSON: "members", MEMBERS: "members"}
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
        others = [person for person in officers[1:] if person != chair] or [
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


def content_of(host: Host, plan: Gathering, chance: Random, drawn: Roll | None = None) -> MeetingInput:
    """What the recorder enters."""
    roll = drawn or Roll(host, plan, chance)
    room = roll.room
    agenda, more = plan.agenda, ""
    if not agenda:
        agenda, more = _agenda(host, plan, chance, room)
    lecturer = host.secretary if chance.random() < 0.6 else host.officers[-1]
    return MeetingInput(
        kinds=plan.kinds,
        held_on=plan.day,
        group_id=plan.group.pk if plan.group else None,
        starts_at=plan.starts,
        ends_at=plan.ends,
        place=_place(host, plan, chance),
        chair_id=roll.chair,
        recorder_id=roll.recorder,
        lecturer=_titled(host, lecturer) if LESSON in plan.kinds else "",
        observers=_observers(host, plan, chance),
        minutes=host.words.minutes(chance, room, agenda, more, roll.facts()),
        late_reason=chance.choice(host.words.small["reasons"]["late"]) if plan.turn == "late" else "",
        roll=roll.lines,
        agenda=agenda,
    )


def _agenda(host: Host, plan: Gathering, chance: Random, room: Room) -> tuple[tuple[AgendaInput, ...], str]:
    """The items of each kind of the gathering in their order, and what the minutes add."""
    words, items, more = host.words, list[AgendaInput](), ""
    if MEMBERS in plan.kinds:
        items.append(
            item(
                chance, words.draw(chance, host.code, "report", words.members["report"], room), room, "report"
            )
        )
        if chance.random() < 0.5:
            items.append(
                item(chance, words.draw(chance, host.code, "other", words.members["other"], room), room)
            )
    if COMMITTEE in plan.kinds:
        items.append(
            item(
                chance, words.draw(chance, host.code, "study", words.committee["study"], room), room, "study"
            )
        )
        for _ in range(1 + (chance.random() < 0.35)):
            entry = words.draw(chance, host.code, "item", words.committee["item"], room)
            items.append(item(chance, entry, room, decided=plan.turn != "quorum"))
    if GROUP in plan.kinds:
        entry = words.draw(chance, f"{host.code}{plan.group}", "group", words.days["group"], room)
        items.append(item(chance, entry, room))
    if THEME in plan.kinds:
        entry = words.draw(chance, host.code, "theme", words.days["theme"], room)
        items.append(item(chance, entry, room, "study"))
        more = entry["text"].format(n=chance.randint(3, 8))
    if LESSON in plan.kinds:
        entry = words.draw(chance, host.code, "lesson", words.days["lesson"], room)
        items.append(item(chance, entry, replace(room, speakers=room.speakers[:1]), "study"))
    return tuple(_turned(plan.turn, items)), more


def _turned(turn: str, items: list[AgendaInput]) -> list[AgendaInput]:
    """The faults that concern the items."""
    if turn == "ownerless":
        return [
            replace(one, resolutions=tuple(replace(r, owner="", due_on=None) for r in one.resolutions))
            for one in items
        ]
    if turn == "monologue":
        return [replace(one, speakers=1) for one in items]
    return items


def _titled(host: Host, person: Person) -> str:
    office = next((o for o, name in host.offices.items() if name == person.name), None)
    return f"{person.name}（{Office(office).label}）" if office else person.name


def _place(host: Host, plan: Gathering, chance: Random) -> str:
    places = host.words.small["places"]
    outside = THEME in plan.kinds and MEMBERS not in plan.kinds and host.scope == "station"
    return str(chance.choice(places["theme" if outside else host.scope]))


def _observers(host: Host, plan: Gathering, chance: Random) -> str:
    """The 教导员 of the battalion sits in now and then."""
    parent = host.organization.parent
    heads = host.world.rosters.get(f"{parent.code}-JG") if parent else None
    if heads and host.scope == "station" and plan.group is None and chance.random() < 0.22 and parent:
        return f"{heads[0].name}（{parent.short_name.removesuffix('党委')}政治教导员）"
    return ""


def follow(host: Host, meeting: Meeting, chance: Random) -> None:
    """Plan when the resolutions of a filed record are carried out; some are late, some stay open."""
    willing = 0.92 if host.code == "LC01-BH-BH" else 0.6
    for resolution in Resolution.objects.filter(item__meeting=meeting, due_on__isnull=False):
        if resolution.due_on is not None and chance.random() < willing:
            late = chance.random() < 0.15
            day = resolution.due_on + timedelta(days=chance.randint(1, 6) if late else -chance.randint(0, 5))
            outcome = chance.choice(host.words.small["outcome"]["done"])
            host.world.timeline.at(
                moment(max(day, clock.today()), 17, 30), _Closing(host, resolution.pk, outcome)
            )


@dataclass(frozen=True, slots=True)
class _Closing:
    """A resolution carried out, unless its record was voided or replaced since."""

    host: Host
    resolution: int
    outcome: str

    def __call__(self) -> None:
        row = Resolution.objects.select_related("item__meeting").get(pk=self.resolution)
        if row.item.meeting.in_force and row.done_on is None:
            actions.close_resolution(self.host.actor(), row, clock.today(), self.outcome)

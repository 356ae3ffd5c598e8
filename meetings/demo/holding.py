"""One gathering of the demo: what was said and entered, and when what it decided is carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from branches.choices import Office
from branches.demo import moment
from core import clock
from meetings import actions
from meetings.actions.content import AgendaInput, MeetingInput
from meetings.demo.roll import COMMITTEE, GROUP, LESSON, MEMBERS, THEME, Gathering, Host, Roll
from meetings.demo.words import Room, item
from meetings.models import Meeting, Resolution

if TYPE_CHECKING:
    from random import Random

    from accounts.models import Person


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

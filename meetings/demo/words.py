"""What is said and decided in the demo's meetings: drawn from the data files, never twice in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from branches.choices import Office
from branches.demo import data
from meetings.actions.content import AgendaInput, ResolutionInput, VoteInput
from meetings.choices import Method, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Entry = dict[str, Any]
OWNERS = {
    "sec": Office.SECRETARY,
    "dep": Office.DEPUTY_SECRETARY,
    "org": Office.ORGANISATION_MEMBER,
    "pub": Office.PUBLICITY_MEMBER,
    "dis": Office.DISCIPLINE_MEMBER,
}


@dataclass(frozen=True, slots=True)
class Room:
    """Who sits there: names in speaking order (the chair first), votes, and who holds which office."""

    unit: str
    scope: str
    day: date
    speakers: tuple[str, ...]
    officers: dict[str, str]
    voters_due: int
    voters: int

    def owner(self, word: str) -> str:
        """The name behind ``org``, ``dep`` …; the secretary where the branch lacks the office."""
        return self.officers.get(OWNERS[word], next(iter(self.officers.values())))


class Words:
    """Decks of entries, one for each branch and matter: each is used up before it is mixed again."""

    def __init__(self) -> None:
        """Read the data of the room."""
        self.committee, self.days = data("meetings", "committee"), data("meetings", "days")
        self.members, self.small = data("meetings", "members"), data("meetings", "words")
        self._decks: dict[tuple[str, str], list[Entry]] = {}

    def draw(self, chance: Random, host: str, matter: str, entries: Sequence[Entry], room: Room) -> Entry:
        """The next entry of ``matter`` for ``host`` that fits the season and the kind of unit."""
        deck = self._decks.setdefault((host, matter), [])
        for _ in range(2):
            found = next((entry for entry in deck if _fits(entry, room)), None)
            if found is not None:
                deck.remove(found)
                return found
            deck[:] = chance.sample(list(entries), len(entries))
        raise LookupError(f"no {matter} for {room.scope} in month {room.day.month}")

    def minutes(
        self, chance: Random, room: Room, items: Sequence[AgendaInput], more: str, facts: Entry
    ) -> str:
        """The text of the minutes: opening, item by item, what was done, closing."""
        pick, small = chance.choice, self.small["minutes"]
        words = facts | {"chair": room.speakers[0], "first": room.speakers[0]}
        lines = [pick(small["opening"]).format(**words)]
        lines += [pick(small["item"]).format(title=item.title, **words) for item in items]
        lines += [more] if more else []
        lines.append(pick(small["closing"]).format(**words))
        return "\n".join(f"{number}、{line}" for number, line in zip("一二三四五六七八", lines, strict=False))


def _fits(entry: Entry, room: Room) -> bool:
    season, scope = entry.get("months", ()), entry.get("for", room.scope)
    committee = len(room.officers) > 2 or not entry.get("committee", False)
    return committee and scope == room.scope and (not season or room.day.month in season)


def item(chance: Random, entry: Entry, room: Room, topic: str = "", *, decided: bool = True) -> AgendaInput:
    """``entry`` as an item of the agenda; with its decision and the hands for it where it has one."""
    slots = {"unit": room.unit, "month": room.day.month, "n": chance.randint(2, 5)}
    talk = [line.format(**slots) for line in entry["talk"]]
    said = list(zip(cycle(room.speakers), talk, strict=False))
    settled = decided and "decision" in entry
    return AgendaInput(
        title=entry["title"].format(**slots),
        topic=Topic(topic or entry.get("topic", Topic.OTHER)),
        discussion="\n".join(f"{name}{line}" for name, line in said),
        speakers=len({name for name, _ in said}),
        vote=hands(chance, room) if settled else None,
        resolutions=(_resolution(entry, room, slots),) if settled else (),
    )


def _resolution(entry: Entry, room: Room, slots: Entry) -> ResolutionInput:
    due = room.day + timedelta(days=entry["days"])
    return ResolutionInput(entry["decision"].format(**slots), room.owner(entry["owner"]), due)


def hands(chance: Random, room: Room) -> VoteInput:
    """Hands for a motion: all of them, now and then one abstains where the majority bears it."""
    spare = room.voters - 1 > room.voters_due / 2
    abstain = int(spare and chance.random() < 0.15)
    return VoteInput(in_favour=room.voters - abstain, abstain=abstain, passed=True)


def ballot(room: Room, entry: Entry, who: str, owner: str, *, lost: bool) -> AgendaInput:
    """A motion voted on by secret ballot: ``lost`` falls short of the majority and decides nothing."""
    abstain = 2 if lost else 1
    in_favour = room.voters_due // 2 - 1 if lost else room.voters - abstain
    against = room.voters - in_favour - abstain
    said = zip(cycle(room.speakers), entry["talk"], strict=False)
    decision = entry.get("decision", "").format(who=who)
    return AgendaInput(
        title=entry["title"].format(who=who),
        topic=Topic(entry["topic"]),
        discussion="\n".join(f"{name}{line}" for name, line in said),
        speakers=min(len(room.speakers), len(entry["talk"])),
        vote=VoteInput(
            method=Method.SECRET,
            issued=room.voters,
            returned=room.voters,
            in_favour=in_favour,
            against=against,
            abstain=abstain,
            passed=not lost,
        ),
        resolutions=() if lost else (ResolutionInput(decision, owner, room.day + timedelta(days=10)),),
    )

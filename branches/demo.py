"""The demo's ground: its day, its clockwork, and the organisations with their offices (invented places)."""

from __future__ import annotations

import heapq
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts import demo as accounts
from branches import actions
from branches.choices import Kind, Office
from branches.queries import viewer
from core import clock
from core.actor import Actor, system
from core.periods import Period, add_months

if TYPE_CHECKING:
    from accounts.models import Person, User
    from branches.models import Organization

Spec = dict[str, Any]
STAGES = {1: 13, 2: 4, 3: 1}
"""Months before the last one in which a stage of organisations begins to use the portal."""
OFFICES = {
    1: (Office.SECRETARY,),
    2: (Office.SECRETARY, Office.DEPUTY_SECRETARY),
    3: (Office.SECRETARY, Office.ORGANISATION_MEMBER, Office.DISCIPLINE_MEMBER),
    5: (
        Office.SECRETARY,
        Office.DEPUTY_SECRETARY,
        Office.ORGANISATION_MEMBER,
        Office.PUBLICITY_MEMBER,
        Office.DISCIPLINE_MEMBER,
    ),
}
"""The offices of a branch by their number, in the order of its roster."""
SEATED = {
    "secretary": ("LC01-BH-BH", 0),
    "member": ("LC01-BH-BH", 12),
    "leader": ("LC01-JG-ZZ", 0),
    "politics": ("LC01-JG-ZZ", 1),
    "discipline": ("LC01-JG-BD", 1),
}
"""Where the users of the demo stand on the rosters."""


def data(room: str, name: str) -> Any:
    """The data file ``demo_NAME.toml`` of a room."""
    return tomllib.loads((files(room) / "data" / f"demo_{name}.toml").read_text(encoding="utf-8"))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in the time zone of the portal."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class Timeline:
    """Acts in the order of their moments; each runs under its own clock and may plan later ones."""

    def __init__(self, until: datetime) -> None:
        """Nothing after ``until`` happens."""
        self.until = until
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = 0

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        """Plan ``act`` for ``when``; of the same moment the one planned first comes first."""
        if when <= self.until:
            self._count += 1
            heapq.heappush(self._waiting, (when, self._count, act))

    def run(self) -> None:
        """Let the time pass."""
        while self._waiting:
            when, _, act = heapq.heappop(self._waiting)
            with clock.at(when):
                act()


@dataclass(slots=True)
class World:
    """What the rooms tell one another while the demo is built."""

    seed: int
    on: date
    by: Actor = field(default_factory=lambda: system("演示数据"))
    organizations: dict[str, Organization] = field(default_factory=dict)
    specs: dict[str, Spec] = field(default_factory=dict)
    rosters: dict[str, list[Person]] = field(default_factory=dict)
    officers: dict[str, list[Person]] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    changes: int = 0
    """How often the register was changed since it was filled; whoever keeps a copy compares."""
    timeline: Timeline = field(init=False)
    _actors: dict[tuple[int, int], Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Everything happens before the day of the demo begins."""
        self.timeline = Timeline(moment(self.on, 0, 30))

    def stream(self, name: str) -> Random:
        """Chance of its own for each matter, so that a change in one leaves the others as they are."""
        return Random(f"{self.seed}/{name}")

    def month(self, back: int) -> Period:
        """The month ``back`` months before the one of the day."""
        return Period.containing("month", add_months(self.on.replace(day=1), -back))

    def begin(self, code: str) -> date:
        """The first day on which the organisation owes something in the portal."""
        return self.month(self.first(code)).start

    def first(self, code: str) -> int:
        """How many months before the last one that is."""
        spec = self.specs[code]
        return STAGES[int(spec.get("duties") or spec["stage"])]

    def branches(self) -> list[str]:
        """The codes of the party branches in the order of the tree."""
        return [code for code, spec in self.specs.items() if spec["kind"] == Kind.BRANCH]

    def user(self, person: Person) -> User:
        """The account of ``person``, opened when first needed."""
        if person.pk not in self.users:
            names = {
                self.rosters[code][place].pk: name
                for name, (code, place) in SEATED.items()
                if code in self.rosters
            }
            self.users[person.pk] = accounts.open_account(self.by, person, names.get(person.pk, ""))
        return self.users[person.pk]

    def actor(self, person: Person, organization: Organization) -> Actor:
        """``person`` acting for the post held in ``organization``."""
        key = person.pk, organization.pk
        if key not in self._actors:
            user = self.user(person)
            posts = viewer(user).appointments
            own = next((post.pk for post in posts if post.organization_id == organization.pk), None)
            seen = viewer(user, own)
            self._actors[key] = Actor(
                user=user, post_id=seen.chosen.pk if seen.chosen else None, post=seen.post
            )
        return self._actors[key]


def read_tree(world: World) -> None:
    """The organisations that there will be."""
    world.specs = {spec["code"]: spec for spec in data("branches", "tree")["organization"]}


def found_stage(world: World, stage: int) -> None:
    """Found the organisations of a stage with their terms; the clock stands on their first day."""
    chance = world.stream(f"terms{stage}")
    for position, (code, spec) in enumerate(world.specs.items()):
        if spec["stage"] == stage:
            world.organizations[code] = _found(world, code, spec, position)
            _start_term(world, world.organizations[code], spec, chance)


def _found(world: World, code: str, spec: Spec, position: int) -> Organization:
    names = {"unit_name": spec.get("unit", ""), "bureau_name": spec.get("bureau", "")}
    temporary = spec.get("temporary", False)
    return actions.found(
        world.by,
        code=code,
        name=spec["name"],
        short_name=spec["short"],
        kind=spec["kind"],
        parent=world.organizations.get(spec.get("parent", "")),
        level=spec["level"],
        temporary=temporary,
        joint=spec.get("joint", False),
        study_group=spec.get("study_group", False),
        founded_on=clock.today() if temporary else date(2019, 1 + position % 12, 1 + position % 27),
        duties_from=world.begin(code),
        position=position,
        **names,
    )


def _start_term(world: World, organization: Organization, spec: Spec, chance: Random) -> None:
    """A term of three years in a branch, of five in a committee; a temporary branch has none."""
    if organization.temporary:
        return
    usual = [3 if organization.kind == Kind.BRANCH else 5, chance.randint(8, 26)]
    years, back = spec.get("term", usual)
    day = add_months(world.on, -back) - timedelta(days=chance.randint(0, 20))
    actions.start_term(
        world.by, organization, started_on=min(day, clock.today()), years=years, number=chance.randint(1, 4)
    )


def appoint_stage(world: World, stage: int) -> None:
    """Fill the offices of the branches of a stage, and of the committees as far as people are known."""
    posts = data("branches", "posts")["post"]
    chance = world.stream(f"posts{stage}")
    for code, spec in world.specs.items():
        if spec["stage"] == stage and code in world.officers:
            _fill(world, code, spec["committee"], chance)
    for post in posts:
        code, _, place = post["who"].partition(":")
        if max(world.specs[code]["stage"], world.specs[post["organization"]]["stage"]) == stage:
            _appoint(world, post["organization"], world.rosters[code][int(place)], post, chance)
    for code, seat in SEATED.values():
        if world.specs[code]["stage"] == stage:
            world.user(world.rosters[code][seat])


def _fill(world: World, code: str, committee: int, chance: Random) -> None:
    """The offices of one branch; its secretary and its recorder get an account."""
    for office, person in zip(OFFICES[committee], world.officers[code], strict=False):
        _appoint(world, code, person, {"office": office}, chance)
    for person in world.officers[code][: 2 if committee > 1 else 1]:
        world.user(person)


def _appoint(world: World, code: str, person: Person, post: Spec, chance: Random) -> None:
    organization = world.organizations[code]
    since = (
        clock.today() if organization.temporary else clock.today() - timedelta(days=chance.randint(60, 900))
    )
    actions.appoint(
        world.by,
        organization,
        person=person,
        office=post["office"],
        since=since,
        division=post.get("division", ""),
    )
    world.user(person)


def found_groups(world: World, code: str) -> list[Organization]:
    """The secretary of a branch divides it into its 党小组; the clock stands on the day."""
    branch, spec = world.organizations[code], world.specs[code]
    by = world.actor(world.officers[code][0], branch)
    groups = []
    for number, name in enumerate(spec["groups"], 1):
        group = actions.found(
            by,
            code=f"{code}-{number}",
            name=f"{branch.name}{name}",
            short_name=f"{branch.short_name.removesuffix('党支部')}{name}",
            kind=Kind.GROUP,
            parent=branch,
            founded_on=clock.today(),
            position=number,
        )
        leader = world.rosters[code][len(OFFICES[spec["committee"]]) + number - 1]
        actions.appoint(by, group, person=leader, office=Office.GROUP_LEADER, since=clock.today())
        groups.append(group)
    return groups

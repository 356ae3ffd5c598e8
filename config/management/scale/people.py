"""The people: persons, the register with its dated rows, posts, and the accounts that can sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.choices import AdminRole, Sex
from accounts.models import Person, User
from branches.choices import Office
from branches.demo import data
from branches.models import Appointment, Organization
from config.management.scale import bulk
from config.management.scale.plan import Plan
from config.management.scale.tree import GROUPS, Forest, offices
from core.periods import add_months
from core.pinyin import spell
from members.actions.ground import steps
from members.choices import WITHOUT_RANK, Category, Precision, Rank, Stage
from members.models import Member, Membership, Standing

COMMITTEE = (Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER)
"""The offices of a committee of the seed; its officers are members of a branch below it."""
STAFFED = {"root": 0, "corps": 1, "detachment": 2, "battalion": 3}
"""Levels with officers of the political department; each takes them from another branch below it."""
STAFF = {Office.POLITICAL_OFFICER: "politics", Office.DISCIPLINE_HEAD: "discipline"}
DUTIES = ("站长", "政治指导员", "副站长", "班长", "战斗员", "驾驶员", "通信员", "文书")
CATEGORIES = ((Category.COMMANDER, Rank.C10), (Category.FIREFIGHTER, Rank.F5), (Category.CONTRACT, ""))


class Register:
    """Writes the people branch by branch; ``roster`` keeps who is where, by the number of the branch."""

    def __init__(self, plan: Plan, forest: Forest, sizes: list[int]) -> None:
        """Nothing is written yet."""
        self.plan, self.forest, self.sizes = plan, forest, sizes
        self.chance, self.words = plan.stream("people"), data("members", "names")
        self.starts = [0]
        for size in sizes:
            self.starts.append(self.starts[-1] + size)

    def people(self) -> Iterator[tuple[int, int, int]]:
        """Everybody as (number of the branch, place on its roster, key of the person)."""
        for number, size in enumerate(self.sizes):
            for place in range(size):
                yield number, place, self.person(number, place)

    def person(self, number: int, place: int) -> int:
        """The key of the person at ``place`` of the roster of branch ``number``."""
        return self.starts[number] + place + 1

    def stage(self, number: int, place: int) -> Stage:
        """Officers and most others are full members; some of the last on a roster are on their way."""
        if place < self.sizes[number] - 1 or number % 3:
            return Stage.FULL
        return Stage.PROBATIONARY if number % 2 else Stage.ACTIVIST

    def write(self) -> None:
        """Persons, register, posts."""
        bulk.save(Person, (self._person(pk) for _, _, pk in self.people()))
        bulk.save(Member, (self._member(*one) for one in self.people()))
        bulk.save(Membership, (self._membership(*one) for one in self.people()))
        bulk.save(Standing, (row for one in self.people() for row in self._standings(*one)))
        bulk.save(Appointment, self._appointments())

    def _person(self, pk: int) -> Person:
        name = _name(self.chance, self.words)
        pinyin, initials = _spell(name)
        return Person(
            id=pk,
            name=name,
            pinyin=pinyin,
            initials=initials,
            sex=Sex.MALE,
            born_on=date(self.plan.on.year - 24 - pk % 30, 1 + pk % 12, 1 + pk % 28),
            created_at=self.plan.started,
        )

    def _branch(self, number: int) -> Organization:
        return self.forest.levels["branch"][number]

    def _group(self, number: int, place: int) -> Organization | None:
        groups = self.forest.groups.get(self._branch(number).pk)
        return groups[place % GROUPS] if groups else None

    def _dates(self, number: int, place: int) -> tuple[date | None, date | None]:
        """入党 and 转正: long ago, or within the last year and not yet."""
        match self.stage(number, place):
            case Stage.FULL:
                joined = add_months(self.plan.founded, -24 - place * 7)
                return joined, add_months(joined, 12)
            case Stage.PROBATIONARY:
                return add_months(self.plan.on, -2 - number % 9).replace(day=1), None
        return None, None

    def _member(self, number: int, place: int, pk: int) -> Member:
        category, rank = CATEGORIES[0] if place < 2 else CATEGORIES[1 + (place + number) % 2]
        joined, full = self._dates(number, place)
        assert not (rank and category in WITHOUT_RANK)
        return Member(
            id=pk,
            person_id=pk,
            organization=self._branch(number),
            group=self._group(number, place),
            stage=self.stage(number, place),
            category=category,
            rank=rank,
            duty=DUTIES[min(place, len(DUTIES) - 1)],
            ethnicity="汉族",
            joined_on=joined,
            full_on=full,
        )

    def _membership(self, number: int, place: int, pk: int) -> Membership:
        return Membership(
            person_id=pk,
            organization=self._branch(number),
            group=self._group(number, place),
            since=self.plan.founded,
            reason="登记",
        )

    def _standings(self, number: int, place: int, pk: int) -> list[Standing]:
        joined, full = self._dates(number, place)
        day = Precision.DAY
        known = steps(self.stage(number, place), self.plan.founded, (joined, day), (full, day))
        return [
            Standing(person_id=pk, stage=s.stage, since=s.since, until=s.until, precision=s.precision)
            for s in known
        ]

    def _appointments(self) -> Iterator[Appointment]:
        for number, size in enumerate(self.sizes):
            for place, office in enumerate(offices(size)):
                yield self._appointment(self._branch(number), self.person(number, place), office)
            for place, group in enumerate(self.forest.groups.get(self._branch(number).pk, [])):
                # the leader stands in the group: places go to the groups in turn
                leader = self.person(number, len(offices(size)) + 1 + place)
                yield self._appointment(group, leader, Office.GROUP_LEADER)
        for level in STAFFED:
            for row in self.forest.levels[level]:
                yield from self._officers(level, row)

    def _officers(self, level: str, row: Organization) -> Iterator[Appointment]:
        number = self.source(level, row)
        for place, office in enumerate((*COMMITTEE, *STAFF)):
            home = (number + place // self.sizes[number]) % len(self.sizes)
            yield self._appointment(row, self.person(home, place % self.sizes[number]), office)

    def source(self, level: str, row: Organization) -> int:
        """The number of the branch from which a committee takes its officers."""
        return min(self.forest.first[row.pk] + STAFFED[level], len(self.sizes) - 1)

    def _appointment(self, row: Organization, person: int, office: Office) -> Appointment:
        return Appointment(organization=row, person_id=person, office=office, since=self.plan.founded)


def _name(chance: Random, words: dict[str, Any]) -> str:
    pick = chance.choice
    return str(pick(words["surnames"]) + pick(words["male_first"]) + pick(words["male_second"]))


@cache
def _spell(name: str) -> tuple[str, str]:
    return spell(name)


def accounts(register: Register, password: str) -> list[str]:
    """An account for every secretary; one post a level and the administrators can sign in.

    Returns the names of those who can. The others have no password.
    """
    signs_in = make_password(password)
    named = _named(register)
    users = [
        User(username=role.value, admin_role=role, password=signs_in, created_at=register.plan.started)
        for role in (AdminRole.SYSTEM, AdminRole.SECURITY, AdminRole.AUDIT)
    ]
    for person, username in named.items():
        users.append(_user(register, username, person, signs_in))
    for number in range(len(register.sizes)):
        secretary = register.person(number, 0)
        if secretary not in named:
            users.append(_user(register, f"s{number + 1:05}", secretary, "!"))
    bulk.save(User, users)
    return [user.username for user in users if user.password == signs_in]


def _user(register: Register, username: str, person: int, password: str) -> User:
    return User(username=username, person_id=person, password=password, created_at=register.plan.started)


def _named(register: Register) -> dict[int, str]:
    """The persons with a name to sign in by: ``politics_corps``, ``leader_corps`` …, ``secretary``."""
    last = len(register.sizes) - 1
    found = {register.person(last, 0): "secretary", register.person(last, register.sizes[last] - 2): "member"}
    posts = Appointment.objects.filter(office__in=[Office.SECRETARY, *STAFF]).order_by("id")
    for level in STAFFED:
        row = register.forest.levels[level][0]
        for post in posts.filter(organization=row):
            name = STAFF.get(Office(post.office), "leader")
            found.setdefault(post.person_id, f"{name}_{level}")
    return found

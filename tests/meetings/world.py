"""A small branch for the tests of this room: persons, posts, groups; rows are written directly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from accounts.models import Person, User
from branches.choices import Kind, Office
from branches.models import Appointment, Organization
from branches.querysets import step
from core.actor import Actor
from meetings.actions.content import (
    AgendaInput,
    MeetingInput,
    ResolutionInput,
    RollLine,
    VoteInput,
)
from meetings.choices import Presence, RollRole, Topic
from members.choices import Category, Stage
from members.models import Member, Membership, Standing

SINCE = date(2024, 1, 1)
DAY = date(2026, 10, 12)
NOON = datetime(2026, 10, 13, 4, 0, tzinfo=UTC)
"""Midday of the day after the meeting, in Beijing."""


@dataclass
class World:
    """A branch (with one group) under a committee, and another branch beside it."""

    committee: Organization
    branch: Organization
    group: Organization
    other: Organization
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor behind a person."""
        person = self.people[name]
        user, _ = User.objects.get_or_create(
            username=f"u{person.pk}", defaults={"person": person, "created_at": NOON}
        )
        return Actor(user=user, post=name)


def organization(name: str, kind: str, parent: Organization | None, **more: Any) -> Organization:
    row = Organization.objects.create(
        code=name,
        name=f"中共{name}",
        short_name=name,
        kind=kind,
        parent=parent,
        path=name,
        duties_from=SINCE,
        **more,
    )
    row.path = (parent.path if parent else "") + step(row.pk)
    row.save(update_fields=["path"])
    return row


def person(name: str) -> Person:
    return Person.objects.create(name=name, pinyin=name, created_at=NOON)


def member(
    who: Person,
    branch: Organization,
    stage: Stage = Stage.FULL,
    group: Organization | None = None,
    since: date = SINCE,
    until: date | None = None,
) -> None:
    Member.objects.create(
        person=who,
        organization=branch,
        group=group,
        stage=stage,
        category=Category.FIREFIGHTER,
    )
    Membership.objects.create(person=who, organization=branch, group=group, since=since, until=until)
    Standing.objects.create(person=who, stage=stage, since=since)


def appoint(who: Person, where: Organization, office: Office, **dates: Any) -> Appointment:
    return Appointment.objects.create(
        organization=where, person=who, office=office, **{"since": SINCE, **dates}
    )


OFFICES = {
    "书记": Office.SECRETARY,
    "副书记": Office.DEPUTY_SECRETARY,
    "组织": Office.ORGANISATION_MEMBER,
    "宣传": Office.PUBLICITY_MEMBER,
    "纪检": Office.DISCIPLINE_MEMBER,
}


def build() -> World:
    """Five on the committee, three more full members, one probationary, one applicant; a group of three."""
    committee = organization("测试大队党委", Kind.COMMITTEE, None)
    branch = organization("测试站党支部", Kind.BRANCH, committee)
    group = organization("第一党小组", Kind.GROUP, branch)
    other = organization("邻站党支部", Kind.BRANCH, committee)
    world = World(committee, branch, group, other)
    names = [*OFFICES, "甲", "乙", "丙", "预备", "申请", "邻书记", "政治", "普通"]
    world.people = {name: person(name) for name in names}
    for name, office in OFFICES.items():
        member(world.people[name], branch)
        appoint(world.people[name], branch, office)
    for name in ("甲", "乙"):
        member(world.people[name], branch, group=group)
    member(world.people["丙"], branch)
    member(world.people["预备"], branch, Stage.PROBATIONARY, group)
    member(world.people["申请"], branch, Stage.APPLICANT)
    appoint(world.people["甲"], group, Office.GROUP_LEADER)
    member(world.people["邻书记"], other)
    appoint(world.people["邻书记"], other, Office.SECRETARY)
    member(world.people["普通"], other)
    appoint(world.people["政治"], committee, Office.POLITICAL_OFFICER)
    return world


def roll(world: World, names: str, **away: str) -> tuple[RollLine, ...]:
    """Present persons by name; ``away`` maps names to an excuse, or to ``absent``."""
    lines = [RollLine(world.people[name].pk) for name in names.split()]
    for name, excuse in away.items():
        absent = excuse == "absent"
        presence = Presence.ABSENT if absent else Presence.EXCUSED
        lines.append(RollLine(world.people[name].pk, presence=presence, excuse="" if absent else excuse))
    return tuple(lines)


def committee_meeting(world: World, **changes: Any) -> MeetingInput:
    """An ordinary 支委会 of five with one item, one vote that carries and one resolution."""
    content = MeetingInput(
        kinds=("committee_meeting",),
        held_on=DAY,
        starts_at=time(19),
        ends_at=time(20, 10),
        place="会议室",
        chair_id=world.people["书记"].pk,
        recorder_id=world.people["组织"].pk,
        roll=roll(world, "书记 副书记 组织 宣传", 纪检="on_call"),
        agenda=(
            AgendaInput(
                "研究冬季防火工作",
                discussion="逐条讨论。",
                speakers=4,
                vote=VoteInput(in_favour=4, passed=True),
                resolutions=(ResolutionInput("开展一次检查", "甲", date(2026, 10, 30)),),
            ),
        ),
    )
    return replace(content, **changes)


def members_meeting(world: World, here: str, vote: VoteInput | None, **changes: Any) -> MeetingInput:
    """A 党员大会; everybody due who is not named is absent."""
    due = "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备".split()
    away = {name: "absent" for name in due if name not in here.split()}
    content = MeetingInput(
        kinds=("members_meeting",),
        held_on=DAY,
        chair_id=world.people["书记"].pk,
        recorder_id=world.people["组织"].pk,
        roll=roll(world, here, **away),
        agenda=(AgendaInput("讨论有关事项", Topic.OTHER, "充分讨论。", 5, vote=vote),),
    )
    return replace(content, **changes)


OBSERVER = RollRole.OBSERVER

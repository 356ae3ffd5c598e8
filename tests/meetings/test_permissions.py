"""Who may do what: one who may and one who may not, for every verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from branches.choices import Office
from branches.models import Appointment
from core.actor import Actor, system
from core.decisions import Decision, NotAllowed
from meetings import actions, permissions
from meetings.choices import State
from meetings.models import Meeting, Resolution
from tests.meetings.world import World, appoint, committee_meeting, roll

pytestmark = pytest.mark.both

OUTSIDERS = ("甲", "丙", "预备", "邻书记", "政治", "普通")
"""The leader of a group, plain members, the secretary next door, the political officer above."""


def draft(world: World, **changes: Any) -> Meeting:
    by = world.actor("书记")
    return actions.start_meeting(by, world.branch, committee_meeting(world, **changes))


def submitted(world: World, **changes: Any) -> Meeting:
    row = draft(world, **changes)
    return actions.submit_meeting(world.actor("组织"), row, row.version)


def filed(world: World, **changes: Any) -> Meeting:
    return actions.file_meeting(world.actor("书记"), submitted(world, **changes))


def group_meeting(world: World, **changes: Any) -> Any:
    content = committee_meeting(
        world,
        kinds=("group_meeting",),
        group_id=world.group.pk,
        chair_id=world.people["甲"].pk,
        recorder_id=world.people["乙"].pk,
        roll=roll(world, "甲 乙 预备"),
        agenda=committee_meeting(world).agenda[:1],
    )
    item = replace(content.agenda[0], vote=None)
    return replace(content, agenda=(item,), **changes)


Gate = Callable[[Actor, Any], Decision]
MATRIX: list[tuple[Gate, Callable[[World], Meeting], tuple[str, ...], tuple[str, ...]]] = [
    (permissions.can_edit, draft, ("书记", "副书记", "组织", "纪检"), OUTSIDERS),
    (permissions.can_submit, draft, ("书记", "组织", "宣传"), OUTSIDERS),
    (permissions.can_submit_and_file, draft, ("书记",), ("副书记", "组织", *OUTSIDERS)),
    (permissions.can_file, submitted, ("书记",), ("副书记", "组织", *OUTSIDERS)),
    (permissions.can_return, submitted, ("书记", "组织"), OUTSIDERS),
    (permissions.can_discard, draft, ("书记", "组织"), OUTSIDERS),
    (permissions.can_correct, filed, ("书记", "组织"), OUTSIDERS),
    (permissions.can_void, filed, ("书记",), ("副书记", "组织", *OUTSIDERS)),
    (permissions.can_explain, filed, ("书记", "组织"), OUTSIDERS),
]


@pytest.mark.parametrize(("gate", "make", "may", "may_not"), MATRIX)
def test_matrix(
    world: World,
    gate: Gate,
    make: Callable[[World], Meeting],
    may: tuple[str, ...],
    may_not: tuple[str, ...],
) -> None:
    meeting = make(world)
    for name in may:
        assert gate(world.actor(name), meeting), name
    for name in may_not:
        assert gate(world.actor(name), meeting).reason, name
    assert not gate(system("某任务"), meeting)
    assert not gate(Actor(), meeting)


def test_a_past_office_gives_no_right(world: World) -> None:
    meeting = submitted(world)
    Appointment.objects.filter(person=world.people["书记"]).update(until=date(2026, 10, 13))
    by = world.actor("书记")
    assert not permissions.can_file(by, meeting)
    with pytest.raises(NotAllowed):
        actions.file_meeting(by, meeting)
    meeting.refresh_from_db()
    assert meeting.state == State.SUBMITTED


def test_the_deputy_stands_in_only_while_there_is_no_secretary(world: World) -> None:
    meeting = submitted(world)
    by = world.actor("副书记")
    assert not permissions.can_file(by, meeting)
    Appointment.objects.filter(person=world.people["书记"]).update(until=date(2026, 10, 13))
    assert permissions.can_file(by, meeting)
    assert not permissions.can_file(world.actor("组织"), meeting)


def test_the_chair_files_what_was_chaired(world: World) -> None:
    meeting = submitted(world, chair_id=world.people["组织"].pk)
    assert permissions.can_file(world.actor("组织"), meeting)
    assert not permissions.can_file(world.actor("宣传"), meeting)
    assert not permissions.can_void(world.actor("组织"), filed(world))


def test_a_plain_member_who_chaired_files_nothing(world: World) -> None:
    everybody = roll(world, "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备")
    meeting = submitted(
        world, kinds=("theme_day",), chair_id=world.people["丙"].pk, roll=everybody, agenda=AGENDA(world)
    )
    assert not permissions.can_file(world.actor("丙"), meeting)


def AGENDA(world: World) -> Any:
    return (replace(committee_meeting(world).agenda[0], vote=None),)


def test_a_small_branch_does_it_in_one_tap(world: World) -> None:
    """The secretary alone, no committee: logged, submitted and filed by the same person (MT-17)."""
    by = world.actor("邻书记")
    people = [world.people["邻书记"].pk, world.people["普通"].pk]
    content = committee_meeting(
        world,
        kinds=("members_meeting",),
        chair_id=people[0],
        recorder_id=people[0],
        roll=roll(world, "邻书记 普通"),
        agenda=AGENDA(world),
    )
    meeting = actions.start_meeting(by, world.other, content)
    assert permissions.can_submit_and_file(by, meeting)
    assert actions.submit_and_file(by, meeting, 1).state == State.FILED


def test_a_group_leader_logs_and_files_the_own_group_only(world: World) -> None:
    by = world.actor("甲")
    meeting = actions.start_meeting(by, world.group, group_meeting(world))
    assert (meeting.organization, meeting.group) == (world.branch, world.group)
    assert (meeting.due, meeting.voters_due) == (3, 2)
    assert actions.submit_and_file(by, meeting, 1).chair_post == "党小组组长"
    assert by.user is not None
    assert list(Meeting.objects.visible_to(by.user)) == [meeting]
    with pytest.raises(NotAllowed):
        actions.start_meeting(by, world.branch, committee_meeting(world))
    with pytest.raises(NotAllowed):
        actions.start_meeting(by, world.group, group_meeting(world, kinds=("theme_day",)))
    with pytest.raises(NotAllowed):
        actions.start_meeting(by, world.group, group_meeting(world, kinds=("group_meeting", "theme_day")))
    second = actions.start_meeting(by, world.branch, group_meeting(world))
    with pytest.raises(NotAllowed):
        actions.save_meeting(by, second, committee_meeting(world), 1)


def test_another_leader_of_the_branch_does_not_touch_the_group(world: World) -> None:
    meeting = actions.start_meeting(world.actor("甲"), world.group, group_meeting(world))
    other = world.people["乙"]
    appoint(other, world.other, Office.GROUP_LEADER)
    assert not permissions.can_edit(world.actor("乙"), meeting)
    assert permissions.can_edit(world.actor("组织"), meeting)


def test_every_action_asks_its_gate(world: World) -> None:
    """The same refusal when the page is passed by."""
    by = world.actor("邻书记")
    content = committee_meeting(world)
    open_row, handed, done = draft(world), submitted(world), filed(world)
    resolution = Resolution.objects.filter(item__meeting=done).get()
    attempts: list[Callable[[], Any]] = [
        lambda: actions.start_meeting(by, world.branch, content),
        lambda: actions.save_meeting(by, open_row, content, open_row.version),
        lambda: actions.submit_meeting(by, open_row, open_row.version),
        lambda: actions.submit_and_file(by, open_row, open_row.version),
        lambda: actions.discard_draft(by, open_row),
        lambda: actions.file_meeting(by, handed),
        lambda: actions.return_meeting(by, handed, "理由"),
        lambda: actions.correct_meeting(by, done, "理由"),
        lambda: actions.void_meeting(by, done, "理由"),
        lambda: actions.explain_finding(by, done, "CK-02", "说明"),
        lambda: actions.close_resolution(by, resolution, date(2026, 10, 13), "已落实"),
    ]
    before = list(Meeting.objects.order_by("pk").values())
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert list(Meeting.objects.order_by("pk").values()) == before


def test_sight_is_the_subtree_of_current_posts(world: World) -> None:
    done = filed(world)
    sees = {"书记": 1, "政治": 1, "邻书记": 0, "普通": 0}
    for name, count in sees.items():
        user = world.actor(name).user
        assert user is not None
        assert Meeting.objects.visible_to(user).count() == count, name
    assert done.organization == world.branch

"""What saving and filing a record costs: the same for ten people and for sixty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.queries import book
from meetings import actions
from meetings.actions.content import MeetingInput, RollLine
from meetings.choices import Presence
from meetings.models import Attendance
from tests.meetings.world import World, member, members_meeting, person

pytestmark = pytest.mark.both

SAVE = 11
"""The row under lock, posts, kinds, members, stays, committee; the row; roll and agenda; changed lines; the trail."""
SUBMIT = 14
FILE = 58


def meeting_of(world: World, size: int) -> MeetingInput:
    """A 党员大会 of ``size``: the branch is filled up with new members."""
    for number in range(size - 9):
        world.people[f"新{number}"] = person(f"新{number}")
        member(world.people[f"新{number}"], world.branch)
    here = [name for name in world.people if name not in ("申请", "邻书记", "普通", "政治")]
    return members_meeting(world, " ".join(here), None)


def cost(act: object) -> int:
    """Statements, without those that mark transactions."""
    with CaptureQueriesContext(connection) as queries:
        act()  # type: ignore[operator]
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


@pytest.mark.parametrize("size", [10, 60])
def test_a_record_costs_the_same_for_rolls_of_all_sizes(world: World, size: int) -> None:
    by, entered = world.actor("书记"), meeting_of(world, size)
    book(world.branch)  # the law is read once a process
    draft = actions.start_meeting(by, world.branch, entered)
    assert draft.due == size
    away = {world.people[name].pk for name in ("甲", "乙")}
    lines = [
        RollLine(line.person_id, presence=Presence.ABSENT) if line.person_id in away else line
        for line in entered.roll
    ]
    changed = replace(entered, roll=tuple(lines), place="二楼会议室")
    assert cost(lambda: actions.save_meeting(by, draft, changed, 1)) == SAVE
    draft.refresh_from_db()
    assert draft.absent == 2
    assert cost(lambda: actions.submit_meeting(by, draft, 2)) <= SUBMIT
    draft.refresh_from_db()
    assert cost(lambda: actions.file_meeting(by, draft)) <= FILE


def test_only_lines_that_changed_are_written(world: World) -> None:
    by, entered = world.actor("书记"), meeting_of(world, 10)
    draft = actions.start_meeting(by, world.branch, entered)
    before = dict(draft.roll.values_list("person", "pk"))
    items = list(draft.agenda.values_list("pk", flat=True))
    left, shorter = world.people["丙"].pk, [e for e in entered.roll if e.person_id != world.people["丙"].pk]
    shorter[0] = replace(shorter[0], note="迟到")
    saved = actions.save_meeting(by, draft, replace(entered, roll=tuple(shorter)), 1)
    assert dict(saved.roll.values_list("person", "pk")) == {k: v for k, v in before.items() if k != left}
    assert saved.roll.get(person=shorter[0].person_id).note == "迟到"
    assert Attendance.objects.filter(meeting=saved).exclude(note="").count() == 1
    assert list(saved.agenda.values_list("pk", flat=True)) == items
    again = actions.save_meeting(by, saved, entered, 2)
    assert again.roll.count() == 10
    assert not again.roll.exclude(note="").exists()
    assert again.due == again.present == 10

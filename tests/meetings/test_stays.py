"""Members who take part in another branch while their relation stays at home (MT-14, BR-08): roll, quorum, papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.choices import Kind
from branches.models import Organization
from core import chain
from core.decisions import ActionError
from meetings import actions, queries
from meetings.actions.content import AgendaInput, MeetingInput, RollLine, VoteInput
from meetings.choices import Body, RollRole, Topic
from meetings.documents import minutes_paper
from meetings.models import Meeting
from meetings.queries.gathering import gathering
from meetings.rules.roll import Part, at_home, at_host
from members.models import RightsSuspension, Stay
from supervision.queries import Keys
from supervision.queries.holders import _members_on
from tests.meetings.world import (
    DAY,
    NOON,
    SINCE,
    World,
    appoint,
    committee_meeting,
    members_meeting,
    organization,
)

pytestmark = pytest.mark.both
ALL = "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备"
EVERY = ("members_meeting", "theme_day", "party_lesson", "organisation_life")


def send(world: World, name: str, host: Organization, **changes: Any) -> Stay:
    given: dict[str, Any] = {"kind": "task", "since": date(2026, 10, 1), "reason": "靠前驻防"} | changes
    return Stay.objects.create(person=world.people[name], organization=host, **given)


@pytest.fixture
def task(world: World) -> Organization:
    """A temporary branch beside the others, with a secretary of the branch of the tests."""
    host = organization("驻防临时党支部", Kind.BRANCH, world.committee, temporary=True)
    appoint(world.people["副书记"], host, "secretary")  # type: ignore[arg-type]
    return host


def expected(world: World, where: Organization, *kinds: str, day: date = DAY) -> dict[str, RollRole]:
    return {row.name: row.role for row in queries.expected_roll(where, None, kinds, day)}


# --- the rule ------------------------------------------------------------------------------------


def test_where_somebody_is_due_and_votes() -> None:
    assert at_home(assembly=True) == Part(due=True, votes=True)
    assert at_home(assembly=False) == Part(due=False, votes=False)
    assert at_host(assembly=True, temporary=False) == Part(due=False, votes=False)
    assert at_host(assembly=False, temporary=False) == Part(due=True, votes=False)
    assert at_host(assembly=True, temporary=True) == Part(due=True, votes=True)


@pytest.mark.parametrize("kind", EVERY)
def test_in_an_ordinary_branch_nobody_is_due_twice_or_votes_twice(world: World, kind: str) -> None:
    send(world, "丙", world.other)
    places = [expected(world, where, kind).get("丙") for where in (world.branch, world.other)]
    assert len([role for role in places if role]) == 1
    assert places.count(RollRole.VOTER) <= 1
    at = world.branch if kind == "members_meeting" else world.other
    assert "丙" in expected(world, at, kind)


@pytest.mark.parametrize("kind", EVERY[1:])
def test_at_a_temporary_branch_nobody_is_due_twice_in_organisational_life(
    world: World, task: Organization, kind: str
) -> None:
    send(world, "丙", task)
    assert "丙" not in expected(world, world.branch, kind)
    assert expected(world, task, kind)["丙"] == RollRole.VOTER


def test_the_vote_at_home_stays_and_a_temporary_branch_decides_its_own(
    world: World, task: Organization
) -> None:
    """XA-08: a task is no reason to leave somebody out of the 党员大会 of the own branch."""
    send(world, "丙", task)
    assert expected(world, world.branch, "members_meeting")["丙"] == RollRole.VOTER
    assert expected(world, task, "members_meeting") == {"丙": RollRole.VOTER}
    RightsSuspension.objects.create(person=world.people["丙"], kind="suspended", since=SINCE)
    assert expected(world, task, "members_meeting") == {"丙": RollRole.NONVOTER}


def test_dates_decide_first_day_in_last_day_out(world: World) -> None:
    send(world, "丙", world.other, since=DAY, until=DAY + timedelta(days=2))
    there = [
        "丙" in expected(world, world.other, "theme_day", day=DAY + timedelta(days=n)) for n in range(-1, 3)
    ]
    here = [
        "丙" in expected(world, world.branch, "theme_day", day=DAY + timedelta(days=n)) for n in range(-1, 3)
    ]
    assert (there, here) == ([False, True, True, False], [True, False, False, True])


def test_group_and_committee(world: World, task: Organization) -> None:
    send(world, "甲", task)
    send(world, "组织", task)
    group = queries.expected_roll(world.branch, world.group, ("group_meeting",), DAY)
    assert {row.name for row in group} == {"乙", "预备"}
    assert "组织" in expected(world, world.branch, "committee_meeting")  # an office is held at home
    assert "组织" not in expected(world, world.branch, "theme_day")
    assert "组织" in expected(world, world.branch, "theme_day", "committee_meeting")
    assert expected(world, task, "committee_meeting") == {"副书记": RollRole.VOTER}


def test_probationary_members_and_applicants(world: World, task: Organization) -> None:
    send(world, "预备", task)
    send(world, "申请", task)
    assert expected(world, task, "theme_day") == {"预备": RollRole.NONVOTER}


def test_of_two_kinds_at_once_home_asks_for_the_assembly(world: World) -> None:
    send(world, "丙", world.other)
    both = ("members_meeting", "theme_day")
    assert expected(world, world.branch, *both)["丙"] == RollRole.VOTER
    assert expected(world, world.other, *both)["丙"] == RollRole.NONVOTER


# --- the record ----------------------------------------------------------------------------------


def theme_day(world: World, where: Organization, chair: str, **changes: Any) -> MeetingInput:
    due = queries.expected_roll(where, None, ("theme_day",), DAY)
    content = MeetingInput(
        kinds=("theme_day",),
        held_on=DAY,
        chair_id=world.people[chair].pk,
        recorder_id=world.people[chair].pk,
        roll=tuple(RollLine(row.person_id) for row in due),
        agenda=(AgendaInput("集体学习", Topic.STUDY, "逐条讨论。", 3),),
    )
    return replace(content, **changes)


def test_filed_at_home_they_are_named_as_not_counted(world: World) -> None:
    send(world, "丙", world.other)
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, theme_day(world, world.branch, "书记"))
    assert (draft.due, draft.left_out) == (8, [[world.people["丙"].pk, "丙"]])
    done = actions.submit_and_file(by, draft, draft.version)
    page = Meeting.objects.for_page().get(pk=done.pk)
    elements = {item.label: item.value for item in minutes_paper(page).blocks[0].items}  # type: ignore[union-attr]
    assert elements["不计入应到会"] == "1人（丙）"
    assert chain.verify(world.branch.pk) is None


def test_a_temporary_branch_files_its_day_with_its_guests(world: World, task: Organization) -> None:
    for name in ("副书记", "丙", "普通"):
        send(world, name, task)
    by = world.actor("副书记")
    draft = actions.start_meeting(by, task, theme_day(world, task, "副书记"))
    assert (draft.due, draft.voters_due, draft.present) == (3, 3, 3)
    done = actions.submit_and_file(by, draft, draft.version)
    assert {row.name for row in done.roll.all()} == {"副书记", "丙", "普通"}
    assert not [f for f in queries.findings(done) if f.rule.startswith(("XA", "MT-02"))]


def test_quorum_and_majority_of_a_temporary_branch_are_those_of_its_guests(
    world: World, task: Organization
) -> None:
    for name in ("副书记", "丙", "普通"):
        send(world, name, task)
    meter = gathering(task, None, ("members_meeting",), DAY).meter({})
    assert (meter.due, meter.need) == (3, 2)
    roll = tuple(RollLine(world.people[name].pk) for name in ("副书记", "丙", "普通"))
    vote = VoteInput(in_favour=1, against=2, passed=True)
    item = AgendaInput("讨论驻防安排", Topic.OTHER, "充分讨论。", 3, vote=vote)
    content = theme_day(world, task, "副书记", kinds=("members_meeting",), roll=roll, agenda=(item,))
    with pytest.raises(ActionError, match="MT-03|半数"):
        actions.start_meeting(world.actor("副书记"), task, content)


def test_an_election_in_a_temporary_branch_is_told(world: World, task: Organization) -> None:
    """BR-10: no right to elect is held twice."""
    send(world, "丙", task)
    item = AgendaInput("选举支部委员", Topic.ELECT, "充分讨论。", 3)
    content = theme_day(world, task, "副书记", kinds=("members_meeting",), agenda=(item,))
    content = replace(content, roll=(RollLine(world.people["丙"].pk),), chair_id=None, recorder_id=None)
    draft = actions.start_meeting(world.actor("副书记"), task, content)
    assert "BR-10" in {row.rule for row in queries.findings(draft)}


def test_the_check_up_at_home_still_counts_them(world: World, task: Organization) -> None:
    send(world, "丙", task)
    draft = actions.start_meeting(
        world.actor("书记"), world.branch, members_meeting(world, ALL.replace(" 丙", ""), None)
    )
    assert (draft.due, draft.left_out) == (9, [])
    assert not [f for f in queries.findings(draft) if f.rule == "XA-08"]


def test_in_an_ordinary_branch_the_quorum_is_that_of_its_own(world: World) -> None:
    before = gathering(world.other, None, ("theme_day",), DAY).meter({})
    send(world, "丙", world.other)
    after = gathering(world.other, None, ("theme_day",), DAY)
    assert after.meter({}).due == before.due == 2
    assert "丙" in {row.name for row in after.expected}
    facts = queries.meeting_facts(
        actions.start_meeting(world.actor("邻书记"), world.other, theme_day(world, world.other, "邻书记"))
    )
    assert facts["organization"]["full_members"] == 2
    assert (facts["voting_due"], facts["others_present"]) == (2, 1)


def test_a_roll_saved_before_is_asked_for_again(world: World) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, theme_day(world, world.branch, "书记"))
    send(world, "丙", world.other)
    with pytest.raises(ActionError, match="丙"):
        actions.submit_meeting(by, draft, draft.version)
    there = actions.start_meeting(
        world.actor("邻书记"),
        world.other,
        replace(theme_day(world, world.other, "邻书记"), roll=(RollLine(world.people["邻书记"].pk),)),
    )
    with pytest.raises(ActionError, match="丙"):
        actions.submit_meeting(world.actor("邻书记"), there, there.version)


def test_a_stranger_still_stands_on_no_roll(world: World, task: Organization) -> None:
    content = theme_day(world, world.other, "邻书记")
    with pytest.raises(ActionError, match="不在"):
        actions.start_meeting(
            world.actor("邻书记"),
            world.other,
            replace(content, roll=(*content.roll, RollLine(world.people["丙"].pk))),
        )


def test_the_form_says_who_is_elsewhere_and_who_is_a_guest(world: World, sign_in: Any) -> None:
    send(world, "丙", world.other)
    client: Client = sign_in(world.actor("书记").user)
    page = client.get(reverse("meetings:log"), {"kind": "theme_day", "until": f"{DAY}"}).content.decode()
    assert "不计入应到 1 人（丙，在邻站党支部参加组织生活）" in page
    there: Client = sign_in(world.actor("邻书记").user)
    page = there.get(reverse("meetings:log"), {"kind": "theme_day", "until": f"{DAY}"}).content.decode()
    assert "临时编入" in page
    assert f'name="p{world.people["丙"].pk}"' in page


def test_one_guest_costs_what_many_cost(world: World, task: Organization) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.register_on(task, DAY)
        return len(found)

    send(world, "丙", task)
    few = cost()
    for name in ("甲", "乙", "预备", "普通"):
        send(world, name, task)
    assert cost() == few <= 8


# --- what is owed --------------------------------------------------------------------------------


def test_a_temporary_branch_owes_what_its_guests_owe(world: World, task: Organization) -> None:
    assert task.pk not in _members_on(DAY, False, None)
    send(world, "丙", task)
    send(world, "甲", task)
    counted = _members_on(DAY, False, None)
    assert (counted[task.pk], counted[world.branch.pk]) == (2, 9)
    alone = Keys(task.pk, task.pk)
    assert _members_on(DAY, False, alone) == {task.pk: 2}
    assert _members_on(date(2026, 9, 30), False, alone) == {}


def test_the_committee_of_the_general_branch_counts_each_once(world: World) -> None:
    """A 党总支 is made up of its branches: who goes from one to another of them stays its member."""
    Organization.objects.filter(pk=world.committee.pk).update(kind=Kind.GENERAL_BRANCH)
    world.committee.refresh_from_db()
    before = expected(world, world.committee, "theme_day")
    send(world, "丙", world.other)
    assert expected(world, world.committee, "theme_day") == before
    register = queries.register_on(world.committee, DAY)
    assert (register.guests, register.away) == ({}, {})
    assert register.of_body(Body.MEMBERS, None) == list(dict.fromkeys(register.of_body(Body.MEMBERS, None)))


def test_committee_meetings_are_as_before(world: World) -> None:
    send(world, "丙", world.other)
    draft = actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world))
    assert (draft.due, draft.left_out, NOON.date()) == (5, [], date(2026, 10, 13))

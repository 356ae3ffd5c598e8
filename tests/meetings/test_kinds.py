"""The kinds that ship, who is due at them, and what the last record gives to begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from branches.choices import Office
from meetings import actions, queries
from meetings.actions.kinds import load_kinds
from meetings.choices import RollRole, Topic
from meetings.models import MeetingKind
from members.choices import Suspension
from members.models import Membership, RightsSuspension, Standing
from tests.meetings.world import DAY, World, appoint, committee_meeting, person

pytestmark = pytest.mark.both

COMMITTEE = ["书记", "副书记", "组织", "宣传", "纪检"]


def names(world: World, *kinds: str, day: date = DAY) -> list[str]:
    rows = queries.expected_roll(world.branch, world.group, kinds, day)
    return [row.name for row in rows]


def test_six_kinds_ship_and_changes_stay(world: World) -> None:
    assert list(MeetingKind.objects.values_list("name", flat=True)) == [
        "党员大会",
        "支委会",
        "党小组会",
        "组织生活会",
        "党课",
        "主题党日",
    ]
    MeetingKind.objects.filter(code="theme_day").update(name="固定党日")
    assert load_kinds() == 6
    assert MeetingKind.objects.get(code="theme_day").name == "固定党日"


@pytest.mark.parametrize(
    ("kinds", "due"),
    [
        (["committee_meeting"], COMMITTEE),
        (["members_meeting"], [*COMMITTEE, "丙", "乙", "甲", "预备"]),
        (["theme_day"], [*COMMITTEE, "丙", "乙", "甲", "预备"]),
        (["committee_meeting", "theme_day"], [*COMMITTEE, "丙", "乙", "甲", "预备"]),
        (["group_meeting"], ["乙", "甲", "预备"]),
        (["group_meeting", "party_lesson"], [*COMMITTEE, "丙", "乙", "甲", "预备"]),
        ([], []),
    ],
)
def test_who_is_due(world: World, kinds: list[str], due: list[str]) -> None:
    found = names(world, *kinds)
    assert found[: len(COMMITTEE)] == due[: len(COMMITTEE)] or "group_meeting" in kinds
    assert sorted(found) == sorted(due)


def test_rights_and_stage_of_the_day(world: World) -> None:
    who = world.people["丙"]
    RightsSuspension.objects.create(
        person=who, kind=Suspension.SUSPENDED, since=date(2026, 10, 1), until=date(2026, 11, 1)
    )
    probationary = Standing.objects.get(person=world.people["预备"])
    probationary.until = date(2026, 10, 12)
    probationary.save()
    Standing.objects.create(person=world.people["预备"], stage="full", since=date(2026, 10, 12))
    roles = {row.name: row for row in queries.expected_roll(world.branch, None, ["theme_day"], DAY)}
    assert roles["丙"].role == RollRole.NONVOTER
    assert roles["预备"].role == RollRole.VOTER
    day_before = queries.expected_roll(world.branch, None, ["theme_day"], date(2026, 10, 11))
    assert {row.name: row.role for row in day_before}["预备"] == RollRole.NONVOTER


def test_a_secretary_from_elsewhere_sits_on_the_committee(world: World) -> None:
    """A superior may assign a secretary whose membership is elsewhere: due at 支委会, not at 党员大会."""
    guest = person("派驻")
    appoint(guest, world.branch, Office.DEPUTY_SECRETARY)
    assert "派驻" in names(world, "committee_meeting")
    assert "派驻" not in names(world, "members_meeting")


def test_the_committee_of_the_day(world: World) -> None:
    world.branch.appointments.filter(person__name="纪检").update(until=date(2026, 10, 12))
    assert "纪检" not in names(world, "committee_meeting")
    assert "纪检" in names(world, "committee_meeting", day=date(2026, 10, 11))


def test_a_general_branch_is_made_up_of_its_branches(world: World) -> None:
    world.committee.kind = "general_branch"
    world.committee.save()
    found = queries.expected_roll(world.committee, None, ["members_meeting"], DAY)
    assert len(found) == Membership.objects.on(DAY).count() - 1  # all but the applicant


def test_the_roll_costs_the_same_for_all_sizes(world: World, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]  # pytest-django gives no type
        queries.expected_roll(world.branch, None, ["committee_meeting", "theme_day"], DAY)


def test_the_last_record_of_a_kind(world: World) -> None:
    by = world.actor("书记")
    assert queries.last_meeting(world.branch, "committee_meeting") is None
    rows = [
        actions.start_meeting(by, world.branch, committee_meeting(world, place=place, held_on=day))
        for place, day in (("早", date(2026, 9, 1)), ("晚", date(2026, 10, 12)), ("中", date(2026, 10, 1)))
    ]
    last = queries.last_meeting(world.branch, "committee_meeting")
    assert last is not None
    assert last.place == "晚"
    done = actions.submit_and_file(by, rows[1], 1)
    actions.void_meeting(by, done, "重复")
    again = queries.last_meeting(world.branch, "committee_meeting")
    assert again is not None
    assert again.place == "中"


def test_facts_are_those_of_the_contract(world: World) -> None:
    draft = actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world))
    assert queries.meeting_facts(draft) == {
        "kind": "committee_meeting",
        "organization": {
            "kind": "branch",
            "full_members": 8,
            "probationary": 1,
            "committee_members": 5,
            "groups": 1,
            "temporary": False,
        },
        "held_on": "2026-10-12",
        "recorded_on": "2026-10-13",
        "excluded_from_due": [],
        "chair": "secretary",
        "voting_due": 5,
        "voting_present": 4,
        "others_present": 0,
        "absences": [{"reason": "on_call", "count": 1}],
        "agenda": [
            {
                "topic": "other",
                "text": "研究冬季防火工作",
                "discussed": True,
                "speakers": 4,
                "candidates": 1,
                "secret": False,
                "issued": 4,
                "returned": 4,
                "void": 0,
                "for": 4,
                "against": 0,
                "abstain": 0,
                "written_for": 0,
                "decision": "开展一次检查",
                "owner": "甲",
                "due": "2026-10-30",
            }
        ],
    }
    assert queries.findings(draft) == []


def test_quorum_in_words(world: World) -> None:
    draft = actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world))
    found = queries.quorum(draft)
    assert (found.due, found.present, found.met, found.code) == (5, 4, True, "MT-07.quorum")
    assert found.words == "不少于 1/2"


@pytest.mark.parametrize(
    ("held_on", "year", "rules"),
    [
        (date(2026, 3, 31), 2025, set()),
        (date(2026, 4, 1), 2026, {"OL-01"}),
        (date(2026, 10, 10), 2026, set()),
    ],
)
def test_the_work_year_of_an_organisation_life_meeting(
    world: World, held_on: date, year: int, rules: set[str]
) -> None:
    content = committee_meeting(world, kinds=("organisation_life",), held_on=held_on, agenda=())
    draft = actions.start_meeting(world.actor("书记"), world.branch, content)
    assert queries.meeting_facts(draft)["work_year"] == year
    assert {row.rule for row in queries.findings(draft)} - {"CK-02"} == rules


def test_a_task_given_without_a_vote_lacks_no_ballots(world: World) -> None:
    task = replace(committee_meeting(world).agenda[0], vote=None)
    content = committee_meeting(world, agenda=(task,))
    draft = actions.start_meeting(world.actor("书记"), world.branch, content)
    assert queries.findings(draft) == []
    admit = replace(task, topic=Topic.ADMIT)
    saved = actions.save_meeting(world.actor("书记"), draft, replace(content, agenda=(admit,)), draft.version)
    assert "MT-04" in {row.rule for row in queries.findings(saved)}

"""Members who need not be counted as due: roll, quorum, check-up, minutes, chain (XA-01–07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from core import chain
from core.decisions import ActionError
from meetings import actions, queries
from meetings.actions.content import VoteInput
from meetings.choices import RollRole
from meetings.documents import minutes_paper
from meetings.models import Meeting
from meetings.queries.gathering import gathering
from members.models import Exemption, RightsSuspension
from tests.meetings.world import DAY, SINCE, World, committee_meeting, members_meeting, roll

pytestmark = pytest.mark.both
ALL = "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备"
WITHOUT = ALL.replace(" 丙", "")
KINDS = ("members_meeting",)


def exempt(world: World, name: str = "丙", **changes: Any) -> Exemption:
    """Agreed to and approved long ago unless ``changes`` say otherwise."""
    given: dict[str, Any] = {
        "reason": "abroad",
        "since": date(2026, 1, 1),
        "consented_on": date(2026, 1, 5),
        "approved_on": date(2026, 1, 6),
    } | changes
    return Exemption.objects.create(person=world.people[name], organization=world.branch, **given)


def due(world: World, *kinds: str, day: date = DAY, group: bool = False) -> set[str]:
    rows = queries.expected_roll(world.branch, world.group if group else None, kinds or KINDS, day)
    return {row.name for row in rows}


def drafted(world: World, here: str = WITHOUT, vote: VoteInput | None = None) -> Meeting:
    content = members_meeting(world, here, vote)
    wanted = {world.people[name].pk for name in due(world)}
    content = replace(content, roll=tuple(line for line in content.roll if line.person_id in wanted))
    return actions.start_meeting(world.actor("书记"), world.branch, content)


def rules(meeting: Meeting) -> dict[str, str]:
    return {row.rule: row.message for row in queries.findings(meeting) if row.rule.startswith("XA")}


def test_with_both_conditions_the_member_is_off_the_roll(world: World) -> None:
    exempt(world)
    assert due(world) == set(WITHOUT.split())
    assert due(world, "party_lesson", "theme_day") == set(WITHOUT.split())
    draft = drafted(world)
    assert (draft.due, draft.voters_due, draft.left_out) == (8, 7, [[world.people["丙"].pk, "丙"]])
    assert queries.quorum(draft).due == 7
    assert queries.meeting_facts(draft)["excluded_from_due"] == [
        {"reason": "abroad", "superior_consent": True, "meeting_approved": True, "count": 1}
    ]
    assert rules(draft) == {}


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"consented_on": None}, "上级党组织同意"),
        ({"approved_on": None}, "党员大会通过"),
        ({"consented_on": None, "approved_on": None}, "上级党组织同意、党员大会通过"),
        ({"approved_on": DAY + timedelta(days=1)}, "党员大会通过"),
    ],
)
def test_without_a_condition_the_member_stays_due_and_the_check_up_says_why(
    world: World, changes: Any, lacks: str
) -> None:
    exempt(world, **changes)
    assert due(world) == set(ALL.split())
    draft = drafted(world, ALL)
    assert (draft.due, draft.left_out) == (9, [])
    assert rules(draft) == {"XA-02": f"不计入应到会的人员未经{lacks}，应当计入应到会人数"}


def test_it_holds_from_the_first_day_to_the_day_before_the_last(world: World) -> None:
    exempt(world, since=DAY, until=DAY + timedelta(days=2))
    left = ["丙" not in due(world, day=DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert left == [False, True, True, False]


def test_an_exemption_of_another_branch_is_none_here(world: World) -> None:
    exempt(world).__class__.objects.update(organization=world.other)
    assert "丙" in due(world)


def test_a_committee_leaves_nobody_out_and_a_group_does(world: World) -> None:
    exempt(world, "纪检")
    exempt(world, "乙")
    assert "纪检" in due(world, "committee_meeting")
    assert "纪检" not in due(world)
    assert "纪检" in due(world, "committee_meeting", "theme_day")
    assert due(world, "group_meeting", group=True) == {"甲", "预备"}
    mixed = gathering(world.branch, None, ("committee_meeting", "theme_day"), DAY)
    assert mixed.left_out == ["乙"]
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    assert (draft.left_out, rules(draft)) == ([], {})
    assert queries.meeting_facts(draft)["excluded_from_due"] == []


def test_only_full_members_are_counted_and_one_dropped_is_still_found(world: World) -> None:
    exempt(world, "预备")
    draft = drafted(world, ALL.replace(" 预备", ""))
    assert (draft.due, draft.voters_due) == (8, 8)
    assert queries.meeting_facts(draft)["excluded_from_due"] == []
    RightsSuspension.objects.create(person=world.people["丙"], kind="detained", since=SINCE)
    exempt(world, "丙", reason="suspended")
    assert rules(drafted(world, WITHOUT.replace(" 预备", ""))) == {}
    Exemption.objects.filter(person=world.people["丙"]).delete()
    assert "XA-08" in rules(drafted(world, ALL.replace(" 预备", "")))


def test_the_vote_counts_without_them(world: World) -> None:
    """Four of eight are no majority, four of seven are."""
    vote, here = VoteInput(in_favour=4, passed=True), "书记 副书记 组织 宣传 纪检"
    with pytest.raises(ActionError, match="MT-03"):
        drafted(world, here, vote)
    exempt(world)
    assert drafted(world, here, vote).voters_due == 7


def test_a_roll_saved_before_is_asked_for_again(world: World) -> None:
    draft = drafted(world, ALL)
    exempt(world)
    with pytest.raises(ActionError, match="丙") as caught:
        actions.submit_meeting(world.actor("书记"), draft, draft.version)
    assert caught.value.field == "roll"
    guest = replace(roll(world, "丙")[0], role=RollRole.OBSERVER)
    content = members_meeting(world, WITHOUT, None)
    lines = tuple(line for line in content.roll if line.person_id != world.people["丙"].pk)
    saved = actions.save_meeting(
        world.actor("书记"), draft, replace(content, roll=(*lines, guest)), draft.version
    )
    assert actions.submit_meeting(world.actor("书记"), saved, saved.version).due == 8


def test_filed_names_stay_stand_on_the_paper_and_in_the_chain(world: World) -> None:
    exempt(world)
    by, draft = world.actor("书记"), drafted(world)
    Person.objects.filter(pk=world.people["丙"].pk).update(name="丙丙")
    done = actions.submit_and_file(by, draft, draft.version)
    Person.objects.filter(pk=world.people["丙"].pk).update(name="后来")
    Exemption.objects.all().delete()
    done = Meeting.objects.for_page().get(pk=done.pk)
    elements = {item.label: item.value for item in minutes_paper(done).blocks[0].items}  # type: ignore[union-attr]
    assert elements["不计入应到会"] == "1人（丙丙）"
    assert chain.verify(world.branch.pk) is None
    Meeting.objects.filter(pk=done.pk).update(left_out=[])
    assert chain.verify(world.branch.pk) is not None


def test_a_correction_takes_them_over(world: World) -> None:
    exempt(world)
    by, draft = world.actor("书记"), drafted(world)
    done = actions.submit_and_file(by, draft, draft.version)
    assert actions.correct_meeting(by, done, "写错地点").left_out == done.left_out


def test_form_and_page_name_them(world: World, sign_in: Any) -> None:
    exempt(world)
    client: Client = sign_in(world.actor("书记").user)
    words = "不计入应到 1 人（丙）"
    page = client.get(reverse("meetings:log"), {"kind": "members_meeting", "until": f"{DAY}"})
    assert words in page.content.decode()
    assert f'name="p{world.people["丙"].pk}"' not in page.content.decode()
    part = client.post(
        reverse("meetings:roll", args=[world.branch.pk]),
        {
            "kinds": "members_meeting",
            "held_on": f"{DAY}",
            "agenda-TOTAL_FORMS": "0",
            "agenda-INITIAL_FORMS": "0",
        },
    )
    assert words in part.content.decode()
    draft = drafted(world)
    assert words in client.get(draft.get_absolute_url()).content.decode()

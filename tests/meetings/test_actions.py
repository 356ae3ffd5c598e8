"""Drafts and filing: who, in which order, and what is refused with which sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import AuditEntry, ChainEntry, Job
from meetings import actions, queries
from meetings.actions.content import AgendaInput, ResolutionInput, RollLine, VoteInput
from meetings.choices import Presence, RollRole, State, Topic
from meetings.models import Attendance, Meeting
from meetings.signals import changed
from tests.meetings.world import (
    DAY,
    NOON,
    World,
    committee_meeting,
    member,
    members_meeting,
    person,
    roll,
)

pytestmark = pytest.mark.both


def filed(world: World, who: str = "书记", **changes: Any) -> Meeting:
    by = world.actor(who)
    draft = actions.start_meeting(by, world.branch, committee_meeting(world, **changes))
    return actions.submit_and_file(by, draft, draft.version)


def test_from_draft_to_file(world: World) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    assert (draft.state, draft.version, draft.number) == (State.DRAFT, 1, "")
    assert draft.stage == State.HELD
    assert draft.title == "2026年10月支委会"
    assert (draft.due, draft.voters_due, draft.present, draft.excused) == (5, 5, 4, 1)
    done = actions.submit_and_file(by, draft, 1)
    assert done.state == State.FILED
    assert done.number == "测试站党支部〔2026〕第1号"
    assert done.chair_post == "书记"
    assert done.recorded_on == date(2026, 10, 13)
    assert ChainEntry.objects.get(subject=done.subject).organization_id == world.branch.pk
    assert Job.objects.get(kind="meetings.minutes_pdf").payload == {"meeting": done.pk}
    verbs = AuditEntry.objects.filter(subject=done.subject).values_list("verb", flat=True)
    assert set(verbs) == {"新建会议记录", "提交会议记录", "归档会议记录"}


def test_numbers_count_by_organisation_and_year(world: World) -> None:
    filed(world)
    second = filed(world, held_on=DAY - timedelta(days=1))
    last_year = filed(world, held_on=date(2025, 12, 30), late_reason="启用平台前的记录")
    assert second.number.endswith("〔2026〕第2号")
    assert last_year.number.endswith("〔2025〕第1号")


def test_news_of_filing_is_sent_inside_the_transaction(world: World) -> None:
    heard: list[tuple[str, int, date]] = []

    def listen(*, verb: str, subject: Meeting, on: date, **_: Any) -> None:
        assert transaction.get_connection().in_atomic_block
        heard.append((verb, subject.pk, on))

    changed.connect(listen)
    try:
        done = filed(world)
    finally:
        changed.disconnect(listen)
    assert heard == [("filed", done.pk, DAY)]


def test_a_receiver_that_refuses_leaves_nothing_filed(world: World) -> None:
    def refuse(**_: Any) -> None:
        raise ActionError("不行")

    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    changed.connect(refuse)
    try:
        with pytest.raises(ActionError):
            actions.submit_and_file(by, draft, 1)
    finally:
        changed.disconnect(refuse)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert not ChainEntry.objects.exists()


# --- drafts -------------------------------------------------------------------------------------


def test_saving_rewrites_the_draft_and_raises_the_version(world: World) -> None:
    by = world.actor("组织")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    content = committee_meeting(world, title="临时支委会", agenda=(AgendaInput("另一议题"),))
    saved = actions.save_meeting(by, draft, content, 1)
    assert (saved.title, saved.version) == ("临时支委会", 2)
    assert [item.title for item in saved.agenda.all()] == ["另一议题"]
    assert saved.roll.count() == 5
    assert list(Meeting.objects.found("另一议题")) == [saved]
    assert not Meeting.objects.found("冬季防火").exists()


def test_a_stale_version_saves_nothing(world: World) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    actions.save_meeting(by, draft, committee_meeting(world, place="甲处"), 1)
    with pytest.raises(StaleRecord, match="已被他人修改"):
        actions.save_meeting(by, draft, committee_meeting(world, place="乙处"), 1)
    with pytest.raises(StaleRecord):
        actions.submit_meeting(by, draft, 1)
    draft.refresh_from_db()
    assert (draft.place, draft.version) == ("甲处", 2)


def test_a_discarded_draft_is_gone_and_remembered(world: World) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    copy = Meeting.objects.get(pk=draft.pk)
    subject = draft.subject
    actions.discard_draft(by, draft)
    assert not Meeting.objects.exists()
    assert AuditEntry.objects.filter(subject=subject, verb="删除会议草稿").exists()
    with pytest.raises(StaleRecord, match="已被删除"):
        actions.submit_meeting(by, copy, 1)


def test_a_filed_record_is_never_rewritten_or_deleted(world: World) -> None:
    by, done = world.actor("书记"), filed(world)
    with pytest.raises(NotAllowed, match="办理更正"):
        actions.save_meeting(by, done, committee_meeting(world), done.version)
    with pytest.raises(NotAllowed):
        actions.discard_draft(by, done)
    with pytest.raises(NotAllowed):
        actions.return_meeting(by, done, "写错了")


def test_returning_needs_a_reason_and_keeps_the_day_of_recording(world: World) -> None:
    by = world.actor("组织")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    handed = actions.submit_meeting(by, draft, 1)
    with pytest.raises(ActionError, match="请填写原因"):
        actions.return_meeting(by, handed, "  ")
    back = actions.return_meeting(world.actor("书记"), handed, "补充发言")
    assert (back.state, back.submitted_at) == (State.DRAFT, None)
    with clock.at(NOON + timedelta(days=30)):
        again = actions.submit_meeting(by, back, back.version)
    assert again.recorded_on == date(2026, 10, 13)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kinds": ()}, "kinds", "请选择会议种类"),
        ({"kinds": ("dance",)}, "kinds", "请选择会议种类"),
        ({"kinds": ("group_meeting",)}, "group", "请选择党小组"),
        ({"ends_at": time(18)}, "ends_at", "结束时间应晚于开始时间"),
        ({"place": "长" * 101}, "place", "地点"),
        ({"agenda": (AgendaInput("长" * 201),)}, "agenda", "第 1 项议题"),
        ({"agenda": (AgendaInput(""),)}, "agenda", "第 1 项议题"),
        ({"agenda": (AgendaInput("一", vote=VoteInput(in_favour=70000)),)}, "agenda", "第 1 项议题"),
        ({"agenda": (AgendaInput("一", vote=VoteInput(in_favour=-1)),)}, "agenda", "第 1 项议题"),
        ({"agenda": (AgendaInput("一", resolutions=(ResolutionInput(""),)),)}, "agenda", "决议"),
        ({"agenda": tuple(AgendaInput("一") for _ in range(101))}, "agenda", "不超过 100 项"),
    ],
)
def test_a_draft_refuses(world: World, changes: Any, field: str, sentence: str) -> None:
    with pytest.raises(ActionError, match=sentence) as refusal:
        actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world, **changes))
    assert refusal.value.field == field
    assert not Meeting.objects.exists()


def test_a_stranger_does_not_stand_on_the_roll(world: World) -> None:
    strangers = [world.people["邻书记"].pk, 10**9]
    for stranger in strangers:
        lines = (*committee_meeting(world).roll, RollLine(stranger))
        with pytest.raises(ActionError, match="不在2026-10-12的党员名册内"):
            actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world, roll=lines))
        with pytest.raises(ActionError) as refusal:
            actions.start_meeting(
                world.actor("书记"), world.branch, committee_meeting(world, chair_id=stranger)
            )
        assert refusal.value.field == "chair"


def test_the_register_of_the_day_decides_and_not_that_of_today(world: World) -> None:
    gone = person("调走")
    member(gone, world.branch, until=date(2026, 10, 13))
    came = person("调入")
    member(came, world.branch, since=date(2026, 10, 13))
    due = queries.expected_roll(world.branch, None, ("members_meeting",), DAY)
    names = [each.name for each in due]
    assert "调走" in names
    assert "调入" not in names
    with pytest.raises(ActionError, match="不在2026-10-12的党员名册内"):
        actions.start_meeting(
            world.actor("书记"), world.branch, committee_meeting(world, roll=(RollLine(came.pk),))
        )


def test_somebody_not_due_may_only_observe(world: World) -> None:
    extra = world.people["甲"].pk
    lines = (*committee_meeting(world).roll, RollLine(extra))
    with pytest.raises(ActionError, match="甲不在本次会议应到范围内，请登记为列席"):
        actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world, roll=lines))
    lines = (*committee_meeting(world).roll, RollLine(extra, role=RollRole.OBSERVER))
    draft = actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world, roll=lines))
    assert (draft.due, draft.roll.count()) == (5, 6)


def test_the_portal_decides_who_votes(world: World) -> None:
    here = "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备"
    draft = actions.start_meeting(world.actor("书记"), world.branch, members_meeting(world, here, None))
    assert (draft.due, draft.voters_due) == (9, 8)
    assert draft.roll.get(name="预备").role == RollRole.NONVOTER


def test_a_person_stands_once_on_the_roll(world: World) -> None:
    lines = committee_meeting(world).roll
    with pytest.raises(ActionError, match="出现了两次"):
        actions.start_meeting(
            world.actor("书记"), world.branch, committee_meeting(world, roll=(*lines, lines[0]))
        )
    draft = actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world))
    line = draft.roll.first()
    assert line is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(meeting=draft, person_id=line.person_id, name="重")


def test_hidden_characters_are_taken_out(world: World) -> None:
    draft = actions.start_meeting(
        world.actor("书记"),
        world.branch,
        committee_meeting(world, minutes="第一行\x00\r\n第二行\u202e", place=" 会议室\x07 "),
    )
    assert draft.minutes == "第一行\n第二行"
    assert draft.place == "会议室"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"chair_id": None}, "chair", "请选择主持人"),
        ({"recorder_id": None}, "recorder", "请选择记录人"),
        ({"agenda": ()}, "agenda", "请至少填写一项议题"),
        ({"roll": ()}, "chair", "主持人没有登记为到会"),
        ({"held_on": date(2026, 10, 14)}, None, "会议日期还没有到"),
        ({"kinds": ("party_lesson",)}, "lecturer", "请填写党课的主讲人"),
        ({"kinds": ("committee_meeting", "theme_day")}, "roll", "请登记以下人员的到会情况"),
        ({"held_on": date(2026, 10, 9)}, "late_reason", "请填写补录原因"),
    ],
)
def test_submitting_asks_for_what_is_missing(
    world: World, changes: Any, field: str | None, sentence: str
) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world, **changes))
    with pytest.raises(ActionError, match=sentence) as refusal:
        actions.submit_meeting(by, draft, draft.version)
    assert refusal.value.field == field


def test_an_excuse_needs_its_kind(world: World) -> None:
    by = world.actor("书记")
    bare = RollLine(world.people["纪检"].pk, presence=Presence.EXCUSED)
    lines = (*roll(world, "书记 副书记 组织 宣传"), bare)
    draft = actions.start_meeting(by, world.branch, committee_meeting(world, roll=lines))
    with pytest.raises(ActionError, match="选择请假种类：纪检"):
        actions.submit_meeting(by, draft, 1)


def test_a_late_record_is_taken_with_its_reason(world: World) -> None:
    on_time = filed(world, held_on=date(2026, 10, 10))
    assert on_time.late_reason == ""
    late = filed(world, held_on=date(2026, 10, 9), late_reason="连续出警")
    assert late.state == State.FILED
    assert {row.rule for row in late.findings.all()} >= {"CK-02"}


def test_a_finding_never_blocks_filing(world: World) -> None:
    lines = roll(world, "书记 组织", 副书记="absent", 宣传="absent", 纪检="absent")
    agenda = (AgendaInput("研究工作", vote=VoteInput(in_favour=2)),)
    done = filed(world, roll=lines, agenda=agenda)
    assert done.state == State.FILED
    assert {"MT-07", "MT-08"} <= {row.rule for row in done.findings.all()}


# --- a motion is passed only where the votes carry it -------------------------------------------

ALL = "书记 副书记 组织 宣传 纪检 甲 乙 丙"


@pytest.mark.parametrize(
    ("here", "favour", "rule"),
    [
        (ALL, 5, ""),
        (ALL, 4, "MT-03"),
        ("书记 组织 甲 乙", 4, "MT-03"),
        ("书记 组织 甲", 3, "MT-02"),
    ],
)
def test_passed_needs_quorum_and_majority(world: World, here: str, favour: int, rule: str) -> None:
    against = len(here.split()) - favour
    vote = VoteInput(in_favour=favour, against=against, passed=True)
    content = members_meeting(world, here, vote)
    if not rule:
        assert actions.start_meeting(world.actor("书记"), world.branch, content).pk
        return
    with pytest.raises(ActionError, match=f"第 1 项议题不能记为“通过”.*{rule}"):
        actions.start_meeting(world.actor("书记"), world.branch, content)
    lost = members_meeting(world, here, replace(vote, passed=False))
    assert actions.start_meeting(world.actor("书记"), world.branch, lost).pk


def test_a_committee_votes_by_itself_in_a_mixed_gathering(world: World) -> None:
    """支委会暨主题党日: three of five of the committee carry a motion, whoever else is there."""
    due = "书记 副书记 组织 宣传 纪检 甲 乙 丙 预备"
    vote = VoteInput(in_favour=3, against=2, passed=True)
    content = committee_meeting(
        world,
        kinds=("theme_day", "committee_meeting"),
        roll=roll(world, due),
        agenda=(AgendaInput("研究工作", discussion="讨论", vote=vote),),
    )
    draft = actions.start_meeting(world.actor("书记"), world.branch, content)
    assert draft.title == "2026年10月支委会暨主题党日"
    assert (draft.due, draft.voters_due) == (9, 8)
    assert queries.quorum(draft).due == 5
    assert queries.meeting_facts(draft)["kind"] == "committee_meeting"


def test_admission_is_judged_by_its_own_rules(world: World) -> None:
    vote = VoteInput(in_favour=4, against=4, passed=True, issued=8, returned=8)
    content = members_meeting(world, ALL, vote)
    agenda = (replace(content.agenda[0], topic=Topic.ADMIT),)
    with pytest.raises(ActionError, match="DP-19"):
        actions.start_meeting(world.actor("书记"), world.branch, replace(content, agenda=agenda))

"""After filing: correcting, voiding, explaining, resolutions carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core import chain
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import ChainEntry
from meetings import actions, queries
from meetings.actions.content import AgendaInput
from meetings.choices import State
from meetings.models import Meeting, Resolution
from meetings.signals import changed
from tests.meetings.world import World, committee_meeting

pytestmark = pytest.mark.both


@pytest.fixture
def done(world: World) -> Meeting:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    return actions.submit_and_file(by, draft, 1)


@pytest.fixture
def news() -> Any:
    heard: list[tuple[str, int]] = []

    def listen(*, verb: str, subject: Meeting, **_: Any) -> None:
        heard.append((verb, subject.pk))

    changed.connect(listen)
    yield heard
    changed.disconnect(listen)


def corrected(world: World, done: Meeting, **changes: Any) -> Meeting:
    """The corrected version, filed by the secretary."""
    by = world.actor("书记")
    draft = actions.correct_meeting(by, done, "到会人数登记有误")
    content = replace(committee_meeting(world, place="二楼会议室"), **changes)
    draft = actions.save_meeting(by, draft, content, draft.version)
    return actions.submit_and_file(by, draft, draft.version)


def test_a_correction_begins_with_all_that_was_filed(world: World, done: Meeting) -> None:
    draft = actions.correct_meeting(world.actor("组织"), done, "到会人数登记有误")
    assert (draft.state, draft.edition, draft.number) == (State.DRAFT, 2, "")
    assert draft.corrects == done
    assert [kind.code for kind in draft.kinds.all()] == ["committee_meeting"]
    assert [row.name for row in draft.roll.all()] == [row.name for row in done.roll.all()]
    [item] = draft.agenda.all()
    assert (item.title, item.vote.in_favour) == ("研究冬季防火工作", 4)
    assert [each.text for each in item.resolutions.all()] == ["开展一次检查"]
    done.refresh_from_db()
    assert done.in_force


def test_a_filed_correction_takes_number_and_place(
    world: World, done: Meeting, news: list[tuple[str, int]]
) -> None:
    [resolution] = Resolution.objects.filter(item__meeting=done)
    actions.close_resolution(world.actor("组织"), resolution, date(2026, 10, 13), "已检查")
    news.clear()
    new = corrected(world, done)
    done.refresh_from_db()
    assert (new.number, new.edition, new.place) == (done.number, 2, "二楼会议室")
    assert (done.state, done.replaced_by_id) == (State.FILED, new.pk)
    assert list(Meeting.objects.in_force()) == [new]
    assert [each.edition for each in queries.versions(done)] == [2, 1]
    assert news == [("replaced", done.pk), ("filed", new.pk)]
    assert Resolution.objects.get(item__meeting=new).outcome == "已检查"
    assert chain.verify(world.branch.pk) is None
    assert ChainEntry.objects.count() == 2


def test_only_the_version_in_force_is_corrected_once(world: World, done: Meeting) -> None:
    by = world.actor("书记")
    with pytest.raises(ActionError, match="请填写原因"):
        actions.correct_meeting(by, done, "")
    draft = actions.correct_meeting(by, done, "有误")
    with pytest.raises(NotAllowed, match="更正稿"):
        actions.correct_meeting(by, done, "有误")
    with pytest.raises(NotAllowed, match="更正稿"):
        actions.void_meeting(by, done, "重复")
    actions.discard_draft(by, draft)
    new = corrected(world, done)
    done.refresh_from_db()
    for act in (actions.correct_meeting, actions.void_meeting):
        with pytest.raises(NotAllowed, match="最新版本"):
            act(by, done, "有误")
    assert actions.correct_meeting(by, new, "再更正").edition == 3


def test_voiding_keeps_number_and_chain(world: World, done: Meeting, news: list[tuple[str, int]]) -> None:
    with pytest.raises(NotAllowed, match="书记"):
        actions.void_meeting(world.actor("组织"), done, "重复")
    with pytest.raises(ActionError, match="请填写原因"):
        actions.void_meeting(world.actor("书记"), done, " ")
    voided = actions.void_meeting(world.actor("书记"), done, "重复登记")
    assert (voided.state, voided.number, voided.void_reason) == (
        State.VOIDED,
        done.number,
        "重复登记",
    )
    assert news == [("voided", done.pk)]
    assert not Meeting.objects.in_force().exists()
    assert chain.verify(world.branch.pk) is None
    for act in (actions.correct_meeting, actions.void_meeting):
        with pytest.raises(NotAllowed, match="已作废"):
            act(world.actor("书记"), voided, "再来")
    with pytest.raises(NotAllowed):
        actions.explain_finding(world.actor("书记"), voided, "CK-02", "说明")


def test_the_second_of_two_pages_is_told(world: World, done: Meeting) -> None:
    copy = Meeting.objects.get(pk=done.pk)
    actions.void_meeting(world.actor("书记"), done, "重复")
    with pytest.raises(StaleRecord, match="已由他人办理"):
        actions.void_meeting(world.actor("书记"), copy, "重复")


def test_an_explanation_stays_with_its_finding(world: World) -> None:
    by = world.actor("书记")
    bare = (AgendaInput("研究工作", discussion="讨论", resolutions=()),)
    content = committee_meeting(world, held_on=date(2026, 10, 5), late_reason="出警", agenda=bare)
    draft = actions.start_meeting(by, world.branch, content)
    found = actions.explain_finding(by, draft, "CK-02", "连续出警三天")
    assert found.explanation == "连续出警三天"
    with pytest.raises(ActionError, match="已没有这一条"):
        actions.explain_finding(by, draft, "MT-02", "说明")
    with pytest.raises(ActionError, match="请填写说明"):
        actions.explain_finding(by, draft, "CK-02", "长" * 301)
    done = actions.submit_and_file(by, draft, draft.version)
    assert done.findings.get(rule="CK-02").explanation == "连续出警三天"
    actions.explain_finding(world.actor("组织"), done, "CK-02", "补充：已报告大队")
    assert chain.verify(world.branch.pk) is None
    assert done.findings.get(rule="CK-02").explanation == "补充：已报告大队"


def test_a_resolution_is_closed_once_and_not_before_its_meeting(world: World, done: Meeting) -> None:
    by = world.actor("组织")
    [resolution] = queries.open_resolutions(world.branch)
    with pytest.raises(ActionError, match="请填写落实情况"):
        actions.close_resolution(by, resolution, date(2026, 10, 13), "")
    for day in (date(2026, 10, 11), date(2026, 10, 14)):
        with pytest.raises(ActionError, match="会议当天至今天之间"):
            actions.close_resolution(by, resolution, day, "已落实")
    closed = actions.close_resolution(by, resolution, date(2026, 10, 13), "已检查三处")
    assert closed.done_on == date(2026, 10, 13)
    assert not queries.open_resolutions(world.branch).exists()
    with pytest.raises(StaleRecord, match="已登记落实"):
        actions.close_resolution(by, resolution, date(2026, 10, 13), "再来")
    assert chain.verify(world.branch.pk) is None


def test_a_resolution_of_a_draft_is_not_closed(world: World) -> None:
    by = world.actor("书记")
    actions.start_meeting(by, world.branch, committee_meeting(world))
    resolution = Resolution.objects.get()
    with pytest.raises(NotAllowed, match="尚未提交"):
        actions.close_resolution(by, resolution, date(2026, 10, 13), "已落实")

"""The minutes as a paper: what it says, and the job that makes it once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pdfplumber
import pytest

from accounts.models import Person
from core import jobs
from core.models import Document, Job
from core.models.jobs import JobState
from core.papers import Elements, Paragraph
from meetings import actions, queries
from meetings.actions.content import AgendaInput, ResolutionInput, VoteInput
from meetings.choices import Method
from meetings.documents import file_name, minutes_paper
from meetings.models import Meeting
from tests.meetings.test_attachments import PDF, upload
from tests.meetings.world import OBSERVER, World, committee_meeting


@pytest.fixture
def done(world: World, settings: Any, tmp_path: Any) -> Meeting:
    settings.MEDIA_ROOT = tmp_path
    by = world.actor("书记")
    content = committee_meeting(
        world,
        minutes="第一段。\n\n第二段。",
        observers="大队教导员",
        held_on=date(2026, 10, 5),
        late_reason="连续出警",
    )
    guest = replace(content.roll[0], person_id=world.people["申请"].pk, role=OBSERVER)
    item = content.agenda[0]
    ballot = VoteInput(Method.SECRET, 1, 4, 4, 0, 3, 1, 0, 0, True)
    second = AgendaInput("推荐名单", vote=ballot, resolutions=(ResolutionInput("甲"), ResolutionInput("乙")))
    content = replace(content, roll=(*content.roll, guest), agenda=(item, second))
    draft = actions.start_meeting(by, world.branch, content)
    actions.attach(by, draft, upload("签到照片.pdf", PDF))
    return actions.submit_and_file(by, draft, 1)


def elements(meeting: Meeting) -> dict[str, str]:
    block = minutes_paper(meeting).blocks[0]
    assert isinstance(block, Elements)
    return {item.label: item.value for item in block.items}


def test_elements_of_minutes(done: Meeting) -> None:
    assert elements(done) == {
        "会议种类": "支委会",
        "时间": "2026年10月5日　19:00—20:10",
        "地点": "会议室",
        "主持人": "书记（书记）",
        "记录人": "组织",
        "人数": "应到5人（有表决权5人），实到4人（有表决权4人），请假1人，缺席0人",
        "出席": "书记、副书记、组织、宣传",
        "请假": "纪检（出警）",
        "缺席": "无",
        "列席": "申请、大队教导员",
    }


def test_text_votes_and_resolutions(done: Meeting) -> None:
    paper = minutes_paper(done)
    said = [block.text for block in paper.blocks if isinstance(block, Paragraph)]
    assert said == [
        "逐条讨论。",
        "发言人数：4人。",
        "表决（举手）：赞成4、反对0、弃权0，宣布通过。",
        "决议：开展一次检查（责任人：甲，完成时限：2026年10月30日）",
        "表决（无记名投票）：发出4、收回4、无效0、赞成3、反对1、弃权0，宣布通过。",
        "决议1：甲",
        "决议2：乙",
        "第一段。",
        "第二段。",
        "1. 签到照片.pdf",
    ]
    assert paper.note == "本记录于2026年10月13日补录，原因：连续出警"
    assert paper.trace is not None
    assert paper.trace.number == done.number


def test_names_stay_as_filed(done: Meeting) -> None:
    Person.objects.filter(name="书记").update(name="改名后")
    again = Meeting.objects.for_page().get(pk=done.pk)
    assert elements(again)["主持人"].startswith("书记")
    assert "改名后" not in elements(again)["出席"]


def test_the_job_prints_once(done: Meeting) -> None:
    job = Job.objects.get(kind="meetings.minutes_pdf")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_url) == (JobState.DONE, done.get_absolute_url())
    document = queries.minutes_of(done)
    assert document is not None
    assert document.pdf is not None
    assert document.docx is not None
    assert document.pdf.name == file_name(done, "pdf")
    with document.pdf.file.open("rb") as body, pdfplumber.open(io.BytesIO(body.read())) as pdf:
        words = "".join(page.extract_text() for page in pdf.pages)
    assert "研究冬季防火工作" in words
    assert done.number in words
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    assert jobs.run(job.pk)
    assert Document.objects.count() == 1


def test_a_draft_has_no_minutes(world: World) -> None:
    by = world.actor("书记")
    draft = actions.start_meeting(by, world.branch, committee_meeting(world))
    job = jobs.submit("meetings.minutes_pdf", key="x", payload={"meeting": draft.pk})
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "会议记录尚未归档，不能生成会议记录文件。")


def test_the_correction_says_so(world: World, done: Meeting) -> None:
    by = world.actor("书记")
    draft = actions.correct_meeting(by, done, "人数有误")
    new = actions.submit_and_file(by, draft, draft.version)
    paper = minutes_paper(new)
    assert paper.subtitle == "第2版（更正）"
    assert paper.note.endswith("更正原因：人数有误")
    assert file_name(new, "pdf").endswith("（第2版）.pdf")
    for job in Job.objects.filter(kind="meetings.minutes_pdf"):
        jobs.run(job.pk)
    assert Document.objects.filter(kind=queries.MINUTES).count() == 2

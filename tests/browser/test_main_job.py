"""The main job: a secretary logs a meeting, the department sees it and closes the month, a leader has the paper."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pdfplumber
import pytest
from playwright.sync_api import expect

from core.models import Document
from meetings.models import Meeting
from reports.models import Bulletin
from supervision.models import Occurrence
from tests.browser.hand import Hand
from tests.browser.stage import Portal

pytestmark = pytest.mark.browser

FIELDS = 12
SECONDS = 120
LEADER_CLICKS = 2


def log_committee_meeting(hand: Hand) -> None:
    """From the due row on the home page to the filed record, as an ordinary month needs it."""
    hand.click(".due:has-text('支委会')")
    expect(hand.page.locator("#roll select")).to_have_count(5)
    if hand.width < 500:
        expect(hand.page.locator("[data-sum-text]")).to_contain_text("支委会")
    hand.page.locator("#roll select").last.select_option("on_duty")
    hand.clicks += 2
    expect(hand.page.locator("[data-here]")).to_have_text("4")
    hand.type("[name=agenda-0-decision_0]", "本周内组织全体党员集中学习一次")
    hand.type("[name=agenda-0-owner_0]", "李志强")
    hand.type("[name=agenda-1-discussion]", "三名委员发言，分析器材登记不及时的原因")
    hand.type("[name=agenda-1-decision_0]", "由装备班每周核对一次器材登记")
    hand.type("[name=agenda-1-owner_0]", "张海涛")
    hand.type("[name=minutes]", "会议由书记主持，通报本月工作。")
    hand.press("核对并提交")
    expect(hand.page.locator("h1")).to_have_text("核对后提交")


def test_from_meeting_to_bulletin(portal: Portal, hand: Callable[..., Hand]) -> None:
    secretary = hand("secretary")
    secretary.shoot("home-secretary")
    begun = time.perf_counter()
    log_committee_meeting(secretary)
    assert "完成时限" in secretary.text  # the check-up names what is missing, and blocks nothing
    secretary.shoot("check")
    secretary.press("提交并归档")
    expect(secretary.page.locator("h1 + .sub")).to_contain_text("已归档")
    seconds = time.perf_counter() - begun
    typed, clicks = len(secretary.typed), secretary.clicks
    print(f"支委会 of 5: {typed} typed fields, {clicks} clicks, {seconds:.1f} s")
    assert 0 < typed < FIELDS
    assert seconds < SECONDS
    meeting = Meeting.objects.get(held_on=portal.today)
    assert (meeting.due, meeting.present, meeting.excused) == (5, 4, 1)
    portal.work()
    expect(secretary.page.get_by_role("link", name="下载 PDF")).to_be_visible()  # without a reload
    assert "李志强" in paper(secretary, "下载 PDF")
    secretary.shoot("meeting")
    secretary.go("/")
    assert not secretary.page.locator(".due:not(.done):has-text('支委会')").count()
    assert Occurrence.objects.get(meeting=meeting).state == "closed"

    politics = hand("politics")
    politics.shoot("home-politics")
    sees_it_on_the_board(politics, meeting)
    closes_the_month(portal, politics)

    leader = hand("leader")
    signs_and_downloads(portal, leader)


def sees_it_on_the_board(politics: Hand, meeting: Meeting) -> None:
    """A cell of the matrix opens the rows behind it; from there the record is one click away."""
    politics.go("/duties/matrix/")
    politics.clicks = 0
    politics.click(f"tbody tr:first-child td:nth-child({meeting.held_on.month + 1}) a")
    expect(politics.page.locator("#drill")).to_be_visible()
    politics.shoot("matrix")
    politics.click(f"#drill a[href='{meeting.get_absolute_url()}']")
    assert politics.path == meeting.get_absolute_url()
    assert politics.clicks == 2


def closes_the_month(portal: Portal, politics: Hand) -> None:
    """October is closed by hand, which is the same job as the schedule; then wording and review."""
    politics.go("/cycles/")
    politics.press("提前封账")
    politics.press("开始封账")
    assert politics.path == "/jobs/"
    portal.work()
    expect(politics.page.locator(".job .s-ok")).to_have_text("已完成")
    bulletin = Bulletin.objects.get()
    politics.go(bulletin.get_absolute_url())
    politics.press("修改表述")
    politics.shoot("wording")
    politics.page.locator("textarea").last.fill("请未落实的党支部月底前补齐。")
    politics.press("保存")
    assert "请未落实的党支部月底前补齐" in politics.text
    politics.shoot("bulletin")
    politics.press("核稿通过")
    politics.press("核稿通过")
    assert "待签发" in politics.text


def signs_and_downloads(portal: Portal, leader: Hand) -> None:
    """The leader finds what waits on the home page, issues it, and has the paper in two clicks."""
    leader.shoot("home-leader")
    leader.click("main li a[href^='/bulletins/']")
    leader.press("签发")
    leader.press("签发")
    expect(leader.page.locator("h1 + .sub")).to_contain_text("印发")
    portal.work()
    leader.go("/")
    leader.clicks = 0
    text = paper(leader, "下载最新通报")
    assert leader.clicks <= LEADER_CLICKS
    number = Bulletin.objects.get().number
    assert number
    for words in ("通报", "2026年10月", "云溪大队党委", "请未落实的党支部月底前补齐"):
        assert words in text
    assert Document.objects.filter(kind__contains="bulletin").exists()


def paper(hand: Hand, label: str) -> str:
    """Press a download and read the PDF back; blanks and line ends are left out."""
    with hand.page.expect_download() as waiting:
        hand.press(label)
    with open(waiting.value.path(), "rb") as file, pdfplumber.open(io.BytesIO(file.read())) as pdf:
        return "".join((page.extract_text() or "") for page in pdf.pages).replace("\n", "").replace(" ", "")

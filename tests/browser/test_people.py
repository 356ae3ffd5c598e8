"""People as they are: thirty at a meeting, a browser that dies, keys only at the department, a faulty roster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect

from accounts.actions import create_person
from accounts.sessions import SEEN_AT
from core import clock
from core.actor import system
from meetings.models import Meeting
from members.actions import register
from members.models import Member
from reports.models import Bulletin
from tests.browser.hand import Hand
from tests.browser.stage import GIVEN, PASSWORD, SURNAMES, Portal
from tests.browser.test_logging import saved, tab_to
from tests.corps import BEGIN, moment
from tests.members.workbooks import person, roster

pytestmark = pytest.mark.browser

Hands = Callable[..., Hand]
ACTIONS = 25
LOST_SECONDS = 5
PEOPLE = 30


def grow(portal: Portal) -> None:
    """The branch has thirty members."""
    by = system("测试")
    with clock.at(moment(BEGIN)):
        for number in range(PEOPLE - Member.objects.filter(organization=portal.corps.alpha).count()):
            name = f"{SURNAMES[number]}{GIVEN[number % 10]}{GIVEN[-1 - number % 7]}"
            register(
                by,
                person=create_person(by, name=name),
                organization=portal.corps.alpha,
                stage="full",
                since=BEGIN,
                joined_on=BEGIN.replace(year=2020),
                full_on=BEGIN.replace(year=2021),
                category="firefighter",
            )


def test_thirty_people_three_away(portal: Portal, hand: Hands) -> None:
    """U1: a members' meeting with thirty people, three away, pasted minutes and a vote."""
    grow(portal)
    secretary = hand("secretary")
    page = secretary.page
    secretary.click(".due:has-text('党员大会')")
    expect(page.locator("#roll select")).to_have_count(PEOPLE)
    for number, kind in ((7, "on_duty"), (12, "leave"), (20, "sick")):
        page.locator("#roll select").nth(number).select_option(kind)
        secretary.clicks += 1
    secretary.type("[name=agenda-0-title]", "（支部工作报告）")
    secretary.type("[name=agenda-0-decision_0]", "通过支部工作报告")
    secretary.click(page.locator("[data-item]").first.locator(".voted"))
    secretary.type("[name=agenda-0-in_favour]", "26")
    secretary.click(page.locator("[data-item]").first.locator("label:has([name$=-passed][value='1'])"))
    page.locator("[name=minutes]").fill("一、书记作报告。\n二、党员讨论。\n三、表决通过。")
    secretary.typed.add("minutes")
    secretary.type("[name=late_reason]", "执勤较多")  # the quarter that is due is over
    secretary.press("核对并提交")
    expect(page.locator("h1")).to_have_text("核对后提交")
    secretary.press("提交并归档")
    expect(page.locator("h1 + .sub")).to_contain_text("已归档")
    actions = secretary.clicks + len(secretary.typed)
    print(f"党员大会 of {PEOPLE}: {secretary.clicks} clicks and {len(secretary.typed)} fields")
    assert actions <= ACTIONS
    meeting = Meeting.objects.latest("pk")
    assert (meeting.due, meeting.excused) == (PEOPLE, 3)
    assert meeting.agenda.get(position=1).vote.in_favour == 26


def test_a_browser_that_dies(browser: Browser, portal: Portal, hand: Hands) -> None:
    """U3: what was typed more than five seconds before the end is there in the next browser."""
    doomed = Hand(browser, portal, 1280, script=True)
    doomed.sign_in("secretary")
    doomed.go("/meetings/new/?kind=committee_meeting")
    doomed.type("[name=minutes]", "停电之前写的记录")
    saved(doomed)
    doomed.page.wait_for_timeout(LOST_SECONDS * 1000)
    doomed.type("[name=place]", "后")
    doomed.context.close()
    secretary = hand("secretary")
    secretary.click(".due:has-text('支委会')")
    expect(secretary.page.locator("[name=minutes]")).to_have_value("停电之前写的记录")


def test_a_session_that_ends_under_the_form(portal: Portal, hand: Hands) -> None:
    """U12: after signing in again the same form goes on with the same content."""
    secretary = hand("secretary", script=False)
    secretary.go("/meetings/new/?kind=committee_meeting")
    page = secretary.page
    page.fill("[name=minutes]", "一、通报情况。\n二、研究工作。")
    row = Session.objects.latest("expire_date")
    data = row.get_decoded() | {SEEN_AT: 0}
    Session.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(data))
    secretary.press("保存草稿")
    expect(page.locator("h1")).to_contain_text("登录")
    page.fill("[name=username]", "secretary")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("继续办理")
    secretary.shoot("resume")
    secretary.press("继续提交")
    meeting = Meeting.objects.get(held_on=portal.today)
    assert meeting.minutes.splitlines() == ["一、通报情况。", "二、研究工作。"]
    assert secretary.path == f"/meetings/{meeting.pk}/edit/"


def test_the_department_with_keys_only(portal: Portal, hand: Hands) -> None:
    """U5: review and issue a bulletin without a pointer; the focus stays in sight."""
    politics = hand("politics")
    politics.go("/cycles/run/")
    page = politics.page
    tab_to(politics, "button:text('开始封账')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/")
    portal.work()
    bulletin = Bulletin.objects.get()
    politics.go(bulletin.get_absolute_url())
    for _ in range(2):
        tab_to(politics, "main :is(a, button):text('核稿通过')")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    leader = hand("leader")
    leader.go(bulletin.get_absolute_url())
    for _ in range(2):
        tab_to(leader, "main :is(a, button):text('签发')")
        leader.page.keyboard.press("Enter")
        leader.page.wait_for_load_state()
    expect(leader.page.locator("h1 + .sub")).to_contain_text("印发")
    bulletin.refresh_from_db()
    assert bulletin.number


def test_a_faulty_roster(portal: Portal, hand: Hands, tmp_path: Path) -> None:
    """U7: each planted error is shown with row, column and reason; the mended file goes in, and out again."""
    branch = portal.corps.beta.name
    faults = {
        "姓名": "",
        "身份证号": "990101199003070000",
        "出生年月": "1990.13",
        "入党时间": "昨天",
        "转正时间": "2030.01.01",
        "人员类别": "外星人",
        "消防救援衔": "元帅",
        "所在党支部": "没有这个支部",
    }
    good = [person(number, 所在党支部=branch) for number in range(1, 9)]
    bad = [
        person(n, **{"所在党支部": branch, head: cell}) for n, (head, cell) in enumerate(faults.items(), 1)
    ]
    before = Member.objects.count()
    politics = hand("politics")
    upload(portal, politics, tmp_path, bad)
    for row, head in enumerate(faults, 4):
        expect(politics.page.locator(f"main tr:has(td:text-is('{row}')):has-text('{head}')")).to_have_count(1)
    politics.assert_accessible()
    politics.shoot("roster-faults")
    upload(portal, politics, tmp_path, good)
    politics.press("确认导入")
    politics.press("导入花名册")
    portal.work()
    politics.page.reload()
    assert Member.objects.count() == before + len(good)
    politics.press("撤销导入")
    politics.press("撤销导入")
    portal.work()
    assert Member.objects.filter(active=True).count() == before


def upload(portal: Portal, politics: Hand, folder: Path, rows: list[list[object]]) -> None:
    """Upload a roster and open its preview."""
    file = folder / "花名册.xlsx"
    file.write_bytes(roster(rows))
    politics.go("/members/import/")
    politics.page.locator("[name=organization]").fill(portal.corps.beta.name)
    politics.page.set_input_files("[type=file]", str(file))
    politics.press("上传并核对")
    portal.work()
    politics.page.reload()


def test_printing_leaves_the_frame_out(portal: Portal, hand: Hands) -> None:
    """A printed page is the record alone."""
    secretary = hand("secretary")
    meeting = Meeting.objects.filter(organization=portal.corps.alpha).latest("held_on")
    secretary.go(meeting.get_absolute_url())
    secretary.page.emulate_media(media="print")
    for part in (".bar", ".menu", ".acts", ".foot"):
        expect(secretary.page.locator(part).first).to_be_hidden()
    expect(secretary.page.locator("h1")).to_be_visible()

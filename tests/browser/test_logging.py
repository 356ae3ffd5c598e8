"""Logging a meeting in every way people do: phone, no script, keys only, two at once, with mistakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from meetings.models import Meeting
from supervision.models import Occurrence
from tests.browser.hand import Hand
from tests.browser.stage import Portal
from tests.browser.test_main_job import FIELDS, log_committee_meeting

pytestmark = pytest.mark.browser

SCREENS = 3
NEW = "/meetings/new/?kind=committee_meeting"
Hands = Callable[..., Hand]


def saved(hand: Hand) -> None:
    """Wait until the draft has saved itself."""
    expect(hand.page.locator("[data-saved]")).to_contain_text("已保存", timeout=8000)


def test_on_a_phone(portal: Portal, hand: Hands) -> None:
    secretary = hand("secretary", width=390)
    secretary.shoot("home-secretary")
    secretary.assert_fits()
    secretary.go(NEW)
    assert secretary.screens() <= SCREENS
    secretary.assert_fits()
    secretary.assert_touchable()
    secretary.press("更改")
    secretary.assert_touchable()
    secretary.assert_fits()
    secretary.go("/")
    secretary.clicks = 0
    log_committee_meeting(secretary)
    secretary.assert_fits()
    secretary.assert_touchable()
    secretary.shoot("check")
    secretary.press("提交并归档")
    expect(secretary.page.locator("h1 + .sub")).to_contain_text("已归档")
    secretary.assert_fits()
    print(f"on a phone: {len(secretary.typed)} typed fields, {secretary.clicks} clicks")
    assert len(secretary.typed) < FIELDS
    assert Occurrence.objects.filter(meeting__held_on=portal.today, state="closed").count() == 1


def test_without_a_script(portal: Portal, hand: Hands) -> None:
    """Every step has its button: other kinds, another item, another resolution, upwards, a vote, the check."""
    secretary = hand("secretary", script=False)
    secretary.click(".due:has-text('支委会')")
    page = secretary.page
    page.locator("[name=kinds][value=theme_day]").check()
    secretary.press("按所选日期和类型重新带出名单、议题")
    expect(page.locator("#roll select")).to_have_count(10)
    expect(page.locator("[name=agenda-2-title]")).to_have_value("主题党日活动")
    page.fill("[name=agenda-0-decision_0]", "集中学习一次")
    page.locator("[value=line-0]").click()
    page.fill("[name=agenda-0-decision_1]", "撰写心得")
    secretary.press("添加议题")
    page.fill("[name=agenda-3-title]", "通报经费使用")
    page.locator("[value=up-3]").click()
    expect(page.locator("[name=agenda-2-title]")).to_have_value("通报经费使用")
    page.locator("[name=agenda-3-DELETE]").check()
    page.locator("[name=agenda-1-voted]").check()
    page.fill("[name=agenda-1-in_favour]", "5")
    page.locator("[name=agenda-1-passed][value='1']").check()
    page.locator("#roll select").last.select_option("sick")
    secretary.press("核对并提交")
    assert "集中学习一次" in secretary.text
    secretary.press("提交并归档")
    meeting = Meeting.objects.get(held_on=portal.today)
    assert [item.title for item in meeting.agenda.all()][-1] == "通报经费使用"
    assert meeting.agenda.first().resolutions.count() == 2
    assert (meeting.due, meeting.excused) == (10, 1)
    assert set(Occurrence.objects.filter(meeting=meeting).values_list("duty", flat=True)) == {
        "committee_meeting",
        "theme_day",
    }


def test_with_keys_only(portal: Portal, hand: Hands) -> None:
    """Sign in, log and file without a pointer; the focus is always to be seen and never covered."""
    secretary = hand()
    page = secretary.page
    secretary.go("/accounts/login/")
    page.locator("[name=username]").focus()
    page.keyboard.type("secretary")
    page.keyboard.press("Tab")
    page.keyboard.type("Test-pass-2026")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('工作台')")
    tab_to(secretary, "a.due:has-text('支委会')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#roll")
    tab_to(secretary, "#roll select >> nth=4")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-here]")).to_have_text("4")
    tab_to(secretary, "[name=agenda-0-decision_0]")
    page.keyboard.type("集中学习一次")
    page.keyboard.press("Tab")
    page.keyboard.type("李志强")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("h1:text('核对后提交')")
    tab_to(secretary, "button:text('提交并归档')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".s-ok:text('已归档')")
    assert Meeting.objects.get(held_on=portal.today).agenda.first().resolutions.get().owner == "李志强"


SEEN = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  if (e === document.body || box.height < 3) return true;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
  const unit = (node) => node.closest(".pp, .seg label") || node;
  return top && (unit(e).contains(top) || top.contains(e));
}"""


def tab_to(hand: Hand, selector: str, most: int = 90) -> None:
    """Tab until ``selector`` has the focus; each stop on the way comes into view and is not covered."""
    page, goal = hand.page, hand.page.locator(selector).first
    for _ in range(most):
        page.keyboard.press("Tab")
        page.wait_for_function(SEEN, timeout=3000)  # pages scroll softly
        if goal.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_a_draft_saves_itself(portal: Portal, hand: Hands) -> None:
    """Two seconds after a change; the page becomes the page of the draft, which is begun once."""
    secretary = hand("secretary")
    page = secretary.page
    secretary.go(NEW)
    secretary.type("[name=agenda-0-decision_0]", "集中学习一次")
    saved(secretary)
    meeting = Meeting.objects.get(held_on=portal.today)
    assert secretary.path == f"/meetings/{meeting.pk}/edit/"
    expect(page.locator("#checked")).to_contain_text("没有写明责任人和完成时限")
    secretary.type("[name=agenda-0-owner_0]", "李志强")
    expect(page.locator("#checked")).to_contain_text("没有写明完成时限", timeout=8000)
    page.reload()
    expect(page.locator("[name=agenda-0-owner_0]")).to_have_value("李志强")
    secretary.type("[name=minutes]", "记录")
    page.locator(".dock .btn-line").dblclick()
    expect(page.locator("[name=minutes]")).to_have_value("记录")
    assert Meeting.objects.filter(held_on=portal.today).count() == 1
    secretary.go("/")
    secretary.click(".due:has-text('支委会')")
    assert secretary.path == f"/meetings/{meeting.pk}/edit/"


def test_kinds_bring_their_people_and_items(portal: Portal, hand: Hands) -> None:
    """The roll follows kind and group; what somebody wrote stays, usual items of another kind go."""
    secretary = hand("secretary")
    page = secretary.page
    secretary.go(NEW)
    expect(page.locator("[name=lecturer]")).to_be_hidden()
    secretary.type("[name=agenda-1-decision_0]", "留下的决议")
    kind = page.locator("#id_kinds label")
    kind.filter(has_text="党课").click()
    expect(page.locator("#roll select")).to_have_count(10)
    expect(page.locator("[name=lecturer]")).to_be_visible()
    kind.filter(has_text="支委会").click()
    expect(page.locator("[name=agenda-0-decision_0]")).to_have_value("留下的决议")
    expect(page.locator("[name=agenda-1-title]")).to_have_value("党课")
    expect(page.locator("[data-item]")).to_have_count(2)
    kind.filter(has_text="党课").click()
    kind.filter(has_text="党小组会").click()
    expect(page.locator("#roll")).to_contain_text("请先选择党小组")
    page.locator("[name=group]").select_option(label="第一党小组")
    expect(page.locator("#roll select")).to_have_count(10)
    secretary.press("添加议题")
    secretary.type("[name$=-title]:focus", "新议题")
    titles = page.locator("[data-item] [name$=-title]")
    page.locator("[data-item]").last.locator("[data-up]").click()
    assert titles.nth(titles.count() - 2).input_value() == "新议题"
    page.locator("[data-item]").last.locator("[data-drop]").click()
    expect(page.locator("#agenda-total")).to_have_value(str(titles.count()))


def test_votes_are_judged_while_typing(portal: Portal, hand: Hands) -> None:
    """Quorum and majority are live; a motion that failed cannot be kept as passed, with the clause beside."""
    secretary = hand("secretary")
    page = secretary.page
    secretary.go("/meetings/new/?kind=members_meeting")
    page.locator("[data-item]").last.locator(".voted").check()
    box = page.locator("[data-item]").last
    box.locator("[name$=-in_favour]").fill("4")
    expect(box.locator("[data-verdict]")).to_contain_text("未达到通过票数")
    box.locator("label:has-text('无记名投票')").click()
    box.locator("[name$=-passed][value='1']").check(force=True)
    secretary.shoot("vote")
    secretary.press("保存草稿")
    expect(page.locator(".errors")).to_contain_text("不能记为“通过”")
    expect(page.locator(".errors")).to_be_focused()
    secretary.assert_accessible()
    page.locator("[data-item]").last.locator("[name$=-in_favour]").fill("9")
    secretary.press("保存草稿")
    expect(page.locator(".errors")).to_have_count(0)
    secretary.press("未到的记为出警")
    for number in range(5):
        page.locator("#roll select[data-voter]").nth(number).select_option("leave")
    expect(page.locator("[data-unmet]")).to_be_visible()
    expect(page.locator("[data-excused]")).to_have_text("5（休假 5）")


def test_mistakes_stand_beside_their_fields(portal: Portal, hand: Hands) -> None:
    """One summary with links, the same sentence beside the field, and everything typed is still there."""
    secretary = hand("secretary")
    page = secretary.page
    secretary.go(NEW)
    page.fill("[name=starts_at]", "10:00")
    page.fill("[name=ends_at]", "09:00")
    page.fill("[name=agenda-0-title]", "")
    secretary.type("[name=agenda-0-discussion]", "讨论")
    secretary.press("核对并提交")
    expect(page).to_have_title("有误：记会议 · 党支部工作平台")
    expect(page.locator(".errors li")).to_have_text(["结束时间应晚于开始时间", "议题 1：请填写议题"])
    expect(page.locator("#id_ends_at_error")).to_have_text("结束时间应晚于开始时间")
    secretary.click(".errors li:last-child a")
    expect(page.locator("[name=agenda-0-title]")).to_be_focused()
    expect(page.locator("[name=agenda-0-discussion]")).to_have_value("讨论")
    secretary.assert_accessible()
    secretary.shoot("mistakes")


def test_two_at_one_draft(portal: Portal, hand: Hands) -> None:
    """The second saver is told, sees both contents, and decides; a check of something old is not filed."""
    secretary, deputy = hand("secretary"), hand("deputy")
    secretary.go(NEW)
    secretary.type("[name=agenda-0-decision_0]", "集中学习一次")
    saved(secretary)
    deputy.go(secretary.path)
    secretary.type("[name=place]", "二楼")
    secretary.press("保存草稿")
    deputy.type("[name=minutes]", "副书记的记录")
    expect(deputy.page.locator("[data-saved]")).to_contain_text("已被他人修改", timeout=8000)
    deputy.press("比较两份内容")
    expect(deputy.page.locator("h2:has-text('已被他人修改')")).to_be_visible()
    for words in ("地点", "二楼", "副书记的记录", "王建国"):
        assert words in deputy.page.locator(".errors").inner_text()
    deputy.assert_accessible()
    deputy.shoot("conflict")
    secretary.go(secretary.path.replace("edit", "check"))
    deputy.press("保存草稿")
    expect(deputy.page.locator(".errors")).to_have_count(0)
    assert Meeting.objects.get(held_on=portal.today).minutes == "副书记的记录"
    secretary.press("提交并归档")
    expect(secretary.page.locator("h1")).to_have_text("记录已被修改")
    assert Meeting.objects.get(held_on=portal.today).state == "draft"

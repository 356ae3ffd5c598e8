"""The frame: error pages, clean input, caches, display settings, the menu and the small tags."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import User
from core import charts, clock
from core.decisions import Allowed, Denied
from core.models import Job
from core.templatetags import dates, menu, portal
from core.views.errors import is_outage
from tests.core.frame_pages import own, pages, signed_in, user

__all__ = ["own", "pages", "signed_in", "user"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.frame_pages")]


@pytest.mark.parametrize(
    "url", ["/list/?name=%00", "/list/?name=%FF", "/list/?%ED%A0%80=1", "/page/%00/", "/%00"]
)
def test_dirty_addresses_are_refused(signed_in: Client, url: str) -> None:
    answer = signed_in.get(url)
    assert answer.status_code == 400
    assert "无法识别的字符" in answer.content.decode()


def test_dirty_forms_and_huge_bodies_are_refused(signed_in: Client, settings: Settings) -> None:
    assert signed_in.post("/posted/", {"text": "第一行\n😀𠮷"}).content.decode() == "第一行\n😀𠮷"
    assert signed_in.post("/posted/", {"text": "甲\0乙"}).status_code == 400
    urlencoded = "application/x-www-form-urlencoded"
    assert signed_in.post("/posted/", b"text=%FF", content_type=urlencoded).status_code == 400
    assert signed_in.post("/posted/", b"--", content_type="multipart/form-data").status_code == 400
    settings.MAX_REQUEST_BODY = 100
    refused = signed_in.post("/posted/", {"text": "长" * 200})
    assert refused.status_code == 413
    assert "请压缩图片" in refused.content.decode()


def test_signed_in_pages_are_not_kept(signed_in: Client, client: Client) -> None:
    answer = signed_in.get("/list/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(answer.headers["X-Request-ID"]) == 16
    assert "Cache-Control" not in Client().get("/posted/").headers


def test_a_crash_is_a_calm_page_with_its_number(signed_in: Client, expects_errors: None) -> None:
    signed_in.raise_request_exception = False
    answer = signed_in.get("/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert answer.headers["X-Request-ID"] in page
    assert "Traceback" not in page


def test_the_interface_for_programs_gets_sentences_as_data(signed_in: Client) -> None:
    lost = signed_in.get("/api/none/")
    assert (lost.status_code, lost.json()) == (
        404,
        {"detail": "所找的页面不存在，或者不在本人可见范围内。"},
    )
    assert signed_in.get("/api/v1/?q=%00").json()["detail"].startswith("提交的内容含有")


def test_lost_pages_differ_for_strangers_only_in_the_frame(signed_in: Client) -> None:
    assert "主菜单" in signed_in.get("/none/").content.decode()
    page = Client().get("/none/").content.decode()
    assert "主菜单" not in page
    assert "没有找到" in page


def test_display_is_kept_and_leads_back(client: Client) -> None:
    answer = client.post("/preferences/display/", {"size": "2", "next": "/list/?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/list/?page=2")
    client.post("/preferences/display/", {"contrast": "1"})
    assert client.cookies["display"].value == "2c"
    assert 'class="size-2 contrast"' in client.get("/none/").content.decode()
    foreign = client.post("/preferences/display/", {"size": "9", "next": "//elsewhere.example/"})
    assert foreign.headers["Location"] == "/"
    assert client.cookies["display"].value == "2c"
    assert client.get("/preferences/display/").status_code == 405


def test_own_jobs_show_their_progress(signed_in: Client, user: User) -> None:
    job = Job.objects.create(
        kind="import",
        key="a",
        title="花名册导入",
        owner=user,
        state="running",
        total=5000,
        done=3200,
        message="错误 12",
        created_at=clock.now(),
    )
    url = f"/jobs/{job.pk}/progress/"
    part = signed_in.get(url + "?tries=7", headers={"HX-Request": "true"}).content.decode()
    assert "3,200" in part
    assert "tries=8" in part
    assert "delay:2s" in part
    Job.objects.update(state="done", result_url="/list/")
    page = signed_in.get(url).content.decode()
    assert "hx-get" not in page
    assert 'href="/list/"' in page
    Job.objects.update(owner=None)
    assert signed_in.get(url).status_code == 404


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/list/?sort=-name&page=3")
    request.user = AnonymousUser()
    return Template("{% load portal dates menu %}" + source).render(Context({"request": request, **context}))


def test_words_go_with_every_colour() -> None:
    assert 'class="st s-bad"' in render('{% status "bad" %}')
    assert "逾期" in render('{% status "bad" %}')
    assert "待归档" in render('{% status "todo" "待归档" %}')
    assert "不符合" in render('{% level "error" %}')
    assert "&lt;b&gt;" in render("{% status 'ok' word %}", word="<b>")


def test_buttons_know_why_not() -> None:
    shown = '{% action_button "/a/" "签发" decision look="primary" %}'
    assert 'href="/a/"' in render(shown, decision=Allowed())
    denied = render(shown, decision=Denied("本月尚未封账。"))
    assert "disabled" in denied
    assert "本月尚未封账。" in denied
    posted = render('{% action_button "/a/" "撤回" decision method="post" %}', decision=None)
    assert 'name="token"' in posted
    assert 'method="post"' in posted


def test_a_heading_sorts_both_ways() -> None:
    turned = render('{% sort_header "name" "名称" %}')
    assert 'aria-sort="descending"' in turned
    assert "?sort=name" in turned
    assert "page=" not in turned


def test_the_menu_has_no_dead_entry_and_marks_the_nearest() -> None:
    source = """{% menu_group "空" %}{% menu_item "nowhere:list" "无" %}{% menu_group "有" %}
        {% menu_item "core:display" "显示" %}{% menu %}"""
    drawn = render(source)
    assert "空" not in drawn
    assert "显示" in drawn
    assert menu.leads("/meetings/", "/meetings/5/")
    assert not menu.leads("/", "/meetings/")


def test_pages_offered_around_the_current_one() -> None:
    assert portal.page_window(5, 20) == [1, 0, 3, 4, 5, 6, 7, 0, 20]
    assert portal.page_window(1, 1) == [1]
    assert portal.values(QueryDict("cols=a&cols=b"), "cols") == ["a", "b"]


def test_dates_in_words() -> None:
    on = date(2026, 9, 18)
    assert dates.cn_date(on) == "2026年9月18日"
    assert dates.cn_day(on) == "2026年9月18日 周五"
    assert dates.cn_month(on) == "2026年9月"
    assert dates.day(on) == "2026-09-18 周五"
    assert dates.short_day(on) == "09-18 周五"
    late = datetime(2026, 9, 17, 18, 30, tzinfo=UTC)
    assert dates.moment(late) == "2026-09-18 02:30"
    assert dates.hour(late) == "02:30"
    assert dates.day(late) == "2026-09-18 周五"
    with clock.at(late):
        assert dates.days_left(on) == "今天到期"
        assert dates.days_left(date(2026, 9, 21)) == "还有 3 天"
        assert dates.days_left(date(2026, 8, 27)) == "已过 22 天"
        assert dates.days_until(date(2026, 8, 27)) == -22
    for words in (dates.cn_date, dates.day, dates.moment, dates.days_left, dates.weekday):
        assert not words(None)


def test_chart_geometry() -> None:
    assert [charts.nice_top(v) for v in (0, 0.3, 7, 23, 100, 101)] == [1, 0.5, 10, 25, 100, 200]
    assert charts.share(None, 100) == 0
    assert charts.share(150, 100) == 100
    assert charts.stack([1, None, 3], 4) == [(0.0, 25.0), (25.0, 0.0), (25.0, 75.0)]
    values = [100, None, 50]
    placed = charts.dots(["1月", "2月", "3月"], values, charts.LINE, 0, 100)
    assert [dot.label for dot in placed] == ["1月", "3月"]
    assert placed[0].y == charts.LINE.top
    assert len(charts.runs(values, placed)) == 2
    assert charts.spark_range([None]) == (-1.0, 1.0)


def test_charts_are_read_as_words() -> None:
    source = """{% load charts %}{% bar_chart "落实率" points unit="%" top=100 %}
        {% stacked_chart "星级" series rows %}{% line_chart "趋势" points unit="%" %}
        {% sparkline "近两月" points %}"""
    drawn = render(
        source,
        points=[("1月", 99.5, "/x/"), ("2月", None)],
        series=["五星", "四星"],
        rows=[("城东", [1, 3], "/y/"), ("滨河", [0, 0])],
    )
    assert 'width="99.50%"' in drawn
    assert "1月 99.5" in drawn
    assert "五星 1" in drawn
    assert 'href="/y/"' in drawn
    assert "style=" not in drawn


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("could not connect to server"), True),
        (OperationalError("database is locked"), True),
        (InterfaceError("connection already closed"), True),
        (OperationalError("no such table: x"), False),
        (ProgrammingError("syntax error"), False),
        (None, False),
    ],
)
def test_only_a_database_that_is_away_is_an_outage(error: Exception | None, outage: bool) -> None:
    assert is_outage(error) is outage


def test_a_point_alone_stands_in_the_middle():
    alone = charts.dots(["10月"], [33.3], charts.LINE, 0, 100)
    assert alone[0].x == charts.LINE.left + charts.LINE.inner_width / 2
    pair = charts.dots(["9月", "10月"], [20, 33.3], charts.LINE, 0, 100)
    assert [dot.x for dot in pair] == [charts.LINE.left, charts.LINE.width - charts.LINE.right]

"""The consoles of the system and the audit administrator, and the choice of the post."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import Person, User
from branches.actions import appoint
from core import clock
from core.actor import system
from core.models import AuditEntry
from core.views import new_token
from tests.accounts.conftest import ID_NUMBER, PASSWORD, PHONE, House

JOB = system("测试")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def sysadmin(house: House, sign_in: Any) -> Client:
    return sign_in(house.sysadmin)


@pytest.fixture
def auditadmin(house: House, sign_in: Any) -> Client:
    return sign_in(house.auditadmin)


def press(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"token": new_token()} | data)


def page(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def lock(username: str) -> None:
    for _ in range(5):
        Client().post("/accounts/login/", {"username": username, "password": "wrong"})


# --- who gets in ---------------------------------------------------------------------------------


def test_only_the_system_administrator_sees_accounts(house: House, sign_in: Any) -> None:
    pk = house.user.pk
    lists = ("/accounts/users/", "/accounts/users/new/", "/accounts/users/passwords/")
    pages = [f"/accounts/users/{pk}/{what}" for what in ("", "reset/", "unlock/", "disable/", "enable/")]
    for name in ("secadmin", "auditadmin", "user"):
        client = sign_in(getattr(house, name))
        assert {client.get(url).status_code for url in lists} == {403}
        assert {client.get(url).status_code for url in pages} == {404}
        assert {press(client, url, reason="试一试").status_code for url in pages[1:]} == {404}
    assert {Client().get(url).status_code for url in (*lists, *pages)} == {302}


def test_only_the_audit_administrator_reads_the_trail(house: House, sign_in: Any) -> None:
    for name in ("sysadmin", "secadmin", "user"):
        client = sign_in(getattr(house, name))
        assert client.get("/accounts/audit/").status_code == 403
        assert client.get("/accounts/audit/?export=xlsx").status_code == 403


# --- the list ----------------------------------------------------------------------------------


def test_find_accounts(house: House, sysadmin: Client) -> None:
    url = "/accounts/users/"
    for text in ("单玉", "shanyu", "syh", "SHANYUHUA"):
        found = page(sysadmin, url, q=text)
        assert "单玉华" in found, text
        assert ">secadmin<" not in found, text
    assert "没有符合条件的账号" in page(sysadmin, url, q="nobodyhome")


def test_filter_by_state(house: House, sysadmin: Client) -> None:
    lock("shanyuhua")
    actions.disable(house.by("sysadmin"), house.secadmin, reason="岗位调整")
    actions.reset_password(house.by("sysadmin"), house.auditadmin)
    expected = {
        "locked": {"shanyuhua"},
        "disabled": {"secadmin"},
        "unused": {"shanyuhua", "secadmin", "auditadmin"},
        "initial": {"auditadmin"},
    }
    for state, names in expected.items():
        text = page(sysadmin, "/accounts/users/", state=state)
        shown = {u.username for u in User.objects.all() if f">{u.username}</a>" in text}
        assert shown == names, state
    assert "已锁定" in page(sysadmin, "/accounts/users/", state="locked")
    assert sysadmin.get("/accounts/users/?state=nonsense").status_code == 200


@pytest.mark.parametrize("sort", ["username", "-name", "seen", "opened", "password", "-"])
def test_sorting(sysadmin: Client, sort: str) -> None:
    assert "shanyuhua" in page(sysadmin, "/accounts/users/", sort=sort)


def test_the_number_of_queries_does_not_grow(house: House, sysadmin: Client) -> None:
    counts = []
    for number in (1, 25):
        for index in range(number):
            person = actions.create_person(JOB, name=f"王{index}")
            actions.create_user(JOB, username=f"wang{number}x{index}", person=person)
        for url in ("/accounts/users/", "/accounts/users/new/"):
            with CaptureQueriesContext(connection) as seen:
                page(sysadmin, url)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


# --- opening, resetting, disabling ------------------------------------------------------------------


def test_open_accounts_and_hand_the_passwords_over_once(house: House, sysadmin: Client) -> None:
    persons = [actions.create_person(JOB, name=name) for name in ("张三", "李四", "王五")]
    listed = page(sysadmin, "/accounts/users/new/", q="")
    assert "张三" in listed
    assert "单玉华" not in listed
    answer = press(sysadmin, "/accounts/users/new/", persons=[persons[0].pk, persons[1].pk])
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/users/passwords/")
    shown = page(sysadmin, "/accounts/users/passwords/")
    assert "zhangsan" in shown
    assert "lisi" in shown
    assert "wangwu" not in shown
    book = sysadmin.get("/accounts/users/passwords/?export=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(book))).active.values)
    given = {row[0]: row[2] for row in rows[3:]}
    assert set(given) == {"zhangsan", "lisi"}
    assert User.objects.get(username="lisi").check_password(given["lisi"])
    assert given["lisi"] in shown
    assert press(sysadmin, "/accounts/users/passwords/").status_code == 303
    assert "没有待交付" in page(sysadmin, "/accounts/users/passwords/")
    assert given["lisi"] not in str(list(AuditEntry.objects.values()))


def test_passwords_are_kept_ten_minutes_and_encrypted(house: House, sysadmin: Client) -> None:
    press(sysadmin, f"/accounts/users/{house.user.pk}/reset/")
    kept = sysadmin.session["handover"]
    assert kept.startswith("sm4g$")
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert "没有待交付" not in page(sysadmin, "/accounts/users/passwords/")
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "没有待交付" in page(sysadmin, "/accounts/users/passwords/")


def test_opening_twice_with_one_form_opens_once(house: House, sysadmin: Client) -> None:
    person = actions.create_person(JOB, name="张三")
    data = {"token": new_token(), "persons": [person.pk]}
    first = sysadmin.post("/accounts/users/new/", data)
    second = sysadmin.post("/accounts/users/new/", data)
    assert first["Location"] == "/accounts/users/passwords/"
    assert second.status_code in (303, 422)
    assert User.objects.filter(person=person).count() == 1


@pytest.mark.parametrize("persons", [[], ["x"], ["999999999"], ["1" * 40]])
def test_nonsense_opens_nothing(house: House, sysadmin: Client, persons: list[str]) -> None:
    before = User.objects.count()
    answer = press(sysadmin, "/accounts/users/new/", persons=persons)
    assert answer.status_code == 422
    assert User.objects.count() == before


def test_reset_by_button(house: House, sysadmin: Client) -> None:
    url = f"/accounts/users/{house.user.pk}/reset/"
    assert "只显示一次" in page(sysadmin, url)
    assert User.objects.get(pk=house.user.pk).check_password(PASSWORD)
    assert press(sysadmin, url)["Location"] == "/accounts/users/passwords/"
    assert not User.objects.get(pk=house.user.pk).check_password(PASSWORD)


def test_unlock_by_button(house: House, sysadmin: Client) -> None:
    lock("shanyuhua")
    url = f"/accounts/users/{house.user.pk}/"
    assert f"{url}unlock/" in page(sysadmin, url)
    assert press(sysadmin, f"{url}unlock/")["Location"] == url
    assert f"{url}unlock/" not in page(sysadmin, url)


def test_disable_and_enable_by_button(house: House, sysadmin: Client) -> None:
    url = f"/accounts/users/{house.user.pk}/"
    assert press(sysadmin, f"{url}disable/", reason="").status_code == 422
    assert press(sysadmin, f"{url}disable/", reason="调离本单位").status_code == 303
    shown = page(sysadmin, url)
    assert "已停用" in shown
    assert "调离本单位" in shown
    assert press(sysadmin, f"{url}disable/", reason="再停一次").status_code == 409
    assert press(sysadmin, f"{url}enable/", reason="调回本单位").status_code == 303
    assert User.objects.get(pk=house.user.pk).is_active


def test_the_own_account_is_left_alone(house: House, sysadmin: Client) -> None:
    url = f"/accounts/users/{house.sysadmin.pk}/"
    assert "不能停用或重置本人账号" in page(sysadmin, url)
    assert press(sysadmin, f"{url}disable/", reason="试一试").status_code == 403
    assert press(sysadmin, f"{url}reset/").status_code == 403


def test_no_personal_number_is_on_any_page(house: House, sysadmin: Client, auditadmin: Client) -> None:
    Person.objects.filter(pk=house.person.pk).update(name="单玉华")
    new = actions.create_person(JOB, name="张三", phone="13900139000")
    pages = [
        page(sysadmin, "/accounts/users/"),
        page(sysadmin, f"/accounts/users/{house.user.pk}/"),
        page(sysadmin, "/accounts/users/new/"),
        page(auditadmin, "/accounts/audit/"),
    ]
    for text in pages:
        assert ID_NUMBER not in text
        assert PHONE not in text
        assert "13900139000" not in text
    assert new.phone_mask in pages[2]


# --- audit -----------------------------------------------------------------------------------------


def test_the_trail_with_filters(house: House, auditadmin: Client) -> None:
    actions.disable(house.by("sysadmin"), house.user, reason="调离本单位")
    url = "/accounts/audit/"
    assert "调离本单位" in page(auditadmin, url)
    today = f"{clock.today():%Y-%m-%d}"
    hits: list[dict[str, str]] = [
        {"verb": "停用"},
        {"actor": "系统管理员", "verb": "停用"},
        {"subject": f"accounts.user:{house.user.pk}"},
        {"subject": f"账号 {house.user.pk}"},
        {"subject": "账号", "verb": "停用"},
        {"since": today, "until": today, "verb": "停用"},
        {"result": "ok", "verb": "停用"},
    ]
    for query in hits:
        assert "调离本单位" in page(auditadmin, url, **query), query
    for query in (
        {"verb": "归档"},
        {"until": "2020-01-01"},
        {"result": "denied"},
        {"since": "x"},
        {"subject": "单玉"},
    ):
        assert "调离本单位" not in page(auditadmin, url, **query), query


def test_the_trail_as_a_workbook_is_itself_recorded(house: House, auditadmin: Client) -> None:
    book = auditadmin.get("/accounts/audit/?export=xlsx&verb=开通账号")
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(book))).active.values)
    assert {row[2] for row in rows[3:]} == {"开通账号"}
    assert AuditEntry.objects.latest("pk").verb == "导出清单"


def test_the_trail_cannot_be_written_from_the_page(auditadmin: Client) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(auditadmin, method)("/accounts/audit/").status_code == 405


def test_the_menu_shows_each_administrator_the_own_console(sysadmin: Client, auditadmin: Client) -> None:
    assert "/accounts/audit/" not in page(sysadmin, "/accounts/users/")
    assert "/accounts/audit/" in page(auditadmin, "/accounts/audit/")
    assert "/accounts/users/" not in page(auditadmin, "/accounts/audit/")


# --- the post acted for ----------------------------------------------------------------------------


@pytest.mark.parametrize("post", ["", "x", "999999", "-1"])
def test_only_an_own_post_can_be_chosen(house: House, sign_in: Any, post: str) -> None:
    client = sign_in(house.user)
    answer = client.post("/accounts/post/", {"post": post, "next": "//evil.example/"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert "post" not in client.session
    assert client.get("/accounts/post/").status_code == 405


def test_an_own_post_is_chosen_and_the_page_is_returned_to(corps: Any, sign_in: Any) -> None:
    user = corps.users["secretary"]
    with clock.at(datetime(2025, 1, 2, tzinfo=UTC)):
        second = appoint(JOB, corps.group, person=user.person, office="group_leader", since=clock.today())
    client = sign_in(user)
    answer = client.post("/accounts/post/", {"post": second.pk, "next": "/accounts/password/"})
    assert answer["Location"] == "/accounts/password/"
    assert client.session["post"] == second.pk
    assert "第一党小组" in page(client, "/accounts/password/")
    foreign = corps.users["secretary_beta"]
    stranger = sign_in(foreign)
    stranger.post("/accounts/post/", {"post": second.pk})
    assert "post" not in stranger.session

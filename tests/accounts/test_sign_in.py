"""The door: sign-in, lockout, session limits, forced change of the password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.hashers import MEASURED_ROUNDS
from accounts.models import User
from core import clock
from core.models import AuditEntry
from core.views import new_token
from tests.accounts.conftest import PASSWORD, House

LOGIN = "/accounts/login/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def sign_in(client: Client, username: str = "shanyuhua", password: str = PASSWORD, **more: Any) -> Any:
    data = {"username": username, "password": password} | more.pop("data", {})
    return client.post(LOGIN, data, **more)


def is_in(client: Client) -> bool:
    return client.get("/accounts/password/").status_code == 200


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- signing in and out -----------------------------------------------------------------------


def test_the_page_has_the_two_fields(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert 'name="username"' in page
    assert 'name="password"' in page
    assert "禁止录入" in page  # the footer of every page


def test_sign_in_and_out(client: Client, house: House) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert client.get("/accounts/logout/").status_code == 405
    assert is_in(client)
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert not is_in(client)
    assert verbs()[-2:] == ["登录", "退出登录"]


def test_user_names_are_forgiving_about_case_and_width(client: Client, house: House) -> None:
    assert sign_in(client, " ＳhanYuHua ").status_code == 302


def test_the_session_key_changes_at_sign_in(client: Client, house: House) -> None:
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client)
    assert client.cookies["sessionid"].value != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert not is_in(other)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "/accounts/login/",
        "/accounts/login/?next=/accounts/login/",
        "/accounts/logout/",
    ],
)
def test_only_our_own_pages_are_returned_to(client: Client, house: House, target: str) -> None:
    assert sign_in(client, data={"next": target})["Location"] == "/"
    answer = client.get(LOGIN, {"next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_back_to_the_page_asked_for(client: Client, house: House) -> None:
    answer = client.get("/accounts/users/?state=locked")
    assert answer["Location"] == f"{LOGIN}?next=/accounts/users/%3Fstate%3Dlocked"
    answer = sign_in(client, "sysadmin", data={"next": "/accounts/users/?state=locked"})
    assert answer["Location"] == "/accounts/users/?state=locked"


def test_csrf_is_checked(house: House) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    strict.get(LOGIN)
    token = strict.cookies["csrftoken"].value
    assert sign_in(strict, data={"csrfmiddlewaretoken": token}).status_code == 302


def without_tokens(page: bytes) -> str:
    lines = page.decode().splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_known_unknown_and_disabled_get_the_same_answer(client: Client, house: House) -> None:
    User.objects.filter(pk=house.secadmin.pk).update(is_active=False)
    answers = [
        sign_in(client, "shanyuhua", "wrong"),
        sign_in(client, "nobodyhome", "wrong"),
        sign_in(client, "secadmin", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {422}
    names = ("shanyuhua", "nobodyhome", "secadmin")
    pages = {
        without_tokens(answer.content).replace(name, "NAME")
        for answer, name in zip(answers, names, strict=True)
    }
    assert len(pages) == 1
    assert "用户名或密码不正确" in pages.pop()


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [
        ("shan\0yuhua", PASSWORD, 400),
        ("shanyuhua", "x\0", 400),
        ("shanyuhua", "x" * 10_000, 422),
        ("x" * 10_000, "x", 422),
        ("", "", 422),
        ("' OR 1=1 --", "x", 422),
        ("{{ 7*7 }}", "x", 422),
        ("\u202eshan", "x", 422),
    ],
)
def test_hostile_input(client: Client, house: House, username: str, password: str, status: int) -> None:
    answer = sign_in(client, username, password)
    assert answer.status_code == status
    assert not is_in(client)


def test_a_password_of_128_signs_works_and_129_is_refused(client: Client, house: House) -> None:
    long = "Ab1-" * 32
    User.objects.filter(pk=house.user.pk).update(password=make_password(long))
    assert sign_in(client, password=long + "x").status_code == 422
    assert sign_in(client, password=long).status_code == 302


def test_pages_are_not_cached(client: Client, house: House) -> None:
    sign_in(client)
    assert "no-store" in client.get("/accounts/password/")["Cache-Control"]
    assert "no-cache" in client.get(LOGIN, follow=False).headers.get("Cache-Control", "no-cache")


# --- lockout -------------------------------------------------------------------------------------


def test_the_fifth_failure_locks_and_the_right_password_stays_out(client: Client, house: House) -> None:
    codes = [sign_in(client, password="wrong").status_code for _ in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "30 分钟" in answer.content.decode()
    assert not is_in(client)
    assert verbs()[-5:] == ["登录失败"] * 4 + ["登录锁定"]


def test_another_address_is_not_locked_by_the_first_counter(client: Client, house: House) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_twenty_failures_from_anywhere_lock_the_account(client: Client, house: House) -> None:
    for number in range(20):
        sign_in(client, password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert sign_in(client, REMOTE_ADDR="10.0.9.9").status_code == 429
    assert sign_in(client, "sysadmin", REMOTE_ADDR="10.0.9.9").status_code == 302


def test_unknown_names_are_locked_alike(client: Client, house: House) -> None:
    codes = [sign_in(client, "nobodyhome", "wrong").status_code for _ in range(6)]
    assert codes == [422, 422, 422, 422, 429, 429]


def test_the_lock_ends_with_time(client: Client, house: House) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert sign_in(client).status_code == 302


def test_unlock_by_the_administrator(client: Client, house: House) -> None:
    for number in range(21):
        sign_in(client, password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
    actions.unlock(house.by("sysadmin"), house.user)
    assert sign_in(client).status_code == 302
    assert not AccessFailureLog.objects.filter(username="shanyuhua").exists()


def test_success_forgets_earlier_failures(client: Client, house: House) -> None:
    for _ in range(4):
        sign_in(client, password="wrong")
    sign_in(client)
    client.post("/accounts/logout/")
    assert [sign_in(client, password="wrong").status_code for _ in range(4)] == [422] * 4


# --- the hasher ---------------------------------------------------------------------------------


def test_passwords_are_kept_under_pbkdf2_sm3(house: House) -> None:
    encoded = User.objects.get(username="shanyuhua").password
    assert encoded.startswith("pbkdf2_sm3$2$")
    assert identify_hasher(encoded).verify(PASSWORD, encoded)
    assert not identify_hasher(encoded).verify(PASSWORD + "x", encoded)


def test_rounds_are_raised_at_the_next_sign_in(client: Client, house: House, settings: Any) -> None:
    settings.PASSWORD_ROUNDS = 3
    sign_in(client)
    assert User.objects.get(username="shanyuhua").password.startswith("pbkdf2_sm3$3$")


def test_the_cost_is_within_its_budget(settings: Any) -> None:
    del settings.PASSWORD_ROUNDS
    assert make_password("x").split("$")[1] == str(MEASURED_ROUNDS)
    assert 120_000 <= MEASURED_ROUNDS <= 600_000


# --- session limits ------------------------------------------------------------------------------


def test_idle_too_long(client: Client, house: House, settings: Any) -> None:
    sign_in(client)
    later = clock.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1)
    with clock.at(later):
        answer = client.get("/accounts/password/")
        assert answer["Location"].startswith(LOGIN)
        assert "长时间没有操作" in client.get(answer["Location"]).content.decode()
        sign_in(client)
        client.post("/accounts/logout/")
        assert "长时间没有操作" not in client.get(LOGIN).content.decode()


def test_being_there_keeps_the_session_until_the_absolute_limit(
    client: Client, house: House, settings: Any
) -> None:
    sign_in(client)
    began, step = clock.now(), timedelta(seconds=settings.SESSION_IDLE_SECONDS - 60)
    moment = began
    while moment + step - began < timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS):
        moment += step
        with clock.at(moment):
            assert is_in(client), moment - began
    with clock.at(began + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS + 61)):
        answer = client.get("/accounts/password/", follow=True)
        assert "最长时限" in answer.content.decode()


def test_an_expired_htmx_request_loads_the_sign_in_page_whole(
    client: Client, house: House, settings: Any
) -> None:
    sign_in(client)
    with clock.at(clock.now() + timedelta(hours=9)):
        answer = client.get("/accounts/password/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(LOGIN)


def test_a_disabled_user_is_out_at_the_next_request(client: Client, house: House) -> None:
    sign_in(client)
    assert is_in(client)
    actions.disable(house.by("sysadmin"), house.user, reason="调离本单位")
    assert not is_in(client)


# --- forced change ------------------------------------------------------------------------------


def change(client: Client, new: str, again: str = "", old: str = PASSWORD) -> Any:
    data = {"old": old, "new": new, "again": again or new, "token": new_token()}
    return client.post("/accounts/password/", data)


def test_a_one_time_password_reaches_only_the_password_page(client: Client, house: House) -> None:
    password = actions.reset_password(house.by("sysadmin"), house.user)
    assert sign_in(client, password=password).status_code == 302
    for url in ("/", "/accounts/users/", "/no/such/page/"):
        answer = client.get(url)
        assert answer.status_code in (302, 404)
        assert answer.headers.get("Location", "/accounts/password/") == "/accounts/password/"
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/password/")
    assert client.get("/api/schema/").status_code == 403
    page = client.get("/accounts/password/").content.decode()
    assert "初始密码" in page
    assert "至少包含大写字母" in page
    assert change(client, "Calm-Harbour-26", old=password).status_code == 303
    assert not User.objects.get(pk=house.user.pk).must_change_password
    assert is_in(client)


def test_sign_out_stays_open_before_the_change(client: Client, house: House) -> None:
    password = actions.reset_password(house.by("sysadmin"), house.user)
    sign_in(client, password=password)
    assert client.post("/accounts/logout/")["Location"] == LOGIN


def test_day_91_asks_for_a_new_password(client: Client, house: House) -> None:
    User.objects.filter(pk=house.user.pk).update(last_login=clock.now() + timedelta(days=60))
    with clock.at(clock.now() + timedelta(days=91)):
        sign_in(client)
        assert client.get("/accounts/users/")["Location"] == "/accounts/password/"


def test_an_initial_password_ends_after_its_days(client: Client, house: House) -> None:
    password = actions.reset_password(house.by("sysadmin"), house.user)
    with clock.at(clock.now() + timedelta(days=15)):
        answer = sign_in(client, password=password)
    assert answer.status_code == 422
    assert "已过有效期" in answer.content.decode()


def test_the_password_page_says_what_is_wrong(client: Client, house: House) -> None:
    sign_in(client)
    for new, again, words in (
        ("short", "", "10"),
        ("Calm-Harbour-26", "other", "不一致"),
        ("Xiaofang-2026", "", "xiaofang"),
    ):
        answer = change(client, new, again)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert change(client, "Calm-Harbour-26", old="wrong").status_code == 422


def test_other_sessions_end_with_the_change(client: Client, house: House) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    assert change(client, "Calm-Harbour-26").status_code == 303
    assert is_in(client)
    assert not is_in(other)


def test_a_reset_ends_all_sessions(client: Client, house: House) -> None:
    sign_in(client)
    actions.reset_password(house.by("sysadmin"), house.user)
    assert not is_in(client)


def test_addresses() -> None:
    assert reverse("accounts:login") == LOGIN

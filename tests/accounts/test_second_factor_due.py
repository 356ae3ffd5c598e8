"""Of whom the second factor is demanded, what comes before everything else, and tokens of the API."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from branches.actions import appoint
from branches.queries import asks_second_factor
from core import clock
from core.actor import system
from core.views import new_token
from tests.accounts.conftest import PASSWORD, House
from tests.accounts.test_second_factor import FACTOR, LOGIN, NOON, code_at, enrol, is_in

TOKEN = "/api/v1/auth/token/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def codes(house: House) -> list[str]:
    """The recovery codes of sysadmin, whose second factor is on."""
    return enrol(house.sysadmin)


# --- where it is demanded --------------------------------------------------------------------------


def test_whom_it_is_demanded_of(corps: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    asked = {name for name, user in corps.users.items() if asks_second_factor(user)}
    assert asked == {"sysadmin", "secadmin", "auditadmin", "politics", "director", "corps_politics"}
    settings.SECOND_FACTOR = False
    assert not any(asks_second_factor(user) for user in corps.users.values())


def test_it_follows_the_posts_of_today(corps: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    user = corps.users["member"]
    appoint(
        system("测试"),
        corps.detachment,
        person=user.person,
        office="political_officer",
        since=date(2026, 11, 10),
    )
    with clock.at(NOON - timedelta(days=1)):
        assert not asks_second_factor(user)
    assert asks_second_factor(user)


def test_it_comes_before_everything_else(house: House, sign_in: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    client = sign_in(house.sysadmin)
    for url in ("/", "/accounts/users/", "/no/such/page/"):
        answer = client.get(url)
        assert answer.headers.get("Location", FACTOR) == FACTOR
        assert answer.status_code in (302, 404)
    answer = client.post(f"/accounts/users/{house.user.pk}/reset/", {"token": new_token()})
    assert answer["Location"] == FACTOR
    assert client.get("/api/schema/").status_code == 403
    page = client.get(FACTOR).content.decode()
    assert "须启用动态口令" in page
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1]
    assert client.post(FACTOR, {"otp": code_at(NOON, secret)}).status_code == 200
    assert client.get("/accounts/users/").status_code == 200


def test_a_session_that_never_gave_a_code_is_sent_to_the_door(
    house: House, sign_in: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    client = sign_in(house.sysadmin)
    enrol(house.sysadmin)
    answer = client.get("/accounts/users/")
    assert answer["Location"] == LOGIN
    assert "请重新登录" in client.get(LOGIN).content.decode()
    assert not is_in(client)


def test_nothing_is_demanded_of_others(house: House, sign_in: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    assert is_in(sign_in(house.user))


# --- programs --------------------------------------------------------------------------------------


def ask(client: Client, **more: Any) -> Any:
    data = {"username": "sysadmin", "password": PASSWORD} | more
    return client.post(TOKEN, data, content_type="application/json")


def test_a_token_needs_the_code(client: Client, codes: list[str]) -> None:
    for more, words in (({}, "otp"), ({"otp": ""}, "otp"), ({"otp": "000000"}, "不正确")):
        answer = ask(client, **more)
        assert (answer.status_code, words in answer.json()["detail"]) == (401, True)
    assert not AuthToken.objects.exists()
    assert ask(client, otp=code_at(NOON)).status_code == 200
    assert ask(client, otp=code_at(NOON)).status_code == 401
    assert ask(client, otp=codes[0]).status_code == 200


def test_a_token_without_the_password_tells_nothing(client: Client, codes: list[str]) -> None:
    unknown = ask(client, password="wrong", otp=code_at(NOON)).json()
    assert ask(client, password="wrong").json() == unknown


def test_guessing_codes_for_tokens_locks(client: Client, codes: list[str]) -> None:
    assert [ask(client, otp="000000").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    assert ask(client, otp=code_at(NOON)).status_code == 429


def test_no_token_before_it_is_switched_on(client: Client, house: House, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    answer = ask(client)
    assert (answer.status_code, "动态口令" in answer.json()["detail"]) == (403, True)
    enrol(house.sysadmin)
    assert ask(client, otp=code_at(NOON)).status_code == 200

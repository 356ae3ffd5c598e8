"""Tokens: the same door for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts import actions
from core.models import AuditEntry
from core.views import new_token
from tests.accounts.conftest import PASSWORD, House

URL = "/api/v1/auth/token/"
OUT = "/api/v1/auth/logout/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def ask(client: Client, username: Any = "shanyuhua", password: Any = PASSWORD, **more: Any) -> Any:
    data = {"username": username, "password": password} | more
    return client.post(URL, data, content_type="application/json")


def get(client: Client, token: str) -> int:
    headers = {"Authorization": f"Token {token}"}
    return client.get("/api/schema/", headers=headers).status_code


def test_a_token_opens_the_api_and_sign_out_withdraws_it(client: Client, house: House) -> None:
    answer = ask(client)
    assert answer.status_code == 200
    token = answer.json()["token"]
    assert answer.json()["expiry"]
    assert "sessionid" not in client.cookies
    assert get(client, token) == 200
    headers = {"Authorization": f"Token {token}"}
    assert client.post(OUT, headers=headers).status_code == 204
    assert get(client, token) == 401
    assert client.post(OUT).status_code == 401


def test_a_form_is_taken_as_well_and_otp_is_ignored(client: Client, house: House) -> None:
    data = {"username": "shanyuhua", "password": PASSWORD, "otp": "123456"}
    assert client.post(URL, data).status_code == 200


def test_tokens_are_kept_as_digests(client: Client, house: House) -> None:
    token = ask(client).json()["token"]
    assert token not in str(list(AuthToken.objects.values()))


def test_a_token_ends_with_its_time(client: Client, house: House) -> None:
    token = ask(client).json()["token"]
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert get(client, token) == 401


def test_wrong_and_unknown_are_told_alike(client: Client, house: House) -> None:
    wrong, unknown = ask(client, password="wrong"), ask(client, "nobodyhome", "wrong")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 401


def test_lockout_holds_here_too_and_is_shared_with_the_page(client: Client, house: House) -> None:
    assert [ask(client, password="wrong").status_code for _ in range(5)] == [401] * 4 + [429]
    answer = ask(client)
    assert answer.status_code == 429
    assert "暂停登录" in answer.json()["detail"]
    page = client.post("/accounts/login/", {"username": "shanyuhua", "password": PASSWORD})
    assert page.status_code == 429


def test_a_disabled_account(client: Client, house: House) -> None:
    token = ask(client).json()["token"]
    actions.disable(house.by("sysadmin"), house.user, reason="调离本单位")
    assert get(client, token) == 401
    answer = ask(client)
    assert answer.status_code == 403
    assert "已停用" in answer.json()["detail"]
    assert ask(client, password="wrong").status_code == 401


def test_an_initial_password_gives_no_token(client: Client, house: House) -> None:
    old = ask(client).json()["token"]
    password = actions.reset_password(house.by("sysadmin"), house.user)
    assert get(client, old) == 401
    answer = ask(client, password=password)
    assert answer.status_code == 403
    assert "修改初始密码" in answer.json()["detail"]


def test_a_changed_password_withdraws_tokens(client: Client, house: House, sign_in: Any) -> None:
    token = ask(client).json()["token"]
    data = {"old": PASSWORD, "new": "Calm-Harbour-26", "again": "Calm-Harbour-26"}
    sign_in(house.user).post("/accounts/password/", data | {"token": new_token()})
    assert get(client, token) == 401


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"username": null, "password": null}',
        '{"username": "a"}',
        '{"username": {"a": 1}, "password": []}',
        '{"username": "shan\\u0000yuhua", "password": "x"}',
        '{"username": "\\ud800", "password": "x"}',
        '{"username": "shanyuhua", "password": "' + "x" * 10_000 + '"}',
    ],
)
def test_hostile_bodies(client: Client, house: House, body: str) -> None:
    answer = client.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token x", "Bearer x", "Token \u00e9", "Token " + "f" * 64]
)
def test_hostile_headers(client: Client, house: House, header: str) -> None:
    assert client.get("/api/schema/", headers={"Authorization": header}).status_code in (401, 403)


def test_sign_ins_are_recorded(client: Client, house: House) -> None:
    ask(client)
    assert AuditEntry.objects.latest("pk").verb == "登录"


def test_the_schema_tells_of_the_door(client: Client, house: House) -> None:
    token = ask(client).json()["token"]
    schema = client.get("/api/schema/", headers={"Authorization": f"Token {token}"}).json()
    post = schema["paths"][URL]["post"]
    assert post["summary"] == "登录并取得令牌"
    assert {"200", "401", "403", "429"} <= set(post["responses"])

"""The second factor: switched on by its owner, asked for at every door, used once, reset with a reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from knox.models import AuthToken

from accounts import actions
from accounts.models import RecoveryCode, SecondFactor, User
from core import clock
from core.actor import Actor, system
from core.crypto import CryptoError
from core.decisions import NotAllowed, StaleRecord
from core.models import AuditEntry
from core.views import new_token
from tests.accounts.conftest import PASSWORD, House

NOON = datetime(2026, 11, 10, 4, 0, 5, tzinfo=UTC)
STEP = timedelta(seconds=30)
LOGIN, CODE, FACTOR = "/accounts/login/", "/accounts/login/code/", "/accounts/second-factor/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def code_at(moment: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)


def enrol(user: User, at: datetime = NOON - 2 * STEP) -> list[str]:
    """Switched on two steps before noon; answers the recovery codes."""
    with clock.at(at):
        return actions.enrol_factor(Actor(user=user), user, secret=SECRET, code=code_at(at))[1]


def first_step(client: Client, username: str = "sysadmin", **more: Any) -> Any:
    return client.post(LOGIN, {"username": username, "password": PASSWORD} | more)


def second_step(client: Client, otp: str, **more: Any) -> Any:
    return client.post(CODE, {"otp": otp}, **more)


def is_in(client: Client) -> bool:
    return client.get("/accounts/password/").status_code == 200


def last_verbs(count: int) -> list[str]:
    return list(AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:count])[::-1]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def codes(house: House) -> list[str]:
    """The recovery codes of sysadmin, whose second factor is on."""
    return enrol(house.sysadmin)


# --- switching it on -------------------------------------------------------------------------------


def test_enrolment_shows_secret_and_qr_and_the_codes_once(house: House, sign_in: Any) -> None:
    client = sign_in(house.sysadmin)
    page = client.get(FACTOR).content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1]
    assert "<svg" in page
    assert secret in client.get(FACTOR).content.decode()  # the same until a code proves it
    assert secret not in str(dict(client.session))
    before = client.session.session_key
    answer = client.post(FACTOR, {"otp": code_at(NOON, secret)})
    shown = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", answer.content.decode())
    assert (answer.status_code, len(set(shown))) == (200, 10)
    assert client.session.session_key != before
    again = client.get(FACTOR).content.decode()
    assert "已启用" in again
    assert "还有 10 个" in again
    assert not any(code in again for code in shown)
    kept = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))
    assert SecondFactor.objects.get().secret.startswith("sm4g$")
    assert not any(word in kept for word in (secret, *shown))
    assert last_verbs(1) == ["启用动态口令"]


@pytest.mark.parametrize("otp", ["", "000000", "12345", "abcdef", "１２３４５６７", "x" * 5000])
def test_a_wrong_first_code_switches_nothing_on(house: House, sign_in: Any, otp: str) -> None:
    assert sign_in(house.sysadmin).post(FACTOR, {"otp": otp}).status_code == 422
    assert not SecondFactor.objects.exists()


def test_a_second_enrolment_is_refused(house: House, codes: list[str]) -> None:
    with pytest.raises(StaleRecord):
        enrol(house.sysadmin, NOON)
    assert RecoveryCode.objects.count() == 10


def test_tokens_of_before_end(house: House) -> None:
    AuthToken.objects.create(user=house.sysadmin)
    enrol(house.sysadmin)
    assert not AuthToken.objects.exists()


# --- the second step -------------------------------------------------------------------------------


def test_in_after_both_steps_and_back_to_the_page_asked_for(client: Client, codes: list[str]) -> None:
    answer = first_step(client, next="/accounts/users/?state=locked")
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    assert 'autocomplete="one-time-code"' in client.get(CODE).content.decode()
    answer = second_step(client, code_at(NOON))
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/users/?state=locked")
    assert is_in(client)
    assert last_verbs(1) == ["登录"]


def test_a_half_open_session_reaches_nothing(client: Client, house: House, codes: list[str]) -> None:
    first_step(client)
    for url in ("/", "/accounts/users/", "/accounts/password/", FACTOR):
        assert client.get(url)["Location"].startswith(LOGIN), url
    pk = house.user.pk
    for url in (f"/accounts/users/{pk}/reset/", f"/accounts/users/{pk}/disable/", "/accounts/post/"):
        answer = client.post(url, {"token": new_token(), "reason": "试一试"})
        assert answer["Location"].startswith(LOGIN), url
    assert client.get("/api/schema/").status_code == 401
    house.user.refresh_from_db()
    assert house.user.is_active
    assert house.user.check_password(PASSWORD)


def test_the_session_key_changes_at_both_steps(client: Client, codes: list[str]) -> None:
    planted = Client()
    planted.get(FACTOR)
    session = client.session
    session["planted"] = "x"
    session.save()
    keys = [session.session_key]
    client.cookies["sessionid"] = keys[0]
    for step in (lambda: first_step(client), lambda: second_step(client, code_at(NOON))):
        step()
        keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    for key in keys[:2]:
        planted.cookies["sessionid"] = key
        assert not is_in(planted)
    assert is_in(client)


def test_the_second_step_needs_the_first(client: Client, codes: list[str]) -> None:
    assert client.get(CODE)["Location"] == LOGIN
    assert second_step(client, code_at(NOON))["Location"] == LOGIN
    assert not is_in(client)


def test_the_half_open_session_ends(client: Client, house: House, codes: list[str]) -> None:
    first_step(client)
    with clock.at(NOON + timedelta(seconds=301)):
        assert second_step(client, code_at(NOON + timedelta(seconds=301)))["Location"] == LOGIN
    first_step(client)
    actions.reset_password(Actor(user=_other_sysadmin()), house.sysadmin)
    assert second_step(client, code_at(NOON))["Location"] == LOGIN
    assert not is_in(client)


def _other_sysadmin() -> User:
    return actions.create_user(system("测试"), username="second", admin_role="sysadmin", password=PASSWORD)[0]


def test_an_account_without_it_signs_in_as_ever(client: Client, house: House, codes: list[str]) -> None:
    assert first_step(client, "shanyuhua")["Location"] == "/"


# --- once only, and the clock ----------------------------------------------------------------------


def test_a_code_is_taken_once(codes: list[str]) -> None:
    clients = [Client(), Client()]
    for client in clients:
        first_step(client)
    answers = [second_step(client, code_at(NOON)) for client in clients]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert [is_in(client) for client in clients] == [True, False]


def test_an_earlier_code_is_not_taken_after_a_later_one(house: House, codes: list[str]) -> None:
    by = house.by("sysadmin")
    assert actions.use_code(by, house.sysadmin, code_at(NOON + STEP))
    assert not actions.use_code(by, house.sysadmin, code_at(NOON))


def test_the_code_of_enrolment_is_spent(house: House) -> None:
    enrol(house.sysadmin, NOON)
    assert not actions.use_code(house.by("sysadmin"), house.sysadmin, code_at(NOON))


@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(house: House, codes: list[str], off: int, taken: bool) -> None:
    SecondFactor.objects.update(last_step=0)
    assert actions.use_code(house.by("sysadmin"), house.sysadmin, code_at(NOON + off * STEP)) is taken


def test_codes_are_forgiving_about_spaces_and_width(house: House, codes: list[str]) -> None:
    code = code_at(NOON)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert actions.use_code(house.by("sysadmin"), house.sysadmin, f" {wide[:3]} {wide[3:]}")


# --- failures and the lock -------------------------------------------------------------------------


def test_wrong_codes_lock_like_wrong_passwords(client: Client, codes: list[str]) -> None:
    first_step(client)
    found = [second_step(client, "000000").status_code for _ in range(5)]
    assert found == [422, 422, 422, 422, 429]
    assert second_step(client, code_at(NOON)).status_code == 429
    assert first_step(Client()).status_code == 429
    assert not is_in(client)
    assert last_verbs(5) == ["登录失败"] * 4 + ["登录锁定"]
    assert AuditEntry.objects.filter(verb="登录失败").latest("pk").after["环节"] == "动态口令"


def test_the_right_password_does_not_reset_the_count(codes: list[str]) -> None:
    found = []
    for _ in range(5):
        client = Client()
        first_step(client)
        found.append(second_step(client, "000000").status_code)
    assert found == [422, 422, 422, 422, 429]


# --- recovery codes --------------------------------------------------------------------------------


def test_a_recovery_code_is_used_once(codes: list[str]) -> None:
    for wanted in (302, 422):
        client = Client()
        first_step(client)
        assert second_step(client, codes[3].lower().replace("-", " ")).status_code == wanted
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    entry = AuditEntry.objects.get(verb="使用恢复码")
    assert entry.after == {"剩余": 9}


def test_recovery_codes_belong_to_one_account(house: House, codes: list[str]) -> None:
    enrol(house.secadmin)
    assert not actions.use_code(house.by("secadmin"), house.secadmin, codes[0])


def test_new_recovery_codes_need_a_code_and_end_the_old(
    client: Client, house: House, codes: list[str]
) -> None:
    first_step(client)
    second_step(client, code_at(NOON))
    url = f"{FACTOR}keep/"
    assert client.get(url).status_code == 405
    assert client.post(url, {"wish": "codes", "otp": "000000"}).status_code == 422
    assert client.post(url, {"wish": "nonsense", "otp": codes[0]}).status_code == 422
    answer = client.post(url, {"wish": "codes", "otp": codes[0]})
    assert answer.status_code == 200
    assert "只显示这一次" in answer.content.decode()
    assert not actions.use_code(house.by("sysadmin"), house.sysadmin, codes[1])


def test_another_device_needs_a_code(client: Client, codes: list[str]) -> None:
    first_step(client)
    second_step(client, code_at(NOON))
    assert client.post(f"{FACTOR}keep/", {"wish": "device", "otp": codes[0]})["Location"] == FACTOR
    assert not SecondFactor.objects.exists()
    assert "<svg" in client.get(FACTOR).content.decode()
    assert last_verbs(1) == ["停用动态口令"]


def test_guessing_on_the_own_page_locks(client: Client, codes: list[str]) -> None:
    first_step(client)
    second_step(client, code_at(NOON))
    data = {"wish": "device", "otp": "000000"}
    assert [client.post(f"{FACTOR}keep/", data).status_code for _ in range(5)][-1] == 429
    assert client.post(f"{FACTOR}keep/", data | {"otp": codes[0]}).status_code == 429
    assert SecondFactor.objects.exists()


# --- reset -----------------------------------------------------------------------------------------


def test_reset_by_another_system_administrator(house: House, sign_in: Any, codes: list[str]) -> None:
    second = _other_sysadmin()
    client, url = sign_in(second), f"/accounts/users/{house.sysadmin.pk}/"
    assert f"{url}second-factor/" in client.get(url).content.decode()
    for reason, status in (("", 422), ("手机遗失，已当面核实", 303)):
        answer = client.post(f"{url}second-factor/", {"token": new_token(), "reason": reason})
        assert answer.status_code == status
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    entry = AuditEntry.objects.get(verb="重置动态口令")
    assert (entry.user, entry.reason) == (second, "手机遗失，已当面核实")
    assert first_step(Client())["Location"] == "/"


@pytest.mark.parametrize("name", ["sysadmin", "secadmin", "auditadmin", "user"])
def test_nobody_else_resets(house: House, codes: list[str], name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.reset_factor(house.by(name), house.sysadmin, reason="试一试")
    assert SecondFactor.objects.exists()


def test_the_secret_is_bound_to_its_row(house: House, codes: list[str]) -> None:
    enrol(house.secadmin)
    own = SecondFactor.objects.filter(user=house.sysadmin)
    SecondFactor.objects.filter(user=house.secadmin).update(secret=own.values_list("secret", flat=True)[0])
    with pytest.raises(CryptoError):
        actions.use_code(house.by("secadmin"), house.secadmin, code_at(NOON))

"""What an account is held to in use: old passwords, long absence, short sessions of administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import actions
from accounts.models import UsedPassword, User
from accounts.permissions import is_dormant
from core import clock
from core.actor import Actor
from core.decisions import ActionError
from core.models import AuditEntry
from core.views import new_token
from tests.accounts.conftest import PASSWORD, House
from tests.accounts.test_second_factor import enrol

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NEW = [f"Calm-Harbour-{number}" for number in range(10, 20)]


def change(user: User, old: str, new: str) -> None:
    actions.change_password(Actor(user=user), user, old=old, new=new)


# --- passwords of before ---------------------------------------------------------------------------


def test_the_last_five_passwords_are_refused_and_the_sixth_is_free(house: House) -> None:
    used = [PASSWORD, *NEW[:4]]
    for old, new in zip(used, used[1:], strict=False):
        change(house.user, old, new)
    for again in used:
        with pytest.raises(ActionError) as refused:
            change(house.user, used[-1], again)
        assert "相同" in str(refused.value)
    change(house.user, used[-1], NEW[5])
    change(house.user, NEW[5], PASSWORD)
    assert User.objects.get(pk=house.user.pk).check_password(PASSWORD)


def test_a_reset_does_not_forget_them(house: House) -> None:
    one_time = actions.reset_password(house.by("sysadmin"), house.user)
    with pytest.raises(ActionError):
        change(house.user, one_time, PASSWORD)
    change(house.user, one_time, NEW[0])
    assert UsedPassword.objects.filter(user=house.user).count() == 1  # the one-time one does not count


def test_no_more_hashes_are_kept_than_needed(house: House, settings: Any) -> None:
    used = [PASSWORD, *NEW]
    for old, new in zip(used, used[1:], strict=False):
        change(house.user, old, new)
    assert UsedPassword.objects.filter(user=house.user).count() == settings.PASSWORDS_REMEMBERED


# --- long absence ----------------------------------------------------------------------------------


def sign_in(client: Client, username: str = "shanyuhua") -> Any:
    return client.post("/accounts/login/", {"username": username, "password": PASSWORD})


@pytest.fixture
def later(house: House) -> Any:
    """The 91st day after the accounts were opened."""
    with clock.at(clock.now() + timedelta(days=91)):
        yield


def test_day_90_is_open_and_day_91_is_not(client: Client, house: House) -> None:
    for days, dormant in ((89, False), (91, True)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert is_dormant(house.user) is dormant
            assert sign_in(Client()).status_code == (422 if dormant else 302)
        User.objects.filter(pk=house.user.pk).update(last_login=None)


def test_the_sentence_says_what_to_do(later: None, client: Client, house: House) -> None:
    assert "超过 90 天没有登录" in sign_in(client).content.decode()
    answer = client.post(
        "/api/v1/auth/token/",
        {"username": "shanyuhua", "password": PASSWORD},
        content_type="application/json",
    )
    assert (answer.status_code, "90 天" in answer.json()["detail"]) == (403, True)


def test_only_the_right_password_learns_of_it(later: None, client: Client, house: House) -> None:
    answer = client.post("/accounts/login/", {"username": "shanyuhua", "password": "wrong"})
    assert "90 天" not in answer.content.decode()


def test_the_administrator_finds_and_unlocks(
    later: None, client: Client, house: House, settings: Any, sign_in: Any
) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 365
    admin, url = sign_in(house.sysadmin), f"/accounts/users/{house.user.pk}/"
    User.objects.filter(pk=house.sysadmin.pk).update(last_login=clock.now())
    listed = admin.get("/accounts/users/?state=dormant").content.decode()
    assert ">shanyuhua</a>" in listed
    assert ">sysadmin</a>" not in listed
    assert "久未登录已锁定" in admin.get(url).content.decode()
    assert admin.post(f"{url}unlock/", {"token": new_token()}).status_code == 303
    assert "久未登录已锁定" not in admin.get(url).content.decode()
    answer = client.post("/accounts/login/", {"username": "shanyuhua", "password": PASSWORD})
    assert answer.status_code == 302


def test_an_account_without_any_date_is_not_dormant(later: None, house: House) -> None:
    User.objects.filter(pk=house.user.pk).update(last_login=None, password_changed_at=None)
    assert not is_dormant(User.objects.get(pk=house.user.pk))


def test_the_command_lets_a_lone_administrator_in(house: House) -> None:
    enrol(house.sysadmin)
    with clock.at(clock.now() + timedelta(days=91)):
        assert is_dormant(house.sysadmin)
        call_command("unlock", "sysadmin", "--reason=唯一管理员久未登录", "--second-factor")
        assert not is_dormant(User.objects.get(pk=house.sysadmin.pk))
    told = AuditEntry.objects.order_by("-pk").values_list("verb", "actor", "reason")[:2]
    assert set(told) == {
        ("重置动态口令", "系统：服务器命令", "唯一管理员久未登录"),
        ("解除登录锁定", "系统：服务器命令", "唯一管理员久未登录"),
    }
    with pytest.raises(CommandError):
        call_command("unlock", "nobodyhome", "--reason=试一试")


# --- short sessions --------------------------------------------------------------------------------


def test_an_administrator_is_out_after_ten_minutes(house: House, settings: Any) -> None:
    for name, username, stays in (("sysadmin", "sysadmin", False), ("user", "shanyuhua", True)):
        client = Client()
        sign_in(client, username)
        limit = settings.SESSION_IDLE_SECONDS_ADMIN
        page = client.get("/accounts/password/").content.decode()
        assert f'data-idle="{limit if name == "sysadmin" else settings.SESSION_IDLE_SECONDS}"' in page
        with clock.at(clock.now() + timedelta(seconds=limit + 5)):
            assert (client.get("/accounts/password/").status_code == 200) is stays

"""A form that is pressed several times at once is carried out once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core import clock
from core.decisions import ActionError
from core.models import FormToken, Sequence
from core.views import new_token, once

PRESSES = 6


@pytest.fixture
def user() -> User:
    return User.objects.create(username="presser", created_at=timezone.now())


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_presses_at_once_write_once(user: User) -> None:
    token = new_token()
    together = Barrier(PRESSES)

    def act() -> str:
        made = Sequence.objects.create(name=new_token())
        return f"/made/{made.pk}/"

    def press() -> tuple[str, bool]:
        try:
            together.wait()
            return once.carry_out(token, user, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as pool:
        answers = [future.result() for future in [pool.submit(press) for _ in range(PRESSES)]]
    assert Sequence.objects.count() == 1
    assert len({url for url, _ in answers}) == 1
    assert sorted(ran for _, ran in answers) == [False] * (PRESSES - 1) + [True]


@pytest.mark.both
@pytest.mark.django_db
def test_a_refusal_leaves_the_token_free(user: User) -> None:
    token = new_token()

    def refuse() -> str:
        raise ActionError("请先核对。")

    with pytest.raises(ActionError, match="请先核对"):
        once.carry_out(token, user, refuse)
    assert once.carry_out(token, user, lambda: "/done/") == ("/done/", True)
    assert once.carry_out(token, user, refuse) == ("/done/", False)


@pytest.mark.django_db
def test_a_long_address_is_kept_without_its_query(user: User) -> None:
    token = new_token()
    once.carry_out(token, user, lambda: "/list/?" + "x" * 600)
    assert FormToken.objects.get().result_url == "/list/"


@pytest.mark.django_db
def test_old_tokens_are_swept(user: User) -> None:
    once.carry_out(new_token(), user, lambda: "/a/")
    with clock.at(timezone.now() + timedelta(days=2)):
        once.carry_out(new_token(), user, lambda: "/b/")
        assert once.sweep() == 1
    assert FormToken.objects.get().result_url == "/b/"

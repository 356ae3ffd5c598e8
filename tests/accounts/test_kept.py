"""What is posted after the session has ended is kept for the same user, and for nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import kept, sessions
from core import clock
from core.actor import system
from core.views import new_token
from supervision import actions
from supervision.models import Occurrence
from tests.corps import Corps, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
RESUME = reverse("accounts:resume")
PASSWORD = "Test-pass-2026"
REASON = "全员参加跨区增援，\n经批准免办"


@pytest.fixture
def waiting(corps: Corps, sign_in: Any) -> tuple[Client, str, dict[str, str]]:
    """A department's officer with a form on the screen whose session has been idle too long."""
    with clock.at(moment(date(2026, 4, 1))):
        actions.generate(system("测试"), date(2026, 4, 1))
    row = Occurrence.objects.filter(organization=corps.alpha).order_by("pk").first()
    assert row is not None
    client: Client = sign_in(corps.users["politics"])
    client.get("/")
    session = client.session
    session[sessions.SEEN_AT] -= 24 * 3600
    session.save()
    return client, reverse("supervision:waive", args=[row.pk]), {"token": new_token(), "reason": REASON}


def enter(client: Client, user: str) -> Any:
    return client.post(reverse("accounts:login"), {"username": user, "password": PASSWORD})


def test_the_form_goes_on_after_signing_in(waiting: Any) -> None:
    client, url, form = waiting
    assert client.post(url, form).headers["Location"].startswith(reverse("accounts:login"))
    assert not Occurrence.objects.filter(state="waived").exists()
    assert enter(client, "politics").headers["Location"] == RESUME
    page = client.get(RESUME)
    assert page.context["form"].path == url
    assert dict(page.context["form"].fields) == form
    assert "全员参加跨区增援" in page.content.decode()
    assert client.post(url, dict(page.context["form"].fields)).status_code == 303
    assert Occurrence.objects.get(state="waived").reason.startswith("全员参加跨区增援")
    assert client.get(RESUME).status_code == 302  # shown once


def test_somebody_else_does_not_see_it(waiting: Any) -> None:
    client, url, form = waiting
    client.post(url, form)
    enter(client, "secretary")
    assert client.get(RESUME).headers["Location"] == "/"
    assert kept.FORM not in client.session


def test_a_form_without_a_session_is_not_kept(waiting: Any) -> None:
    _, url, form = waiting
    client = Client()
    client.post(url, form)
    assert enter(client, "politics").headers["Location"] == "/"


def test_a_huge_form_is_not_kept(waiting: Any) -> None:
    client, url, form = waiting
    client.post(url, form | {"reason": "长" * (kept.MOST_CHARACTERS + 1)})
    assert enter(client, "politics").headers["Location"] != RESUME


def test_a_draft_that_saves_itself_is_told(waiting: Any) -> None:
    client, url, form = waiting
    answer = client.post(url, form, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert "登录已超时" in answer.json()["error"]
    client.post(url, form)
    assert enter(client, "politics").headers["Location"] == RESUME


def test_what_waits_is_not_to_be_read_in_the_database(waiting: Any) -> None:
    client, url, form = waiting
    client.post(url, form)
    assert "全员参加" not in str(dict(client.session))
    assert kept.FORM in client.session


def test_passwords_are_not_kept(waiting: Any) -> None:
    client, _, form = waiting
    client.post(reverse("accounts:password"), form | {"new_password1": "Quiet-River-78"})
    assert kept.FORM not in client.session

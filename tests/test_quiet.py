"""C-4, C-21, C-22: a GET changes nothing, a second press changes nothing, a right ends at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from branches.actions import end_appointment
from core.actor import system
from core.models import AuditEntry
from core.views import new_token
from tests import walk
from tests.digest import changed, digest
from tests.fuzz.shots import Gun
from tests.fuzz.world import World
from tests.permissions.stage import TODAY, Stage
from tests.permissions.table import ROLES

pytestmark = pytest.mark.django_db
WRITERS = ("secretary", "politics", "secadmin")
POSTS = ("secretary", "politics", "leader")
PRESSED = ("secretary", "politics", "sysadmin")
TAKEN_AWAY = {"导出清单", "导出错误清单", "下载通报"}
"""What a GET may leave in the trail: that somebody took a list or paper away."""


def client_of(stage: Stage, sign_in: Any, role: str) -> Client:
    """A client of that role."""
    client: Client = Client() if role == "anon" else sign_in(stage.corps.users[role])
    return client


def visits(stage: Stage) -> Iterator[str]:
    """Every address, and every list as a workbook too."""
    for address in walk.addresses(stage.arguments):
        yield address.url
        if not address.about:
            yield walk.query(address.url, export="xlsx", q="东", page_size=200)


@pytest.mark.parametrize("role", ROLES)
def test_a_get_changes_nothing(role: str, stage: Stage, sign_in: Any) -> None:
    client, before = client_of(stage, sign_in, role), digest()
    trail = set(AuditEntry.objects.values_list("pk", flat=True))
    for url in visits(stage):
        walk.status(client, url)
    if changed(before):  # say which address it was
        pytest.fail(str([url for url in visits(stage) if changes(client, url)]))
    told = AuditEntry.objects.exclude(pk__in=trail)
    assert set(told.exclude(result="denied").values_list("verb", flat=True)) <= TAKEN_AWAY


def changes(client: Client, url: str) -> set[str]:
    """What a GET of ``url`` changes."""
    before = digest()
    walk.status(client, url)
    return changed(before)


def filled(stage: Stage, clients: dict[str, Client], role: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form that the role can open, with what the page itself offers in its fields."""
    gun = Gun(World(stage, ()), clients, 1)
    for address in gun.addresses:
        fields = gun.form(role, address.url)
        if "token" in fields:
            yield address.url, {name: values[-1] if values else "" for name, values in fields.items()}


@pytest.mark.parametrize("role", PRESSED)
def test_a_second_press_changes_nothing(role: str, stage: Stage, sign_in: Any) -> None:
    client = client_of(stage, sign_in, role)
    wrong, carried_out = [], 0
    for url, fields in filled(stage, {role: client}, role):
        with transaction.atomic():
            posted = fields | {"token": new_token(), "reason": "核对后办理", "text": "核对后办理"}
            first = client.post(url, posted)
            carried_out += first.status_code in {204, 302, 303}
            before = digest()
            second = client.post(url, posted)
            if changed(before):
                wrong.append((url, first.status_code, second.status_code, changed(before)))
            transaction.set_rollback(True)
        client.force_login(stage.corps.users[role], backend="accounts.backends.PersonBackend")
    assert not wrong
    assert carried_out, "some forms are carried out as they stand"


@pytest.mark.parametrize("role", WRITERS)
def test_a_form_of_yesterday_changes_nothing(role: str, stage: Stage, sign_in: Any) -> None:
    """A form that carries a version is refused when the record has moved on."""
    client, wrong = client_of(stage, sign_in, role), []
    for url, fields in filled(stage, {role: client}, role):
        if not fields.get("version"):
            continue
        old = str(int(fields["version"]) - 1)
        before = digest()
        answer = client.post(url, fields | {"token": new_token(), "version": old, "reason": "核对后办理"})
        if answer.status_code not in {403, 405, 409, 422} or changed(before):
            wrong.append((url, answer.status_code, changed(before)))
    assert not wrong


def opened(stage: Stage, client: Client) -> set[str]:
    """Addresses about a row, and not about the visitor's own things, that answer 200."""
    mine = ("accounts:", "regulations:", "reports:job", "reports:notice", "core:")
    rows = [
        each for each in walk.addresses(stage.arguments) if each.about and not each.route.startswith(mine)
    ]
    return {each.url for each in rows if walk.status(client, each.url) == 200}


@pytest.mark.parametrize("role", POSTS)
def test_a_post_that_ends_ends_at_the_next_request(role: str, stage: Stage, sign_in: Any) -> None:
    client, user = client_of(stage, sign_in, role), stage.corps.users[role]
    before = opened(stage, client)
    assert before
    for appointment in user.person.appointments.filter(until=None):
        end_appointment(system("测试"), appointment, until=TODAY)
    after = opened(stage, client)
    person = stage.arguments["member"]["pk"]
    assert {url for url in after if f"/{person}/" not in url} == set()


@pytest.mark.parametrize("role", ["secretary", "member", "auditadmin"])
def test_a_disabled_account_is_nobody_at_the_next_request(role: str, stage: Stage, sign_in: Any) -> None:
    client = client_of(stage, sign_in, role)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=stage.corps.users[role].pk).update(is_active=False)
    assert opened(stage, client) == set()
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/meetings/").status_code == 401

"""What is taken away is gone at the next request, and at the effect of what was asked for before (C-21)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import User
from branches.actions import end_appointment, found, move
from branches.models import Appointment, Organization
from core import clock, jobs
from core.actor import system
from core.models import AuditEntry, ImportBatch, Job
from members import actions as members
from members.models import Member
from tests import walk
from tests.corps import BEGIN, Corps, moment
from tests.members.workbooks import person, roster
from tests.permissions.stage import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BY = system("测试")
PASSWORD = "Test-pass-2026"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(moment(TODAY)):
        yield


def end_post(corps: Corps) -> None:
    """The political officer's appointment ends."""
    post = Appointment.objects.get(person=corps.users["politics"].person)
    end_appointment(BY, post, until=TODAY)


def disable(corps: Corps) -> None:
    """The account is closed."""
    accounts.disable(corps.actor("sysadmin"), corps.users["politics"], reason="调离本单位")


def move_away(corps: Corps) -> None:
    """The battalion goes to another detachment."""
    with clock.at(moment(BEGIN)):
        other = found(
            BY,
            code="E",
            name="白浪支队党委",
            short_name="白浪支队",
            kind="committee",
            parent=corps.root,
            founded_on=BEGIN,
            duties_from=BEGIN,
        )
    move(BY, corps.battalion, parent=other, on=TODAY, reason="改隶")


TAKEN = (end_post, disable, move_away)
Take = Callable[[Corps], None]


def bearer(username: str) -> Client:
    told = {"username": username, "password": PASSWORD}
    answer = Client().post("/api/v1/auth/token/", told, content_type="application/json")
    return Client(headers={"Authorization": f"Token {answer.json()['token']}"})


def seen(client: Client, corps: Corps) -> set[int]:
    """The answers of pages, lists and files about a branch of the battalion."""
    alpha = corps.alpha.pk
    urls = [reverse("reports:organization", args=[alpha]), reverse("branches:posts", args=[alpha])]
    return {walk.status(client, url) for url in urls}


def listed(client: Client) -> int:
    return len(walk.sheet(client.get("/members/?export=xlsx")))


@pytest.mark.parametrize("take", TAKEN)
def test_pages_api_and_exports_end_at_the_next_request(take: Take, corps: Corps, sign_in: Any) -> None:
    session, token = sign_in(corps.users["politics"]), bearer("politics")
    detail = reverse("organization-detail", args=[corps.alpha.pk])
    assert seen(session, corps) == {200}
    assert listed(session) == Member.objects.count()
    assert [walk.status(each, detail) for each in (session, token)] == [200, 200]
    take(corps)
    out = disable is take  # a closed account is nobody; a lost post is a user who sees nothing there
    assert seen(session, corps) == {302 if out else 404}
    assert [walk.status(each, detail) for each in (session, token)] == [401 if out else 404] * 2
    answer = session.get("/members/?export=xlsx")
    if out:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 403 or walk.sheet(answer) == []


def test_an_administrator_whose_role_is_taken_is_out(corps: Corps, sign_in: Any) -> None:
    """There is no act that takes a role alone: the account is closed."""
    client = sign_in(corps.users["auditadmin"])
    assert walk.status(client, reverse("accounts:audit")) == 200
    accounts.disable(corps.actor("sysadmin"), corps.users["auditadmin"], reason="岗位调整")
    assert walk.status(client, reverse("accounts:audit")) == 302


def queued(batch: ImportBatch) -> Job:
    return Job.objects.filter(payload__batch=str(batch.pk)).latest("pk")


def confirmed(corps: Corps) -> ImportBatch:
    """An import that was read and confirmed, and waits for its worker."""
    content, by = roster([person(1)]), corps.actor("politics")
    batch = members.upload(by, organization=corps.battalion, content=content, name="名册.xlsx")
    assert jobs.run(queued(batch).pk)
    return members.confirm(by, ImportBatch.objects.get(pk=batch.pk))


def refusals(user: User) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(user=user, result="denied").values_list("subject", "reason"))


@pytest.mark.parametrize("take", TAKEN)
def test_a_waiting_import_is_refused_at_its_effect(take: Take, corps: Corps) -> None:
    batch, before = confirmed(corps), Member.objects.count()
    job = queued(batch)
    take(corps)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state) == ("failed", ImportBatch.State.PARSED)
    assert Member.objects.count() == before
    words = "账号已停用" if take is disable else "政治部门"
    assert words in job.message
    assert refusals(corps.users["politics"]) == [(f"core.job:{job.pk}", job.message)]


@pytest.mark.parametrize("take", TAKEN)
def test_so_is_the_reading_of_an_upload(take: Take, corps: Corps) -> None:
    by, content = corps.actor("politics"), roster([person(1)])
    batch = members.upload(by, organization=corps.battalion, content=content, name="名册.xlsx")
    take(corps)
    assert jobs.run(queued(batch).pk)
    batch.refresh_from_db()
    assert (queued(batch).state, batch.state) == ("failed", ImportBatch.State.UPLOADED)
    assert not batch.rows.exists(), "no preview is kept"


def test_what_nobody_took_is_done(corps: Corps) -> None:
    batch, before = confirmed(corps), Member.objects.count()
    assert jobs.run(queued(batch).pk)
    batch.refresh_from_db()
    assert (queued(batch).state, batch.state) == ("done", ImportBatch.State.CONFIRMED)
    assert Member.objects.count() == before + 1
    assert not refusals(corps.users["politics"])


def test_the_organisation_of_another_corps_keeps_its_rights(corps: Corps) -> None:
    """Who stands above both places loses nothing by a move."""
    move_away(corps)
    moved = Organization.objects.get(pk=corps.battalion.pk)
    by = corps.actor("corps_politics")
    batch = members.upload(by, organization=moved, content=roster([person(1)]), name="名册.xlsx")
    assert jobs.run(queued(batch).pk)
    assert queued(batch).state == "done"

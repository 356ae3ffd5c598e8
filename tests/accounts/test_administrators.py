"""The three administrators: exclusive roles, homes with what waits, a trail without contents."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import User
from core import chain, clock
from core.actor import Actor, system
from core.decisions import Allowed, NotAllowed
from core.models import AuditEntry, ChainEntry, Heartbeat, Job
from core.tasks import heartbeat
from core.views import new_token
from tests.accounts.conftest import House
from tests.corps import Corps, hold, moment

JOB = system("测试")
ROLES = ("sysadmin", "secadmin", "auditadmin")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def page(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def press(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"token": new_token()} | data)


# --- exclusive roles -------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "wanted"), list(product(ROLES, ROLES)))
def test_nobody_holds_two_of_the_three(house: House, held: str, wanted: str) -> None:
    for by in (house.by("secadmin"), JOB):
        with pytest.raises(NotAllowed):
            actions.grant_admin_role(by, getattr(house, held), role=wanted)
    assert User.objects.get(username=held).admin_role == held


@pytest.mark.parametrize("role", ROLES)
def test_nobody_with_a_person_and_hence_a_post_is_an_administrator(house: House, role: str) -> None:
    for by in (house.by("secadmin"), JOB):
        with pytest.raises(NotAllowed):
            actions.grant_admin_role(by, house.user, role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=house.user.pk).update(admin_role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(username=role).update(person=house.person)


def test_one_opens_and_another_grants(house: House, sign_in: Any) -> None:
    system_, security = sign_in(house.sysadmin), sign_in(house.secadmin)
    assert press(system_, "/accounts/users/new-administrator/", username="root").status_code == 422
    answer = press(system_, "/accounts/users/new-administrator/", username="audit2")
    assert answer["Location"] == "/accounts/users/passwords/"
    new = User.objects.get(username="audit2")
    url = f"/accounts/roles/{new.pk}/"
    assert url in page(security, "/accounts/roles/")
    assert press(system_, url, role="auditadmin").status_code == 404
    assert press(security, url, role="nonsense").status_code == 422
    assert press(security, url, role="auditadmin").status_code == 303
    assert press(security, url, role="sysadmin").status_code == 403
    new.refresh_from_db()
    assert new.admin_role == "auditadmin"
    assert press(security, f"/accounts/roles/{house.user.pk}/", role="sysadmin").status_code == 404
    assert press(security, "/accounts/users/new-administrator/", username="x2").status_code == 403


# --- homes -----------------------------------------------------------------------------------------


def test_the_home_of_the_system_administrator(house: House, sign_in: Any) -> None:
    for _ in range(5):
        Client().post("/accounts/login/", {"username": "shanyuhua", "password": "wrong"})
    Job.objects.create(kind="x", key="x", state="failed", created_at=clock.now())
    shown = page(sign_in(house.sysadmin), "/")
    assert "/accounts/users/?state=locked" in shown
    assert shown.count("1 个") == 2  # one locked account, one failed job
    assert "没有信号" in shown
    assert "/accounts/audit/" not in shown


def test_the_home_shows_the_sign_of_life_of_the_slowest_queue(house: House, sign_in: Any) -> None:
    for name in settings.QUEUES:
        heartbeat(name)
    assert re.search(r">\s*\d 秒前\s*<", page(sign_in(house.sysadmin), "/"))
    last = timezone.now() - timedelta(seconds=settings.SILENT_SECONDS)
    Heartbeat.objects.filter(name=settings.QUEUES[-1]).update(at=last)
    assert f"{settings.SILENT_SECONDS} 秒前" in page(sign_in(house.sysadmin), "/")


def test_the_home_of_the_security_administrator(house: House, sign_in: Any) -> None:
    actions.create_user(JOB, username="waiting")
    actions.disable(house.by("sysadmin"), house.auditadmin, reason="岗位调整")
    shown = page(sign_in(house.secadmin), "/")
    assert "待授予角色的账号" in shown
    assert "/accounts/roles/" in shown
    assert "最近修改的参数" in shown
    assert "0 个" in shown  # no audit administrator left


def test_the_home_of_the_audit_administrator(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["auditadmin"])
    assert "尚未核对" in page(client, "/")
    with clock.at(moment(date(2026, 11, 10))):
        hold(corps, "committee_meeting", date(2026, 10, 12))
        call_command("verify_chain")
        assert "完整，共 1 环" in page(client, "/")
        ChainEntry.objects.update(digest="0" * 64)
        assert len(chain.check(JOB)) == 1
        shown = page(client, "/")
        assert "1 条链有不符" in shown
        assert "verify_chain" not in shown
        listed = page(client, "/accounts/audit/", verb=chain.CHECKED)
        assert "meetings.meeting" in listed  # the first break is named


def test_a_refusal_counts_on_the_home_of_the_audit_administrator(house: House, sign_in: Any) -> None:
    press(sign_in(house.user), "/accounts/users/new-administrator/", username="mine")
    client = sign_in(house.auditadmin)
    assert "近七日被拒绝的操作" in page(client, "/")
    assert "账号由系统管理员管理" in page(client, "/accounts/audit/", result="denied")


# --- the trail without contents --------------------------------------------------------------------


def test_the_trail_names_records_without_their_contents(corps: Corps, sign_in: Any) -> None:
    with clock.at(moment(date(2026, 11, 10))):
        meeting = hold(corps, "committee_meeting", date(2026, 10, 12))
        client = sign_in(corps.users["auditadmin"])
        about = AuditEntry.objects.filter(subject=f"meetings.meeting:{meeting.pk}")
        assert any(entry.subject_label == meeting.title for entry in about)
        shown = page(client, "/accounts/audit/", subject=f"meetings.meeting:{meeting.pk}")
        book = client.get(f"/accounts/audit/?export=xlsx&subject=meetings.meeting:{meeting.pk}")
        cells = str(list(openpyxl.load_workbook(io.BytesIO(b"".join(book))).active.values))
        for text in (shown, cells):
            assert f"{meeting._meta.verbose_name} {meeting.pk}" in text
            assert meeting.title not in text
        words = page(client, "/accounts/audit/", subject=f"{meeting._meta.verbose_name} {meeting.pk}")
        assert "没有符合条件的记录" not in words
        guess = page(client, "/accounts/audit/", subject=meeting.title)
        assert "没有符合条件的记录" in guess


def test_what_concerns_accounts_stays_readable(house: House, sign_in: Any) -> None:
    actions.disable(house.by("sysadmin"), house.user, reason="调离本单位")
    shown = page(sign_in(house.auditadmin), "/accounts/audit/", verb="停用账号")
    assert "单玉华" in shown
    assert "启用：False" in shown


def test_who_looked_at_a_number_is_told_without_the_person(house: House, sign_in: Any) -> None:
    by = Actor(user=house.user)
    actions.reveal_number(by, house.person, "phone", "核对电话号码", decision=Allowed())
    shown = page(sign_in(house.auditadmin), "/accounts/audit/", verb="查看号码")
    assert "号码：联系电话" in shown
    assert f"人员 {house.person.pk}" in shown
    assert "核对电话号码" in shown

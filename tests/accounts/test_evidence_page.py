"""The audit administrator's page of the evidence: state, the check on demand, and sealed reasons."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from core import audit, clock, jobs
from core.actor import system
from core.evidence import anchors, verify
from core.models import AuditEntry, Job
from core.tasks import anchor_daily, seal_audit
from core.views import new_token
from tests.corps import Corps, hold, moment
from tests.superuser import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.both]
URL = "/accounts/audit/evidence/"
NOW = moment(date(2026, 11, 10))


@pytest.fixture
def admin(corps: Corps, sign_in: Any) -> Client:
    with clock.at(NOW):
        hold(corps, "committee_meeting", date(2026, 10, 12))
        return sign_in(corps.users["auditadmin"])


def page(client: Client, url: str = URL, **passed: float) -> str:
    with clock.at(NOW + timedelta(**passed)):
        return client.get(url).content.decode()


def press(client: Client) -> Any:
    with clock.at(NOW):
        return client.post(URL, {"token": new_token()})


def ordered() -> Job:
    return Job.objects.get(kind=verify.JOB)


def test_before_anything_was_done(admin: Client) -> None:
    shown = page(admin)
    for words in ("还没有核对过", "尚未封存", "尚未写入", "未设置", "立即核对"):
        assert words in shown


def test_what_waits_too_long_is_an_alarm(admin: Client) -> None:
    with clock.at(NOW):
        seal_audit()
        audit.record(system("测试"), "试验", "试验")
    quiet = page(admin, minutes=4)
    assert "1 条，最早" in quiet
    assert "超过 5 分钟" not in quiet
    assert "超过 5 分钟没有封存，请系统管理员检查" in page(admin, minutes=6)
    home = page(admin, "/", minutes=6)
    assert "待封存 1 条" in home
    with clock.at(NOW + timedelta(minutes=7)):
        seal_audit()
    shown = page(admin, minutes=8)
    assert "0 条" in shown
    assert "记到第 2 批、1 条存证链" in shown


def test_an_anchor_that_stays_behind_is_an_alarm(admin: Client, settings: Any, tmp_path: Path) -> None:
    with clock.at(NOW):
        anchor_daily()
    settings.ANCHOR_COPY = tmp_path / "copy.jsonl"
    assert "与锚点文件不同或写不进去" in page(admin)
    settings.ANCHOR_FILE.unlink()
    anchors._folds.clear()
    shown = page(admin, minutes=6)
    assert "落后于封存" in shown
    assert "锚点落后或副本不同" in page(admin, "/", minutes=6)


def test_the_check_is_a_job_and_its_result_is_on_the_page(admin: Client, corps: Corps, sign_in: Any) -> None:
    with clock.at(NOW):
        seal_audit()
    assert press(admin).status_code == 303
    shown = page(admin)
    assert "排队中" in shown
    assert "立即核对</button>" not in shown
    refused = press(admin)
    assert refused.status_code == 422
    assert "已有一次核对正在进行" in refused.content.decode()
    assert ordered().owner == corps.users["auditadmin"]
    with clock.at(NOW):
        assert jobs.run(ordered().pk)
    assert ordered().message.startswith("完整，共 1 环存证链、")
    assert ordered().done > 0
    assert "1 环存证链" in page(admin)
    assert AuditEntry.objects.filter(verb=verify.CHECKED).count() == 1


def test_what_does_not_hold_is_listed(admin: Client) -> None:
    with clock.at(NOW):
        seal_audit()
    entry = AuditEntry.objects.order_by("pk")[3]
    with unguarded():
        AuditEntry.objects.filter(pk=entry.pk).update(actor="冒名")
    press(admin)
    with clock.at(NOW):
        jobs.run(ordered().pk)
    assert "发现 1 处不符" in ordered().message
    shown = page(admin)
    assert f"core.auditentry:{entry.pk}：内容与摘要不符" in shown
    assert "1 处不符" in page(admin, "/")


def test_a_check_that_failed_says_so(admin: Client) -> None:
    press(admin)
    Job.objects.update(state="failed", message="多次中断，请联系系统管理员查看日志")
    shown = page(admin)
    assert "多次中断" in shown
    assert "立即核对" in shown


def test_nobody_else_orders_a_check(corps: Corps, sign_in: Any) -> None:
    for role in ("sysadmin", "secadmin", "secretary"):
        assert press(sign_in(corps.users[role])).status_code == 403
    assert not Job.objects.filter(kind=verify.JOB).exists()


def test_reasons_of_sealed_rooms_are_sealed(admin: Client) -> None:
    with clock.at(NOW):
        for subject in ("meetings.meeting:1", "accounts.user:1"):
            audit.record(system("测试"), "试验", subject, reason=f"因由 {subject}")
    for text in (page(admin, "/accounts/audit/"), workbook(admin)):
        assert "因由 meetings.meeting:1" not in text
        assert "（内容不在操作记录中显示）" in text
        assert "因由 accounts.user:1" in text


def workbook(client: Client) -> str:
    with clock.at(NOW):
        body = b"".join(client.get("/accounts/audit/?export=xlsx"))
    return str(list(openpyxl.load_workbook(io.BytesIO(body)).active.values))

"""Columns of the audit trail as a workbook, and the sheet of one-time passwords to hand over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from django.http import FileResponse

from core import audit
from core.exports import CONTENT_TYPE, Column, workbook

if TYPE_CHECKING:
    from core.actor import Actor
    from core.models import AuditEntry

RESULTS = {"ok": "已完成", "denied": "被拒绝"}


class Handover(NamedTuple):
    """A new account to hand over: user name, whose it is, the one-time password."""

    username: str
    name: str
    password: str


def _as_text(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""


def _organization(entry: AuditEntry) -> str:
    return str(entry.organization) if entry.organization else ""


AUDIT_COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("时间", lambda e: e.at, 17),
    Column("操作人", lambda e: e.actor, 26),
    Column("操作", lambda e: e.verb, 16),
    Column("对象", lambda e: e.object_words, 30),
    Column("对象编号", lambda e: e.subject, 24),
    Column("党组织", _organization, 24),
    Column("变更前", lambda e: _as_text(e.open_before), 30),
    Column("变更后", lambda e: _as_text(e.open_after), 30),
    Column("原因", lambda e: e.open_reason, 24),
    Column("结果", lambda e: RESULTS.get(e.result, e.result), 8),
    Column("地址", lambda e: e.ip, 16),
    Column("请求编号", lambda e: e.request_id, 18),
)

HANDOVER_COLUMNS: tuple[Column[Handover], ...] = (
    Column("用户名", lambda row: row.username, 20),
    Column("姓名", lambda row: row.name, 14),
    Column("初始密码", lambda row: row.password, 24),
)


def handover_workbook(rows: list[Handover], *, by: Actor) -> FileResponse:
    """The one-time passwords as .xlsx; the taking is recorded, the passwords are not."""
    body = workbook(rows, HANDOVER_COLUMNS, title="初始密码", note="请当面交付，首次登录须修改。")
    audit.record(by, "导出初始密码", "初始密码", after={"行数": len(rows)})
    name = "初始密码.xlsx"
    return FileResponse(body, as_attachment=True, filename=name, content_type=CONTENT_TYPE)

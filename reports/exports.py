"""The list of authorisations as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.exports import Column
from reports.queries.grants import STATES, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from branches.models import Appointment


def _noted(row: Appointment, name: str) -> str:
    """What ``queries.grants`` has added to the row, empty where there is nothing."""
    return str(getattr(row, name) or "")


GRANT_COLUMNS: Sequence[Column[Appointment]] = (
    Column("姓名", lambda row: row.person.name, 12),
    Column("用户名", lambda row: _noted(row, "username"), 16),
    Column("职务", lambda row: row.get_office_display(), 16),
    Column("党组织", lambda row: row.organization.name, 36),
    Column("编号", lambda row: row.organization.code, 14),
    Column("任职日期", lambda row: row.since, 12),
    Column("免职日期", lambda row: row.until, 12),
    Column("状态", lambda row: STATES[state_of(row)], 10),
    Column("批准文号", lambda row: row.approval, 22),
    Column("办理任职", lambda row: _noted(row, "given_by"), 26),
    Column("办理免职", lambda row: _noted(row, "ended_by"), 26),
)

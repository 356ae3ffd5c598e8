"""Duties as workbooks: exactly what is on the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse

from core import audit, clock
from core.actor import Actor
from core.exports import CONTENT_TYPE, Column, workbook
from core.rollups import Lag
from supervision.choices import State
from supervision.models import Occurrence
from supervision.queries import MatrixRow
from supervision.rules import Tally

LOOKS = {"closed": "ok", "open": "todo", "waived": "na", "not_applicable": "na"}

OCCURRENCES: Sequence[Column[Occurrence]] = (
    Column("党组织", lambda row: row.organization.short_name, 24),
    Column("承担组织", lambda row: row.holder.short_name, 24),
    Column("事项", lambda row: row.duty.title, 14),
    Column("周期", lambda row: row.period, 10),
    Column("截止", lambda row: row.due_on, 12),
    Column("状态", lambda row: word(row), 12, lambda row: look(row)),
    Column("落实日期", lambda row: row.closed_on, 12),
    Column("补录", lambda row: row.recorded_late, 8),
    Column("原因", lambda row: row.reason, 30),
)


def look(row: Occurrence) -> str:
    """The colour of a state: open and past its day is bad."""
    if row.state == State.OPEN and row.due_on < clock.today():
        return "bad"
    return LOOKS[row.state]


def word(row: Occurrence) -> str:
    """The word of a state: 逾期 for open and past its day."""
    return "逾期" if look(row) == "bad" else row.get_state_display()


def matrix(
    rows: Sequence[MatrixRow], total: MatrixRow | None, title: str, by: Actor, lag: Lag | None = None
) -> FileResponse:
    """The matrix as shown: one line an organisation, done/owed and a word for each month; the note tells of a lag."""
    columns: list[Column[MatrixRow]] = [
        Column("组织", lambda row: "合计" if row is total else row.organization.short_name, 26)
    ]
    columns += [_month(number) for number in range(1, 13)]
    columns.append(Column("合计", lambda row: cell_text(row.total), 12))
    listed = [*rows, *([total] if total else [])]
    note = "格内：已落实/应落实，括号内为逾期项数" + (f"；{lag.words}" if lag else "")
    body = workbook(listed, columns, title=title, note=note)
    audit.record(by, "导出清单", title[:100], after={"行数": len(listed)})
    return FileResponse(body, as_attachment=True, filename=f"{title}.xlsx", content_type=CONTENT_TYPE)


def _month(number: int) -> Column[MatrixRow]:
    return Column(
        f"{number}月",
        lambda row: cell_text(row.line[number - 1]),
        11,
        lambda row: row.line[number - 1].status,
    )


def cell_text(tally: Tally) -> str:
    """``18/20（逾期2）``; empty where nothing is owed."""
    if not tally.owed:
        return ""
    tail = f"（逾期{tally.overdue}）" if tally.overdue else ""
    return f"{tally.done}/{tally.owed}{tail}"

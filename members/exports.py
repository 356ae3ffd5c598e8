"""The register as columns for list and workbook, the error sheet of an import, and the roster template."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING

import xlsxwriter
from django.http import FileResponse

from accounts.choices import Sex
from core import audit
from core.exports import CONTENT_TYPE, FORMATS, OPTIONS, Column, labels, workbook
from members.choices import Category, Precision, Rank, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from xlsxwriter.worksheet import Worksheet

    from core.actor import Actor
    from core.models import ImportBatch, ImportRow
    from members.models import Member, Stay


def _branch(stay: Stay) -> str:
    """Where the relation is today."""
    return stay.person.member.organization.short_name


STAY_COLUMNS: Sequence[Column[Stay]] = (
    Column("姓名", lambda row: row.person.name, 12),
    Column("组织关系所在党支部", _branch, 26),
    Column("参加组织生活的党支部", lambda row: row.organization.short_name, 26),
    Column("情形", lambda row: row.get_kind_display(), 14),
    Column("开始日期", lambda row: row.since, 12),
    Column("结束日期", lambda row: row.until, 12),
    Column("事由", lambda row: row.reason, 30),
    Column("批准文号", lambda row: row.approval, 22),
)


def shown(day: date | None, precision: str) -> str:
    """A date as exactly as it is known: ``2014-07`` or ``2014-07-01``."""
    if day is None:
        return ""
    return f"{day:%Y-%m}" if precision == Precision.MONTH else day.isoformat()


def _group(member: Member) -> str:
    return member.group.short_name if member.group else ""


_STAGE, _SEX, _CATEGORY, _RANK = (labels(each) for each in (Stage, Sex, Category, Rank))

COLUMNS: dict[str, Column[Member]] = {
    "name": Column("姓名", lambda m: m.person.name, 12),
    "organization": Column("所在党支部", lambda m: m.organization.short_name, 24),
    "group": Column("党小组", _group, 16),
    "stage": Column("党员类别", lambda m: _STAGE(m.stage), 12),
    "sex": Column("性别", lambda m: _SEX(m.person.sex), 6),
    "ethnicity": Column("民族", lambda m: m.ethnicity, 8),
    "born": Column("出生日期", lambda m: shown(m.person.born_on, "day"), 12),
    "education": Column("学历", lambda m: m.education, 10),
    "native_place": Column("籍贯", lambda m: m.native_place, 14),
    "category": Column("人员类别", lambda m: _CATEGORY(m.category), 16),
    "rank": Column("消防救援衔", lambda m: _RANK(m.rank), 16),
    "duty": Column("职务", lambda m: m.duty, 16),
    "worked": Column("参加工作", lambda m: shown(m.worked_from, m.worked_precision), 12),
    "joined": Column("入党时间", lambda m: shown(m.joined_on, m.joined_precision), 12),
    "full": Column("转正时间", lambda m: shown(m.full_on, m.full_precision), 12),
    "id_number": Column("身份证号", lambda m: m.person.id_number_mask, 22),
    "phone": Column("联系电话", lambda m: m.person.phone_mask, 16),
}
"""Every column a list of members may show; personal numbers only as masks."""

FIXED = ("name", "organization", "stage")
PERSONAL = ("born", "native_place", "id_number", "phone")
"""Columns only for those who keep the register."""
DEFAULT = ("category", "rank", "joined", "full")

LEVELS = {"error": "错误", "warning": "注意"}
LOOK = {"error": "bad", "warning": "warn"}
ERROR_COLUMNS: tuple[Column[tuple[ImportRow, dict[str, str]]], ...] = (
    Column("行号", lambda pair: pair[0].number, 8),
    Column("姓名", lambda pair: pair[0].values["cells"]["name"], 12),
    Column("列", lambda pair: pair[1]["column"], 16),
    Column("级别", lambda pair: LEVELS[pair[1]["level"]], 8, lambda pair: LOOK[pair[1]["level"]]),
    Column("说明", lambda pair: pair[1]["text"], 50),
)

TEMPLATE_HEAD = (
    ("序号", 6),
    ("姓名", 12),
    ("性别", 6),
    ("民族", 8),
    ("出生年月", 12),
    ("籍贯", 14),
    ("学历", 10),
    ("身份证号", 22),
    ("参加工作时间", 14),
    ("入党时间", 12),
    ("转正时间", 12),
    ("职务", 14),
    ("消防救援衔", 18),
    ("人员类别", 16),
    ("所在党支部", 26),
    ("党小组", 16),
    ("联系电话", 16),
    ("备注", 20),
)
LINES = 2000  # lines of the template with lists to choose from
CHOICES = {
    "性别": [str(label) for label in Sex.labels],
    "消防救援衔": [str(label) for label in Rank.labels],
    "人员类别": [str(label) for label in Category.labels],
}
NOTES = (
    "从第 4 行起每人一行；不要改动表头，可以删去不用的列。",
    "身份证号、联系电话各列已设为文本，请勿改为数值。",
    "日期写作 2014-07-01；只知道年月的写作 2014.07。",
    "政府专职消防员、消防文员没有消防救援衔，留空。",
    "所在党支部、党小组请从下拉清单中选择。",
    f"有入党时间和转正时间的登记为{Stage.FULL.label}，只有入党时间的登记为{Stage.PROBATIONARY.label}。",
)


def error_workbook(batch: ImportBatch, rows: Sequence[ImportRow], *, by: Actor) -> FileResponse:
    """What is wrong in an uploaded roster, one line an error or warning."""
    pairs = [(row, message) for row in rows for message in row.messages]
    body = workbook(pairs, ERROR_COLUMNS, title="花名册核对问题", note="行号与上传的工作表一致")
    audit.record(by, "导出清单", batch, organization=batch.organization_id, after={"行数": len(pairs)})
    return _answer(body, "花名册核对问题.xlsx")


def template_workbook(name: str, branches: Sequence[str], groups: Sequence[str]) -> FileResponse:
    """An empty roster for the unit ``name`` with its branches and groups to choose from."""
    body = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it after sending
    book = xlsxwriter.Workbook(body, OPTIONS | {"constant_memory": False})
    formats = {key: book.add_format(look) for key, look in FORMATS.items()}
    sheet, lists = book.add_worksheet("花名册"), book.add_worksheet("填写说明")
    choices = CHOICES | {"所在党支部": list(branches), "党小组": list(groups)}
    sheet.merge_range(0, 0, 0, len(TEMPLATE_HEAD) - 1, "党员花名册", formats["title"])
    sheet.write_string(1, 0, f"单位：{name}", formats["note"])
    for column, (title, width) in enumerate(TEMPLATE_HEAD):
        sheet.set_column(column, column, width, formats["text"])
        sheet.write_string(2, column, title, formats["head"])
    sheet.freeze_panes(3, 2)
    for line, note in enumerate(NOTES):
        lists.write_string(line, 0, note)
    lists.set_column(0, 0, 60)
    for offset, (title, words) in enumerate(choices.items(), start=2):
        _offer(sheet, lists, offset, title, words)
    book.close()
    body.seek(0)
    return _answer(body, f"花名册模板_{name}.xlsx")


def _offer(sheet: Worksheet, lists: Worksheet, column: int, title: str, words: list[str]) -> None:
    """Put the words of a column on the second sheet and let its cells choose from them."""
    lists.write_string(0, column, title)
    for line, word in enumerate(words, start=1):
        lists.write_string(line, column, word)
    if not words:
        return
    letter = chr(ord("A") + column)
    at = [name for name, _ in TEMPLATE_HEAD].index(title)
    source = f"='填写说明'!${letter}$2:${letter}${len(words) + 1}"
    rule = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(3, at, LINES + 3, at, rule)


def _answer(body: IO[bytes], name: str) -> FileResponse:
    """A file to download."""
    return FileResponse(body, as_attachment=True, filename=name, content_type=CONTENT_TYPE)

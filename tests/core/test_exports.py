"""Workbooks: text stays text, the quick sheet writes what XlsxWriter writes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from core import exports
from core.exports import Column, labels, write
from members.choices import Rank, Stage

ROWS = [
    "平常文字", "", " 前有空格", "后有空格 ", "甲&乙", "<r>粗</r>", "a<b", '"引"', "_x0041_", "换\n行",
    "\x07铃", "\u200b", "𠮷", "=1+1", "http://x.cn", "007", "\ufffe", "x" * 40000,
]  # fmt: skip
WHEN = datetime(2026, 9, 18, 11, 30, tzinfo=UTC)
COLUMNS = [
    Column("文字", lambda row: row),
    Column("颜色", lambda row: row[:3], 9, lambda row: "ok" if row else "na"),
    Column("数", lambda row: len(row) or None),
    Column("真假", lambda row: bool(row)),
    Column("日期", lambda row: date(2026, 9, 18)),
    Column("时间", lambda row: WHEN),
]


def workbook() -> bytes:
    body = io.BytesIO()
    write(body, ROWS, COLUMNS, title="试：表/一", note="说明")
    return body.getvalue()


def inside(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if "docProps" not in name}


def test_the_quick_sheet_writes_what_the_slow_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = inside(workbook())
    monkeypatch.setattr(exports, "QuickSheet", Worksheet)
    assert quick == inside(workbook())


def test_what_is_written_is_read_again() -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook())).get_sheet_by_index(0).to_python()
    assert rows[2] == [column.title for column in COLUMNS]
    assert [row[0] for row in rows[3:7]] == ROWS[:4]
    assert [row[0] for row in rows[16:19]] == ["=1+1", "http://x.cn", "007"]
    assert rows[3][1:] == ["平常文", 4.0, "是", date(2026, 9, 18), datetime(2026, 9, 18, 19, 30)]
    assert rows[4][2:4] == ["", "否"]


@pytest.mark.parametrize(("value", "words"), [("full", "正式党员"), ("", ""), ("gone", "gone")])
def test_words_of_a_value(value: str, words: str) -> None:
    assert labels(Stage)(value) == words
    assert labels(Rank)("") == ""

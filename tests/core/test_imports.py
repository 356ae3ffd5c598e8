"""The guard before a workbook and the limited process that reads it."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from core.imports import Unreadable, guard, read
from tests.members.workbooks import book

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return stream.getvalue()


def plain() -> bytes:
    return book(lambda sheet: sheet.append(["a", 1, 2.5, True, date(1998, 7, 1), None, "b"]))


BOMB = packed({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * 150_000_000})
HUGE = packed({"xl/workbook.xml": b"", "a": b"0" * 250_000_000})
MANY = packed({"xl/workbook.xml": b""} | {f"m{n}": b"" for n in range(300)})
MACRO = packed({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"})
LOCKED = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "空的"),
        (b"x" * (21 * 1024 * 1024), "a.xlsx", "20 MB"),
        (plain(), "a.xlsm", "宏"),
        (plain(), "a.csv", "另存为"),
        (plain(), "a", "另存为"),
        (b"%PDF-1.7\n", "a.xlsx", "不是 Excel"),
        (b"\0\1\2", "a.xlsx", "不是 Excel"),
        (plain()[:300], "a.xlsx", "损坏"),
        (BOMB, "a.xlsx", "压缩方式异常"),
        (HUGE, "a.xlsx", "过大"),
        (MANY, "a.xlsx", "过大"),
        (MACRO, "a.xlsx", "宏"),
        (packed({"word/document.xml": b"x"}), "a.xlsx", "不是 Excel"),
        (LOCKED, "a.xlsx", "密码"),
        (LOCKED, "a.xls", "密码"),
        (OLE + b"\0" * 600, "a.xlsx", "旧格式"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", "宏"),
    ],
)
def test_what_is_refused_before_it_is_opened(content: bytes, name: str, words: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=words):
        guard(content, name)
    assert time.monotonic() - begun < 2


def test_cells_keep_their_types() -> None:
    sheet = read(plain(), "a.xlsx")[0]
    assert sheet.rows == {1: ["a", 1.0, 2.5, True, date(1998, 7, 1), None, "b"]}


def test_lines_are_numbered_as_the_spreadsheet_shows_them() -> None:
    def make(sheet: Any) -> None:
        sheet["C5"] = "x"
        sheet["B9"] = 1
        sheet.merge_cells("C5:C7")

    sheet = read(book(make), "a.xlsx")[0]
    assert sheet.rows == {5: [None, None, "x"], 9: [None, 1.0, None]}
    assert sheet.merged == ((5, 2, 7, 2),)
    assert sheet.cell(5, 2) == "x"
    assert sheet.cell(5, 9) is None


def test_hidden_sheets_and_control_characters_are_left_out() -> None:
    def make(sheet: Any) -> None:
        sheet.append(["a_x0000_b\tc"])
        sheet.parent.create_sheet("旧").sheet_state = "hidden"

    sheets = read(book(make), "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["Sheet"]
    assert "\0" not in str(sheets[0].rows[1][0])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda s: s.cell(1_048_576, 150, "x") and s.cell(1, 1, "a"), "过大|无法读取"),
        (lambda s: s.cell(1, 16_384, "x"), "列"),
        (lambda s: [s.append([n]) for n in range(20_001)], "行"),
    ],
)
def test_absurd_sheets_end_with_a_sentence(make: Any, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(book(make), "a.xlsx")


def test_a_broken_inside_ends_with_a_sentence() -> None:
    with zipfile.ZipFile(io.BytesIO(plain())) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    members["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    members["xl/workbook.xml"] = members["xl/workbook.xml"][:80]
    with pytest.raises(Unreadable):
        read(packed(members), "a.xlsx")


def test_formulas_are_not_run() -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["=1+1", "=cmd|'/c calc'!A1", "x"])
    stream = io.BytesIO()
    workbook.save(stream)
    assert read(stream.getvalue(), "a.xlsx")[0].rows[1][-1] == "x"

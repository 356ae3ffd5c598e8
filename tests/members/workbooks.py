"""Invented persons with valid check digits, and rosters as offices keep them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from accounts.rules import check_digit

HEAD = [
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "身份证号",
    "入党时间",
    "转正时间",
    "职务",
    "消防救援衔",
    "人员类别",
    "所在党支部",
    "联系电话",
    "备注",
]
Rows = Sequence[Sequence[Any]]


def id_number(serial: int, born: date = date(1990, 3, 7)) -> str:
    """An invented man's number (odd order code) of a place that does not exist."""
    body = f"990101{born:%Y%m%d}{serial % 500 * 2 + 1:03d}"
    return body + check_digit(body + "0")


def person(serial: int, **cells: Any) -> list[Any]:
    """A faultless line below ``HEAD``; ``cells`` are named by heading."""
    line: dict[str, Any] = dict.fromkeys(HEAD)
    line |= {
        "序号": serial,
        "姓名": f"测试{chr(0x4E00 + serial % 20000)}",
        "性别": "男",
        "民族": "汉族",
        "出生年月": "1990.03",
        "身份证号": id_number(serial),
        "入党时间": "2014-07-01",
        "转正时间": "2015-07-01",
        "职务": "战斗员",
        "消防救援衔": "三级消防士",
        "人员类别": "国家消防员",
        "所在党支部": "东站党支部",
        "联系电话": f"139{serial:08d}",
    }
    assert cells.keys() <= line.keys()
    return list((line | cells).values())


def roster(rows: Rows, head: Sequence[str] = HEAD) -> bytes:
    """Title, unit line, head in line 3, persons from line 4."""
    return book(lambda sheet: fill(sheet, rows, head))


def fill(sheet: Worksheet, rows: Rows, head: Sequence[str] = HEAD) -> None:
    sheet.append(["党员花名册"])
    sheet.append(["单位：云溪大队（虚构）"])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(head))


def book(make: Callable[[Worksheet], Any]) -> bytes:
    """A workbook whose first sheet is filled by ``make``."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    make(sheet)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()

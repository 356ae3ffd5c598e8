"""The lines of persons below the head: blank, subtotal and signature lines are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from members.imports.headings import SILENT, Head, key_of, plain

if TYPE_CHECKING:
    from core.imports import Cell, Sheet

CLOSING = re.compile(
    r"^(小计|合计|总计|共计|本页|累计|填表|制表|填报|审核|复核|负责人|经办|签字|签名|盖章|日期|注[:：]|说明|联系人)"
    r"|签[字名]|[(（]盖?章[)）]"
)
TOTAL = re.compile(r"^(小计|合计|总计|共计)")
DOWNWARDS = ("organization", "group")
"""Columns in which a merged cell stands for all the lines it covers."""
PLACES = (*DOWNWARDS, *SILENT, "note")


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line: its number in the sheet and the cells by field."""

    number: int
    cells: dict[str, Cell]


def find_lines(sheet: Sheet, head: Head) -> list[Line]:
    """The lines of persons in order; merged branch and group cells are filled downwards."""
    covered = _covered(sheet, head)
    lines = []
    for number, row in sheet.rows.items():
        if number <= head.last:
            continue
        cells = {key: _at(row, column) for key, column in head.columns.items()}
        if not _is_person(cells, row):
            continue
        for key, values in covered.items():
            if cells.get(key) is None:
                cells[key] = values.get(number)
        lines.append(Line(number, cells))
    return lines


def _at(row: list[Cell], column: int) -> Cell:
    """The cell of a column; blanks and dashes that mean nothing are None."""
    value = row[column] if column < len(row) else None
    if isinstance(value, str):
        value = value.strip()
        if value in ("", "-", "—", "－", "/", "无"):
            return None
    return value


def _is_person(cells: dict[str, Cell], row: list[Cell]) -> bool:
    """Whether a line tells of a person, and is no repeated head, subtotal, section or signature."""
    name, id_number = cells.get("name"), cells.get("id_number")
    if key_of(plain(name)) == "name" or TOTAL.match(plain(name)):
        return False
    if name is not None and id_number is not None:
        return True
    first = [plain(cell) for cell in row if cell is not None][:2]
    if any(CLOSING.search(text) for text in first):
        return False
    if name is not None or id_number is not None:
        return True
    personal = [cell for key, cell in cells.items() if cell is not None and key not in PLACES]
    return len(personal) >= 2


def _covered(sheet: Sheet, head: Head) -> dict[str, dict[int, Cell]]:
    """For branch and group: the value of the merged range that covers a line."""
    found: dict[str, dict[int, Cell]] = {}
    for key in DOWNWARDS:
        column = head.columns.get(key)
        if column is None:
            continue
        values, end = found.setdefault(key, {}), head.last
        for top, left, bottom, right in sorted(sheet.merged):
            if left <= column <= right and bottom > top > end:  # a spreadsheet never lets ranges overlap
                end = min(bottom, max(sheet.rows))
                values.update(dict.fromkeys(range(top, end + 1), sheet.cell(top, left)))
    return found

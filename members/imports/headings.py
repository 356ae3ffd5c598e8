"""Finding the head of a roster: one or two lines, merged cells, line breaks, synonyms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.imports import Unreadable

if TYPE_CHECKING:
    from core.imports import Cell, Sheet

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "人员姓名"),
    "sex": ("性别",),
    "ethnicity": ("民族",),
    "born": ("出生年月", "出生日期", "出生年月日", "出生时间", "出生", "生日"),
    "native_place": ("籍贯",),
    "education": ("学历", "文化程度", "学历学位", "最高学历"),
    "id_number": (
        "身份证号",
        "公民身份号码",
        "身份证号码",
        "公民身份证号码",
        "公民身份证号",
        "居民身份证号码",
        "居民身份证号",
        "身份证",
        "身份号码",
    ),
    "worked_from": ("参加工作时间", "入职时间", "参加工作日期", "参加工作年月", "入职日期"),
    "joined_on": ("入党时间", "入党日期", "入党年月", "加入党组织日期", "加入党组织时间"),
    "full_on": ("转正时间", "转为正式党员日期", "转正日期", "转正年月", "转为正式党员时间"),
    "duty": ("职务", "行政职务", "现任职务", "现职务", "岗位"),
    "rank": ("消防救援衔", "衔级", "消防救援衔级", "消防衔", "救援衔"),
    "category": ("人员类别", "身份类别", "人员类型", "人员身份", "身份"),
    "stage": ("党员类别", "党员身份", "政治面貌", "党员类型", "发展阶段"),
    "party_post": ("党内职务", "党内任职"),
    "organization": ("所在党支部", "支部名称", "党支部", "所在支部", "党支部名称", "所属党支部", "支部"),
    "group": ("党小组", "所在党小组", "党小组名称", "所属党小组"),
    "phone": ("联系电话", "手机号", "手机号码", "手机", "电话", "联系方式", "电话号码"),
    "note": ("备注",),
    "number": ("序号", "编号", "序"),
}
"""Fields of a roster and how offices head their columns; the first word is the official one."""

NOT_IMPORTED = {
    "note": "备注是自由文字，不导入",
    "party_post": "党内职务不由花名册导入，请在任职页面登记",
}
"""Columns that are understood and left out, and why."""

SILENT = ("number",)
"""Columns that carry nothing of the person."""

NEEDED = ("name", "id_number")
LOOK = 40  # lines from the top in which a head is looked for
TALLEST = 5  # lines of one head; a range merged further down belongs to none
WORDS = {word: key for key, words in SYNONYMS.items() for word in words}
NO_HEAD = "没有找到花名册的表头：表头应同时有“姓名”和“身份证号”，请对照模板核对。"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a sheet: its line (from 1), the last line of it, and what each column holds.

    ``columns`` maps a field to its column, ``titles`` a field to the heading as found;
    ``unknown`` holds headings nobody understood, ``left_out`` those that are not imported.
    """

    line: int
    last: int
    columns: dict[str, int]
    titles: dict[str, str]
    unknown: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def ignored(self) -> list[str]:
        """Headings of columns that are not imported, as the file writes them."""
        return [*self.left_out, *self.unknown]


def plain(cell: Cell) -> str:
    """A heading as found, on one line."""
    return re.sub(r"\s+", "", str(cell)) if cell is not None else ""


def key_of(title: str) -> str:
    """The field a heading names, without spaces, marks and what stands in brackets; else ''."""
    text = unicodedata.normalize("NFKC", title)
    text = re.sub(r"\(.*?\)|[\s*:：、.]", "", text)
    return WORDS.get(text, "")


def find_head(sheets: list[Sheet]) -> tuple[Sheet, Head]:
    """The first visible sheet with a head, and the head; raises Unreadable where there is none."""
    for sheet in sheets:
        for line in sorted(sheet.rows)[:LOOK]:
            head = _head_at(sheet, line)
            if head is not None:
                return sheet, head
    raise Unreadable(NO_HEAD)


def _head_at(sheet: Sheet, line: int) -> Head | None:
    """The head whose line with 姓名 is ``line``; None when it is not one."""
    named = [c for c, cell in enumerate(sheet.rows[line]) if key_of(plain(cell)) == "name"]
    if not named:
        return None
    last = _last_line(sheet, line, named[0])
    first = line - 1 if _reaches_down(sheet, line) else line
    width = max(len(sheet.rows.get(n, [])) for n in range(first, last + 1))
    head = Head(line, last, {}, {})
    for column in range(width):
        _take(head, sheet, column, (first, last))
    return head if all(key in head.columns for key in NEEDED) else None


def _last_line(sheet: Sheet, line: int, name_column: int) -> int:
    """``line``, or the next one where the head has two: 姓名 merged downwards or sub-headings below."""
    for top, left, bottom, right in sheet.merged:
        if top == line < bottom < line + TALLEST and left <= name_column <= right:
            return bottom
    below = [key_of(plain(cell)) for cell in sheet.rows.get(line + 1, [])]
    return line + 1 if any(below) and "name" not in below else line


def _reaches_down(sheet: Sheet, line: int) -> bool:
    """Whether a heading of the line above is merged down into ``line`` (group titles stand above)."""
    return any(top < line <= bottom for top, _, bottom, _ in sheet.merged)


def _take(head: Head, sheet: Sheet, column: int, lines: tuple[int, int]) -> None:
    """Understand one column: the lowest heading that is known, else the joined text is unknown."""
    first, last = lines
    found = [plain(sheet.cell(number, column)) for number in range(last, first - 1, -1)]
    known = next((text for text in found if key_of(text)), "")
    title = known or "".join(reversed([text for text in found if text]))
    if not title:
        return
    key = key_of(title)
    if not key or key in head.columns:
        head.unknown.append(title)
        return
    head.columns[key] = column
    head.titles[key] = title
    if key in NOT_IMPORTED:
        head.left_out[title] = NOT_IMPORTED[key]

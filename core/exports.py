"""Lists as .xlsx: streamed to a temporary file, no live formulas, recorded in the audit trail."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.text import get_valid_filename
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from core import audit, clock
from core.bulk import unhurried
from core.decisions import ActionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import Choices, QuerySet
    from xlsxwriter.format import Format

    from core.actor import Actor

R = TypeVar("R")

Cell = str | int | float | bool | date | datetime | None

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKUP = re.compile(r'[&<>"]|_x')
MAX_ROWS = 100_000  # what a desktop spreadsheet opens with comfort; the format itself ends at 1,048,576
CHUNK = 2_000
OPTIONS: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#595F69", "font_size": 10},
    "head": {"bold": True, "bg_color": "#F3F1EB", "bottom": 1, "text_wrap": True, "valign": "top"},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "plain": {"valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
    "ok": {"font_color": "#14532D", "bg_color": "#E6F4EA", "align": "center"},
    "part": {"font_color": "#7A4D00", "bg_color": "#FFF4D6", "align": "center"},
    "warn": {"font_color": "#7A4D00", "bg_color": "#FFF4D6", "align": "center"},
    "bad": {"font_color": "#A50E26", "bg_color": "#FDE8E8", "align": "center"},
    "todo": {"font_color": "#595F69", "align": "center"},
    "na": {"font_color": "#595F69", "align": "center"},
}


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: heading, what to write for a row, width in characters.

    ``state`` may name the colour of a cell: ok, part, warn, bad, todo, na; the cell says it in
    words too.
    """

    title: str
    value: Callable[[R], Cell]
    width: int = 14
    state: Callable[[R], str] | None = None


class QuickSheet(Worksheet):
    """A worksheet that writes plain text in one step: two of three cells, and most of the time of a list.

    It replaces a private method of XlsxWriter, so the version is pinned and a test compares the bytes.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        text = getattr(cell, "string", None)
        if self.constant_memory and cell.format and type(text) is str and _is_plain(text):
            at, look = f"{_letters(col)}{row + 1}", cell.format._get_xf_index()
            self.fh.write(f'<c r="{at}" s="{look}" t="inlineStr"><is><t>{text}</t></is></c>')
        else:
            super()._write_cell(row, col, cell)


def _is_plain(text: str) -> bool:
    """Nothing in it that XML or a spreadsheet would read as something else."""
    whole = text.isprintable() and not text.startswith(" ") and not text.endswith(" ")
    return whole and not _MARKUP.search(text)


@cache
def _letters(column: int) -> str:
    return str(xl_col_to_name(column))


def download(
    rows: QuerySet[Any], columns: Sequence[Column[Any]], *, name: str, by: Actor, note: str = ""
) -> FileResponse:
    """The queryset as a downloaded workbook; raises ActionError when it is too long to open.

    ``name`` is the Chinese name of the list; ``note`` one line under the title (what was filtered).
    """
    count = rows.count()
    if count > MAX_ROWS:
        raise ActionError(f"共 {count:,} 行，超过一次导出的上限 {MAX_ROWS:,} 行，请先缩小筛选范围。")
    body = workbook(rows.iterator(chunk_size=CHUNK), columns, title=name, note=note)
    _record(by, name, count)
    filename = get_valid_filename(f"{name}_{clock.today():%Y%m%d}.xlsx")
    return FileResponse(body, as_attachment=True, filename=filename, content_type=CONTENT_TYPE)


def workbook(rows: Iterable[R], columns: Sequence[Column[R]], *, title: str, note: str = "") -> IO[bytes]:
    """The rows as a workbook in a file without a name, which ends when it is closed (FileResponse does)."""
    body = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever sends it, or here when nobody will
    try:
        write(body, rows, columns, title=title, note=note)
    except BaseException:
        body.close()
        raise
    return body


def write(
    target: IO[bytes],
    rows: Iterable[R],
    columns: Sequence[Column[R]],
    *,
    title: str,
    note: str = "",
) -> None:
    """Write title, note, headings and ``rows`` to ``target`` in one pass and rewind it.

    The writer keeps rows in files of its own on the way; they are gone at the end, also after an error.
    """
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        book = xlsxwriter.Workbook(target, OPTIONS | {"tmpdir": folder})
        try:
            _fill(book, rows, columns, title, note)
        finally:
            book.close()
    target.seek(0)


def _fill(
    book: xlsxwriter.Workbook, rows: Iterable[R], columns: Sequence[Column[R]], title: str, note: str
) -> None:
    formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", "_", title[:31]), QuickSheet)
    _lay_out(sheet, columns)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, note or f"导出时间 {stamp()}", formats["note"])
    for index, column in enumerate(columns):
        sheet.write_string(2, index, column.title, formats["head"])
    with unhurried():
        for number, row in enumerate(rows, start=3):
            for index, column in enumerate(columns):
                look = column.state(row) if column.state else ""
                put(sheet, number, index, column.value(row), formats, look)


def _lay_out(sheet: Worksheet, columns: Sequence[Column[R]]) -> None:
    """Widths, frozen heads, landscape A4."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def put(
    sheet: Worksheet, row: int, column: int, value: Cell, formats: dict[str, Format], look: str = ""
) -> None:
    """One cell by the type of its value; text is always text, also when it begins with ``=``.

    Nothing is written for nothing, unless its colour says something.
    """
    chosen = formats.get(look)
    if value is None or value == "":
        if chosen:
            sheet.write_blank(row, column, None, chosen)
    elif type(value) is str:
        sheet.write_string(row, column, value, chosen or formats["text"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", chosen or formats["text"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, chosen or formats["plain"])
    elif isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, local, chosen or formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, chosen or formats["date"])
    else:
        sheet.write_string(row, column, str(value), chosen or formats["text"])


def labels(choices: type[Choices]) -> Callable[[Any], str]:
    """The words of a value, as ``get_…_display`` gives them, from a table that is made once."""
    words = {value: str(label) for value, label in choices.choices}
    return lambda value: words.get(value, value)


def stamp() -> str:
    """The present minute as people read it: 2026-09-18 19:30."""
    return f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"


def _record(by: Actor, name: str, count: int) -> None:
    """Keep in the audit trail who took which list away, and how many rows."""
    audit.record(by, "导出清单", name[:100], after={"行数": count})

"""The process that opens a workbook: bytes in on standard input, JSON out, nothing else.

Started by :mod:`core.imports.reader` as an isolated script. It limits itself before it reads the
first byte, knows neither Django nor the database, and runs no formula.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from datetime import date, datetime
from typing import Any

MEMORY = 512 * 1024 * 1024  # address space in bytes; 100,000 rows need 170 MB
CPU = 20  # seconds
MAX_SHEETS = 10
MAX_COLUMNS = 200
MAX_CELL = 32_767  # what a spreadsheet itself keeps; more comes from no spreadsheet
MAX_TEXT = 20_000_000  # characters of all cells; 20,000 persons need 2 million
MAX_MERGED = 20_000
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")  # neither database keeps them
LOCKED, BROKEN, WIDE, LONG, WORDY = 3, 4, 5, 6, 7
"""Exit codes that the reader turns into sentences."""


class TooMuch(Exception):
    """A sheet past a limit; the argument is the exit code."""


def limit(cpu: int = CPU) -> None:
    """Bind this process: memory, processor seconds, no file written, no core left behind."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(max_rows: int) -> int:
    """Read standard input; 0 and JSON on standard output, or one of the exit codes above."""
    limit()
    import python_calamine as calamine  # under the limits

    try:
        book = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        return LOCKED
    except calamine.CalamineError:
        return BROKEN
    sheets: list[dict[str, Any]] = []
    for meta in book.sheets_metadata[:MAX_SHEETS]:
        if meta.visible != calamine.SheetVisibleEnum.Visible:
            continue
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except calamine.CalamineError:
            return BROKEN
        if sheet.total_width > MAX_COLUMNS:
            return WIDE
        try:
            rows = numbered(sheet, max_rows)
        except TooMuch as error:
            return int(error.args[0])
        sheets.append({"name": meta.name, "rows": rows, "merged": merged(sheet)})
    json.dump(sheets, sys.stdout, ensure_ascii=True)
    return 0


def numbered(sheet: Any, max_rows: int) -> list[tuple[int, list[Any]]]:
    """Lines that hold something, with their number as the spreadsheet shows it (from 1)."""
    margin = [None] * (sheet.start[1] if sheet.start else 0)
    rows: list[tuple[int, list[Any]]] = []
    room = MAX_TEXT
    for number, line in enumerate(sheet.iter_rows(), start=1):
        cells = margin + [plain(cell) for cell in line]
        if all(cell is None for cell in cells):
            continue
        rows.append((number, cells))
        room -= sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(rows) > max_rows or room < 0:
            raise TooMuch(LONG if len(rows) > max_rows else WORDY)
    return rows


def merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Merged ranges: first line, first column, last line, last column; lines from 1, columns from 0."""
    ranges = (sheet.merged_cell_ranges or [])[:MAX_MERGED]
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]


def plain(cell: Any) -> Any:
    """A cell as JSON: text, number, truth, ``["date", "1998-07-01"]``, or None for nothing."""
    match cell:
        case str():
            text = UNPRINTABLE.sub("", cell[:MAX_CELL])
            return text if text.strip() else None
        case bool() | int() | float() | None:
            return cell
        case datetime():
            return ["date", cell.date().isoformat()]
        case date():
            return ["date", cell.isoformat()]
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

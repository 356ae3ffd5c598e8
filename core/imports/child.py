"""The process that opens a workbook: bytes in on standard input, JSON out, nothing else.

Started by :mod:`core.imports.reader` as an isolated script. It limits itself before it reads the
first byte, knows neither Django nor the database, and runs no formula.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

MEMORY = 768 * 1024 * 1024  # address space in bytes; 100,000 rows need 170 MB
CPU = 30  # seconds
MAX_SHEETS = 10
MAX_COLUMNS = 200
LOCKED, BROKEN, WIDE, LONG = 3, 4, 5, 6
"""Exit codes that the reader turns into sentences."""


def main(max_rows: int) -> int:
    """Read standard input; 0 and JSON on standard output, or one of the exit codes above."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine as calamine  # under the limits

    try:
        book = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        return LOCKED
    except calamine.CalamineError:
        return BROKEN
    sheets = []
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
        rows = numbered(sheet)
        if len(rows) > max_rows:
            return LONG
        sheets.append({"name": meta.name, "rows": rows, "merged": merged(sheet)})
    json.dump(sheets, sys.stdout, ensure_ascii=True)
    return 0


def numbered(sheet: Any) -> list[tuple[int, list[Any]]]:
    """Lines that hold something, with their number as the spreadsheet shows it (from 1)."""
    margin = [None] * (sheet.start[1] if sheet.start else 0)
    rows = []
    for number, line in enumerate(sheet.iter_rows(), start=1):
        cells = margin + [plain(cell) for cell in line]
        if any(cell is not None for cell in cells):
            rows.append((number, cells))
    return rows


def merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Merged ranges: first line, first column, last line, last column; lines from 1, columns from 0."""
    ranges = sheet.merged_cell_ranges or []
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]


def plain(cell: Any) -> Any:
    """A cell as JSON: text, number, truth, ``["date", "1998-07-01"]``, or None for nothing."""
    match cell:
        case str():
            text = "".join(c for c in cell if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff"))
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

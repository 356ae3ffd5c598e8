"""A worksheet that writes plain text in one step: two of three cells of a list, and most of its time.

It replaces a private method of XlsxWriter, so the version is pinned and a test compares the bytes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_MARKUP = re.compile(r'[&<>"]|_x')


class QuickSheet(Worksheet):
    """As its parent, byte for byte."""

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

"""Reading a guarded workbook through a short-lived, limited process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.imports import child
from core.imports.guard import RESAVE, Unreadable, guard

Cell = str | int | float | bool | date | None

MAX_ROWS = 20_000
WALL = 60  # seconds
CHILD = Path(child.__file__)
SENTENCES = {
    child.LOCKED: "文件设有打开密码，请取消密码后重新上传。",
    child.BROKEN: f"文件已损坏，无法打开；{RESAVE}",
    child.WIDE: f"工作表超过 {child.MAX_COLUMNS} 列，请删去多余的列后重新上传。",
    child.LONG: f"工作表超过 {MAX_ROWS:,} 行，请拆分后分批上传。",
    child.WORDY: "工作表里的文字过多，请只保留花名册所需的列后重新上传。",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible worksheet: its lines that hold something, by number from 1, and its merged ranges.

    A range is (first line, first column, last line, last column); columns count from 0.
    """

    name: str
    rows: dict[int, list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def cell(self, line: int, column: int) -> Cell:
        """The value at a place; None outside."""
        row = self.rows.get(line, [])
        return row[column] if column < len(row) else None


def read(content: bytes, name: str) -> list[Sheet]:
    """The visible worksheets of a workbook; raises :class:`Unreadable` with one sentence."""
    guard(content, name)
    command = [sys.executable, "-I", str(CHILD), str(MAX_ROWS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=WALL, check=False, env={})
    except subprocess.TimeoutExpired as error:
        raise Unreadable("文件过于复杂，读取超时；请新建工作簿，粘贴数值后重新上传。") from error
    if done.returncode:
        raise Unreadable(
            SENTENCES.get(done.returncode, "文件过大或过于复杂，无法读取；请新建工作簿，粘贴数值后重新上传。")
        )
    return [_sheet(sheet) for sheet in json.loads(done.stdout)]


def _sheet(found: dict[str, Any]) -> Sheet:
    """A worksheet from the child's JSON."""
    rows = {number: [_cell(value) for value in cells] for number, cells in found["rows"]}
    return Sheet(found["name"], rows, tuple(tuple(area) for area in found["merged"]))


def _cell(value: Any) -> Cell:
    """A value from the child's JSON."""
    if isinstance(value, list):
        return date.fromisoformat(value[1])
    return value  # type: ignore[no-any-return]  # text, number, truth or None

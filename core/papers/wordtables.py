"""Tables of a .docx paper, and the measures that each layout gives to text and tables."""

from dataclasses import dataclass
from math import ceil

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.section import Section
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.table import _Cell

from core.papers import wordparts as word
from core.papers.compose import width
from core.papers.paper import Elements, Kind, Signatures, Table

_IMPRINT = 25
"""Pitch of the lines of the imprint in points."""
_ALIGN = {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "right": ALIGN.RIGHT}


@dataclass(frozen=True, slots=True)
class Look:
    """Measures of a layout.

    Text and table in points, margins (top, right, bottom, left) and widths in millimetres,
    ``closer`` (between characters) in twentieths of a point, ``after_title`` in lines.
    """

    size: float
    pitch: float
    closer: int
    table: float
    row: float
    margins: tuple[float, float, float, float]
    width: float
    footer: float
    after_title: float
    landscape: bool = False


LOOKS = {
    Kind.OFFICIAL: Look(16, 28.95, -4, 12, 18, (37, 25.8, 35, 28), 156, 25.5, 1),
    Kind.RECORD: Look(14, 26, 0, 12, 18, (37, 26, 35, 28), 156, 14, 0.7),
    Kind.ROSTER: Look(12, 18, 0, 10.5, 15, (20, 15, 22, 15), 267, 8, 0.2, landscape=True),
}


def add_table(document: Document, table: Table, look: Look) -> None:
    """A table with caption, unit, repeated head, total and note."""
    if table.caption:
        _beside(document, table.caption, "biaosong", 14, ALIGN.CENTER)
    if table.unit:
        _beside(document, table.unit, "", 12, ALIGN.RIGHT)
    head = table.head
    rows = (*table.rows, table.total) if table.total else table.rows
    grid = _grid(document, len(head) + len(rows), table.widths)
    _fill_head(grid, table, look)
    for row, values in zip(grid.rows, [()] * len(head) + list(rows), strict=True):
        word.keep_whole(row)
        role = "heiti" if table.total and values is rows[-1] else ""
        for cell, column, value in zip(row.cells, table.columns, values, strict=False):
            align = ALIGN.CENTER if role else _ALIGN[column.align]
            _write(cell, value, look, role, align)
    if table.note:
        _beside(document, table.note, "", 12, ALIGN.JUSTIFY)


def _fill_head(grid: WordTable, table: Table, look: Look) -> None:
    """The head: one row, or two with the group names above."""
    head = table.head
    for row in grid.rows[: len(head)]:
        word.repeat_on_each_page(row)
    place = 0
    for cell in head[0]:
        corner = grid.cell(0, place)
        if cell.rows > 1 or cell.columns > 1:
            corner = corner.merge(grid.cell(cell.rows - 1, place + cell.columns - 1))
        _write(corner, cell.title, look, "heiti", ALIGN.CENTER)
        if cell.rows < len(head):
            for step in range(cell.columns):
                _write(
                    grid.cell(1, place + step),
                    table.columns[place + step].title,
                    look,
                    "heiti",
                    ALIGN.CENTER,
                )
        place += cell.columns


def add_elements(document: Document, elements: Elements, look: Look) -> None:
    """The elements of a record, label beside value."""
    grid = _grid(document, len(elements.lines), (14, 36, 14, 36))
    for row, line in zip(grid.rows, elements.lines, strict=True):
        cells = row.cells
        if len(line) == 1:
            cells[1].merge(cells[3])
        for place, item in enumerate(line):
            _write(cells[2 * place], item.label, look, "heiti", ALIGN.CENTER)
            _write(cells[2 * place + 1], item.value, look, "", ALIGN.LEFT)


def add_signatures(document: Document, signatures: Signatures, look: Look) -> None:
    """Lines to sign, two to a row, without borders."""
    _beside(document, "", "", 12, ALIGN.LEFT)
    grid = _grid(document, len(signatures.pairs), (50, 50), style="Normal Table")
    for row, pair in zip(grid.rows, signatures.pairs, strict=True):
        for cell, item in zip(row.cells, pair, strict=False):
            paragraph = cell.paragraphs[0]
            word.lines(paragraph, 30)
            word.say(paragraph, f"{item.label}：", size=13)
            word.say(paragraph, item.name.center(5, "　"), size=13).font.underline = True
            word.say(paragraph, f" {item.day_text}", size=11)
    _end(document)


def add_imprint(document: Document, imprint: tuple[str, str, str]) -> None:
    """Copies and printing at the foot of the last page, between rules (7.4)."""
    copies, printer, day = imprint
    section = document.sections[-1]
    space = _space(section) / Pt(14)
    grid = _grid(document, bool(copies) + bool(printer), (100,), style="Normal Table")
    height = 0
    if copies:
        line = grid.cell(0, 0).paragraphs[0]
        word.say(line, f"抄送：{copies}。", size=14)
        word.indent(line, 14, left=4, right=1, first=-3)
        height = ceil(width(copies + "。") / (space - 5.5))
    if printer:
        line = grid.rows[-1].cells[0].paragraphs[0]
        word.indent(line, 14, left=1, right=1)
        line.paragraph_format.tab_stops.add_tab_stop(Pt(14 * (space - 1.5)), WD_TAB_ALIGNMENT.RIGHT)
        word.say(line, f"{printer}\t{day}印发", size=14)
        height += 1
    for row in grid.rows:
        word.lines(row.cells[0].paragraphs[0], _IMPRINT)
    word.rules(grid, top=1, bottom=1, insideH=0.75)
    foot = ((section.page_height or 0) - (section.bottom_margin or 0)) / Pt(1)
    word.float_at(grid, foot - height * _IMPRINT)
    _end(document)


def _end(document: Document) -> None:
    """The paragraph that has to follow a table, as low as possible."""
    word.lines(document.add_paragraph(), 1)


def _grid(document: Document, rows: int, widths: tuple[float, ...], style: str = "Table Grid") -> WordTable:
    """An empty table as wide as the text, its columns in per cent."""
    space = _space(document.sections[-1])
    table: WordTable = document.add_table(rows, len(widths), style=style)
    table.autofit = False
    word.narrow_cells(table)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    lengths = [int(space * share / 100) for share in widths]
    for column, length in zip(table.columns, lengths, strict=True):
        column.width = length
    for row in table.rows:
        for cell, length in zip(row.cells, lengths, strict=True):
            cell.width = length
    return table


def _space(section: Section) -> int:
    """Width of the text in English metric units."""
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def _write(cell: _Cell, text: str, look: Look, role: str, align: ALIGN) -> None:
    """Put ``text`` into an empty cell."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    word.lines(paragraph, look.row, before=2, after=2)
    word.say(paragraph, text, role, look.table)


def _beside(document: Document, text: str, role: str, size: float, align: ALIGN) -> None:
    """A line that belongs to a table: caption, unit, note."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.keep_with_next = align != ALIGN.JUSTIFY
    word.lines(paragraph, 22)
    word.say(paragraph, text, role, size, bold=role == "biaosong")

"""What a paper says, before any layout: the value from which PDF and .docx are both made."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

from core.decisions import ActionError

Align = Literal["left", "center", "right"]


def chinese_date(day: date) -> str:
    """2026年11月3日: Arabic digits, no leading zero (GB/T 9704-2012, 7.3.5.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


class PaperError(ActionError):
    """A paper cannot be made; ``str(error)`` is a Chinese sentence for the user."""


class Kind(StrEnum):
    """The three layouts."""

    OFFICIAL = "official"
    """Red-headed letter after GB/T 9704-2012: bulletins, notices, replies."""
    RECORD = "record"
    """Minutes and other records: title, table of elements, text, signature lines."""
    ROSTER = "roster"
    """A list on landscape pages: title and long tables."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its number (一、 （一） 1. （1）) is given by the engine from the order.

    ``follow`` is text that goes on in the same line after the heading. ``marker`` is filled in
    by :func:`core.papers.compose.number_headings`; give it only to override the number.
    """

    template: ClassVar[str] = "documents/parts/heading.html"
    text: str
    level: Literal[1, 2, 3, 4] = 1
    follow: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text; ``indent`` sets it in by two characters."""

    template: ClassVar[str] = "documents/parts/paragraph.html"
    text: str
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column: head, relative width, alignment; neighbours of one ``group`` share a head."""

    title: str
    width: float = 1
    align: Align = "center"
    group: str = ""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of a table head and how many columns and rows it spans."""

    title: str
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head repeats on each page; ``total`` is a last row that is set in 黑体."""

    template: ClassVar[str] = "documents/parts/table.html"
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    caption: str = ""
    unit: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a row that does not fit the head (a fault of the caller, hence ValueError)."""
        for row in (*self.rows, *((self.total,) if self.total else ())):
            if len(row) != len(self.columns):
                raise ValueError(f"row of {len(row)} cells in a table of {len(self.columns)}: {row}")

    @property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in per cent of the table."""
        whole = sum(column.width for column in self.columns)
        return tuple(round(100 * column.width / whole, 3) for column in self.columns)

    @property
    def head(self) -> tuple[tuple[HeadCell, ...], ...]:
        """The head as one row, or as two where columns are grouped."""
        if not any(column.group for column in self.columns):
            return (tuple(HeadCell(column.title, 1, 1) for column in self.columns),)
        upper: list[HeadCell] = []
        lower: list[HeadCell] = []
        last = ""
        for column in self.columns:
            if not column.group:
                upper.append(HeadCell(column.title, 1, 2))
            else:
                span = upper.pop().columns if column.group == last else 0
                upper.append(HeadCell(column.group, span + 1, 1))
                lower.append(HeadCell(column.title, 1, 1))
            last = column.group
        return tuple(upper), tuple(lower)

    @property
    def body(self) -> tuple[tuple[tuple[str, Align], ...], ...]:
        """The rows, each cell with the alignment of its column."""
        aligns = [column.align for column in self.columns]
        return tuple(tuple(zip(row, aligns, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a record: label and value; two neighbouring ``half`` ones share a line."""

    label: str
    value: str
    half: bool = False


@dataclass(frozen=True, slots=True)
class Elements:
    """The table of elements at the head of a record."""

    template: ClassVar[str] = "documents/parts/elements.html"
    items: tuple[Element, ...]

    @property
    def lines(self) -> tuple[tuple[Element, ...], ...]:
        """The elements line by line: pairs of halves, all others alone."""
        lines: list[tuple[Element, ...]] = []
        for item in self.items:
            if item.half and lines and len(lines[-1]) == 1 and lines[-1][0].half:
                lines[-1] = (lines[-1][0], item)
            else:
                lines.append((item,))
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG made by this portal, and the table that says the same in the .docx."""

    template: ClassVar[str] = "documents/parts/figure.html"
    svg: str
    caption: str
    table: Table


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign: the role, the typed name and the day if they are known."""

    label: str
    name: str = ""
    day: date | None = None

    @property
    def day_text(self) -> str:
        """The day, or blanks to fill in by hand."""
        return chinese_date(self.day) if self.day else "　　年　月　日"


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signature lines at the end of a record, two to a line."""

    template: ClassVar[str] = "documents/parts/signatures.html"
    items: tuple[Signature, ...]

    @property
    def pairs(self) -> tuple[tuple[Signature, ...], ...]:
        """The signatures two by two."""
        return tuple(self.items[place : place + 2] for place in range(0, len(self.items), 2))


Block = Heading | Paragraph | Table | Elements | Figure | Signatures


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: named after the text and, if it has blocks, printed on pages of its own.

    Without blocks it is sent as a separate file (a workbook) and only named.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """How a reader finds the record behind a paper: portal number, content digest, address."""

    number: str
    digest: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. Empty fields leave their element out.

    ``masthead`` is the red text (``issuer`` + 文件 if empty); ``addressee`` and ``copies`` come
    without label and final punctuation; ``signer`` (签发人) makes it a paper to a superior;
    ``sealed`` leaves room for the stamp; a line break in ``title`` is kept.
    """

    kind: Kind
    issuer: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    masthead: str = ""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    signer: str = ""
    subtitle: str = ""
    addressee: str = ""
    issued_on: date | None = None
    sealed: bool = True
    note: str = ""
    annexes: tuple[Annex, ...] = ()
    copies: str = ""
    printer: str = ""
    printed_on: date | None = None
    watermark: str = ""
    trace: Trace | None = None


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Text as a user typed it, one paragraph a line; empty lines and outer blanks are dropped."""
    return tuple(Paragraph(line) for raw in text.splitlines() if (line := raw.strip()))

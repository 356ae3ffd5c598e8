"""Measures a PDF: lines of text, their edges in millimetres, red ink, rules, fonts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.pdf import PDF

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """A line of text, measured from the left top corner of the page.

    Edges of its em boxes in millimetres, baseline in points.
    """

    text: str
    page: int
    baseline: float
    top: float
    bottom: float
    left: float
    right: float
    size: float


def opened(pdf: bytes) -> PDF:
    """The PDF for measuring."""
    return pdfplumber.open(BytesIO(pdf))


def lines(pdf: PDF, size: float | None = None) -> list[Line]:
    """All upright lines in reading order; with ``size`` only those that begin in that size."""
    return [line for page in pdf.pages for line in _page_lines(page) if size in (None, line.size)]


def _page_lines(page: Page) -> Iterator[Line]:
    rows: list[tuple[float, list[dict[str, Any]]]] = []
    upright = [char for char in page.chars if char["upright"]]
    for baseline, char in sorted(
        ((_baseline(page, char), char) for char in upright), key=lambda pair: pair[0]
    ):
        if not rows or baseline - rows[-1][0] > 3:
            rows.append((baseline, []))
        rows[-1][1].append(char)
    for baseline, row in rows:
        row.sort(key=lambda char: char["x0"])
        first = row[0]
        yield Line(
            text="".join(char["text"] for char in row),
            page=page.page_number,
            baseline=baseline,
            top=first["top"] / MM,
            bottom=first["bottom"] / MM,
            left=first["x0"] / MM,
            right=row[-1]["x1"] / MM,
            size=round(first["size"], 2),
        )


def _baseline(page: Page, char: dict[str, Any]) -> float:
    """Distance of the baseline from the top of the page: the same for all fonts of a line."""
    return float(page.height) - float(char["matrix"][5])


def text(pdf: PDF) -> str:
    """All text without line breaks, blanks and page numbers."""
    said = [line.text for line in lines(pdf) if not re.fullmatch(r"— \d+ —", line.text)]
    return "".join(said).replace(" ", "").replace("\u3000", "")


def by_page(found: list[Line]) -> dict[int, list[Line]]:
    """The lines of each page."""
    return {page: list(group) for page, group in groupby(found, key=lambda line: line.page)}


def ink_rows(page: Page, left: float, right: float, top: float, bottom: float) -> list[float]:
    """Heights in millimetres at which there is dark ink inside a box given in millimetres."""
    dots = 12 * 25.4  # 12 to the millimetre
    picture = page.to_image(resolution=dots).original.convert("L")
    box = picture.crop((round(left * 12), round(top * 12), round(right * 12), round(bottom * 12)))
    pixels, width = list(box.tobytes()), box.width
    return [top + row / 12 for row in range(box.height) if min(pixels[row * width : (row + 1) * width]) < 128]


def fonts(pdf: PDF) -> set[str]:
    """Names of the fonts used, without the tag of the subset."""
    return {char["fontname"].split("+")[-1] for page in pdf.pages for char in page.chars}


def streams(pdf: PDF) -> Iterator[bytes]:
    """Every stream of the file, unpacked: pictures, embedded files, pages."""
    document = pdf.doc
    for table in document.xrefs:
        for number in table.get_objids():
            found = document.getobj(number)
            if hasattr(found, "get_data"):
                yield found.get_data()

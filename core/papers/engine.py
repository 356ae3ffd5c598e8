"""From a :class:`Paper` to a PDF: template → HTML → WeasyPrint."""

import logging
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.papers import fontlist
from core.papers.compose import clean, compose
from core.papers.paper import Paper, PaperError, Table

logger = logging.getLogger(__name__)

ROWS_AT_MOST = 1000
"""Rows of all tables of one paper: some ten seconds of a worker and 300 MB."""


def paper_pdf(paper: Paper) -> bytes:
    """``paper`` as PDF/A-2u in its layout; PaperError if it is too long or cannot be set."""
    _check_length(paper)
    return render_pdf(paper_html(paper), title=paper.title)


def paper_html(paper: Paper) -> str:
    """``paper`` as HTML for the press; a room with a layout of its own extends these templates."""
    sheet = compose(paper)
    qr = qr_svg(paper.trace.url) if paper.trace else ""
    return render_to_string(f"documents/{paper.kind}.html", {"sheet": sheet, "paper": paper, "qr": qr})


def render_pdf(html: str, *, title: str) -> bytes:
    """``html`` (of our own templates) as PDF/A-2u: the same bytes for the same input and fonts.

    Only ``data:`` addresses and files of ``static/papers`` are opened. Raises :class:`PaperError`
    with a Chinese sentence if the layout fails. A character that no font has is printed as a box
    and logged as an error; under ``PAPERS_STRICT`` (the tests) it raises, as does any other remark.
    """
    name = title.replace("\n", "")
    pdf: bytes
    remarks: list[str]
    try:
        if not _fonts_present():
            raise PaperError("服务器没有中文字体，暂时不能生成 PDF。请联系系统管理员。")
        pdf, remarks = load_press().press(clean(html), title=name, folder=folder())
    except OSError as error:
        logger.exception("the system libraries of WeasyPrint are missing")
        raise PaperError("服务器缺少排版组件，暂时不能生成 PDF。请联系系统管理员。") from error
    except (
        ArithmeticError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
        AssertionError,
    ) as error:
        logger.exception("a paper could not be set")
        raise PaperError(f"《{name}》排版未完成。请检查正文内容后重试；仍不行请联系系统管理员。") from error
    _report(remarks, name)
    return pdf


@cache
def _fonts_present() -> bool:
    """Whether any Chinese font is installed: with no font at all Pango ends the process."""
    return bool(fontlist.families())


def load_press() -> ModuleType:
    """:mod:`core.papers.press`, imported at the first paper: half a second and 60 MB.

    OSError where Pango is not installed.
    """
    return import_module("core.papers.press")


def folder() -> Path:
    """Where the style sheets of the papers are: the only folder that a paper may open."""
    return Path(settings.BASE_DIR) / "static" / "papers"


def qr_svg(text: str) -> SafeString:
    """A QR code of ``text`` as inline SVG without a size of its own."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, border=0, svgclass="qr", lineclass=None)
    return SafeString(svg)  # made by segno; the text is in the modules, not in the markup


def _check_length(paper: Paper) -> None:
    """Refuse tables that belong into a workbook."""
    blocks = [*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)]
    rows = sum(len(block.rows) for block in blocks if isinstance(block, Table))
    if rows > ROWS_AT_MOST:
        raise PaperError(
            f"《{paper.title}》的表格共 {rows} 行，超过 {ROWS_AT_MOST} 行。请改为导出电子表格，作为附件另发。"
        )


def _report(remarks: list[str], title: str) -> None:
    """Say what was wrong with a paper that was printed all the same."""
    missing = "".join(re.findall(r'\.notdef glyph .*"(.)"', "\n".join(remarks)))
    if missing:
        logger.error("no font for %r in %r", missing, title)
    for line in remarks:
        logger.warning("%s: %s", title, line)
    if remarks and getattr(settings, "PAPERS_STRICT", False):
        detail = f"字库缺少这些字：{missing}" if missing else remarks[0]
        raise PaperError(f"《{title}》排版有误。{detail}")

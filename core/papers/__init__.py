"""One :class:`Paper`, printed as PDF in the layout of GB/T 9704-2012 and as .docx."""

from core.papers.checks import paper_problems
from core.papers.engine import paper_html, paper_pdf, qr_svg, render_pdf
from core.papers.paper import (
    Annex,
    Block,
    Column,
    Element,
    Elements,
    Figure,
    Heading,
    Kind,
    Paper,
    PaperError,
    Paragraph,
    Signature,
    Signatures,
    Table,
    Trace,
    chinese_date,
    paragraphs,
)
from core.papers.word import paper_docx

__all__ = [
    "Annex",
    "Block",
    "Column",
    "Element",
    "Elements",
    "Figure",
    "Heading",
    "Kind",
    "Paper",
    "PaperError",
    "Paragraph",
    "Signature",
    "Signatures",
    "Table",
    "Trace",
    "chinese_date",
    "paper_docx",
    "paper_html",
    "paper_pdf",
    "paper_problems",
    "paragraphs",
    "qr_svg",
    "render_pdf",
]

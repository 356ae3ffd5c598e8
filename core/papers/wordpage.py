"""Page, styles, properties and footers of a .docx paper."""

from datetime import UTC, datetime, time
from io import BytesIO

import docx
import segno
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

from core.papers import wordparts as word
from core.papers.compose import Sheet, clean
from core.papers.paper import Kind, Paper
from core.papers.wordtables import Look


def blank_document(paper: Paper, look: Look) -> Document:
    """An empty document with page, styles and properties of the paper."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(look.margins[0]), Mm(look.margins[2])
    section.left_margin, section.right_margin = Mm(look.margins[3]), Mm(look.margins[1])
    section.header_distance, section.footer_distance = Mm(15), Mm(look.footer)
    if look.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    _style(document, look)
    _properties(document, paper)
    if paper.watermark:
        header = section.header.paragraphs[0]
        header.alignment = ALIGN.CENTER
        word.say(header, paper.watermark, "heiti", 16)
    return document


def _style(document: Document, look: Look) -> None:
    """The face, size and pitch of everything that does not say otherwise."""
    normal = document.styles["Normal"]
    word.set_face(normal, "fangsong")
    normal.font.size = Pt(look.size)
    normal.paragraph_format.widow_control = False
    word.lines(normal, look.pitch)
    word.no_blank_beside_digits(normal)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(look.closer))
    normal.element.get_or_add_rPr().insert_element_before(
        closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs"
    )
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")


def _properties(document: Document, paper: Paper) -> None:
    """Title, author and a date that does not change from one rendering to the next."""
    properties = document.core_properties
    longest = 255  # of Word
    properties.title = clean(paper.title.replace("\n", ""))[:longest]
    properties.author = properties.last_modified_by = clean(paper.issuer)[:longest]
    properties.comments, properties.language = "", "zh-CN"
    day = paper.issued_on or datetime(2000, 1, 1, tzinfo=UTC).date()
    properties.created = properties.modified = datetime.combine(day, time(), UTC)


def turn(section: Section) -> None:
    """Change between portrait and landscape; the margins turn with the sheet (7.3.9)."""
    section.page_width, section.page_height = section.page_height, section.page_width
    landscape = section.orientation == WD_ORIENT.PORTRAIT
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    top, right, bottom, left = (
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    )
    if landscape:
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
            left,
            top,
            right,
            bottom,
        )
    else:
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
            right,
            bottom,
            left,
            top,
        )


def add_footers(document: Document, sheet: Sheet) -> None:
    """Page numbers: outside for official papers, else with number, digest and QR code."""
    section = document.sections[0]
    if sheet.paper.kind == Kind.OFFICIAL:
        document.settings.odd_and_even_pages_header_footer = True
        for footer, align in (
            (section.footer, ALIGN.RIGHT),
            (section.even_page_footer, ALIGN.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            word.indent(paragraph, 14, left=1, right=1)
            word.say(paragraph, "— ", "songti", 14)
            word.field(paragraph, "PAGE", 14)
            word.say(paragraph, " —", "songti", 14)
    else:
        _add_traced_footer(section, sheet)


def _add_traced_footer(section: Section, sheet: Sheet) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.0
    if sheet.trace:
        picture = BytesIO()
        code = segno.make(sheet.trace.url, error="m", micro=False)
        code.save(picture, kind="png", scale=4, border=0)
        paragraph.add_run().add_picture(picture, width=Mm(12))
        traced = f"　文件编号　{sheet.trace.number}　内容摘要　{sheet.trace.digest}"
        word.say(paragraph, traced, "songti", 8)
    word.say(paragraph, "　第 ", "songti", 10.5)
    word.field(paragraph, "PAGE", 10.5)
    word.say(paragraph, " 页　共 ", "songti", 10.5)
    word.field(paragraph, "NUMPAGES", 10.5)
    word.say(paragraph, " 页", "songti", 10.5)

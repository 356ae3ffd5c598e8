"""Small pieces of WordprocessingML that python-docx has no call for."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from core.papers.checks import faces
from core.papers.compose import clean

RED = RGBColor(0xE6, 0x00, 0x12)
_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
_AFTER_AUTO_SPACE = (
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)


def say(paragraph: Paragraph, text: str, role: str = "", size: float = 0, bold: bool = False) -> Run:
    """Add ``text`` in the face of ``role`` (see ``faces.css``) and ``size`` in points.

    What is not given is as the style of the paragraph says.
    """
    run = paragraph.add_run(clean(text))
    if role:
        set_face(run, role)
    if size:
        run.font.size = Pt(size)
    if bold:
        run.font.bold = True
    return run


def set_face(target: Run | ParagraphStyle, role: str) -> None:
    """Name the first family of ``role`` for Chinese and Latin text alike."""
    name = faces()[role][0]
    target.font.name = name
    target.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def stretch(run: Run, ratio: float, tracking: float) -> None:
    """Scale the characters of ``run`` to ``ratio`` of their width and space them by points."""
    for tag, value in (("w:spacing", round(tracking * 20)), ("w:w", round(ratio * 100))):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        run.element.get_or_add_rPr().insert_element_before(
            element,
            *(("w:w",) if tag == "w:spacing" else ()),
            "w:kern",
            "w:position",
            "w:sz",
            "w:szCs",
            "w:u",
        )


def lines(target: Paragraph | ParagraphStyle, pitch: float, before: float = 0, after: float = 0) -> None:
    """Exact distance of the lines and space around the paragraph, in points."""
    layout = target.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(pitch)
    layout.space_before, layout.space_after = Pt(before), Pt(after)


def indent(paragraph: Paragraph, size: float, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indents in characters of ``size`` points; a negative ``first`` hangs."""
    ind = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_ind()
    names = {"left": left, "right": right, "hanging" if first < 0 else "firstLine": abs(first)}
    for name, characters in names.items():
        if characters:
            ind.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            ind.set(qn(f"w:{name}"), str(round(characters * size * 20)))


def rule(paragraph: Paragraph, edge: str, width: float, space: float = 0, color: str = "000000") -> None:
    """A line at the ``edge`` (top, bottom) of a paragraph: width and distance in points."""
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    borders.append(_line(edge, width, space, color))


def _line(edge: str, width: float, space: float, color: str) -> BaseOxmlElement:
    """A border of an edge; WordprocessingML counts its width in eighths of a point."""
    line = OxmlElement(f"w:{edge}")
    for name, value in (
        ("val", "single"),
        ("sz", round(width * 8)),
        ("space", round(space)),
        ("color", color),
    ):
        line.set(qn(f"w:{name}"), str(value))
    return line


def outline(paragraph: Paragraph, level: int) -> None:
    """Show the paragraph in Word's navigation pane at ``level`` (1 = highest)."""
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level - 1))
    paragraph.paragraph_format.element.get_or_add_pPr().insert_element_before(element, "w:rPr", "w:sectPr")


def field(paragraph: Paragraph, code: str, size: float) -> None:
    """A field that Word fills in, such as PAGE."""
    for kind in ("begin", code, "end"):
        run = say(paragraph, "", "songti", size)
        element = OxmlElement("w:instrText" if kind == code else "w:fldChar")
        if kind == code:
            element.text = code
        else:
            element.set(qn("w:fldCharType"), kind)
        run.element.append(element)


def repeat_on_each_page(row: _Row) -> None:
    """Make ``row`` part of the head that is printed again after a page break."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Do not break ``row`` over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def float_at(table: Table, top: float) -> None:
    """Take ``table`` out of the text and put it ``top`` points below the edge of the page.

    It stands on the page of the paragraph that follows it. LibreOffice leaves it in the text.
    """
    position = OxmlElement("w:tblpPr")
    values = {
        "vertAnchor": "page",
        "horzAnchor": "margin",
        "tblpXSpec": "center",
        "tblpY": round(top * 20),
    }
    for name, value in values.items():
        position.set(qn(f"w:{name}"), str(value))
    table._tbl.tblPr.insert(1, position)


def rules(table: Table, **widths: float) -> None:
    """Horizontal lines of ``table`` (top, insideH, bottom), each as wide as given in points."""
    borders = OxmlElement("w:tblBorders")
    for edge, width in widths.items():
        borders.append(_line(edge, width, 0, "000000"))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def narrow_cells(table: Table) -> None:
    """1 mm between the text of a cell and its sides."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "57")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def no_blank_beside_digits(style: ParagraphStyle) -> None:
    """Keep Word from putting a blank between Chinese characters and Latin letters or digits."""
    properties = style.element.get_or_add_pPr()
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), "0")
        properties.insert_element_before(element, *_AFTER_AUTO_SPACE)


def packed(document: Document) -> bytes:
    """``document`` as a file whose bytes depend on nothing but its content."""
    raw, fixed = BytesIO(), BytesIO()
    document.save(raw)
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()

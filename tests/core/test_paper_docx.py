"""The .docx says what the PDF says and opens with the measures of an office's own papers."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from core.papers import Kind, Paper, Paragraph, paper_docx, paper_pdf
from tests.core.paper_ruler import opened, text
from tests.core.paper_samples import ISSUER, RARE, bulletin, long_text, minutes, roster

PAPERS: dict[str, Callable[[], Paper]] = {
    "bulletin": bulletin,
    "minutes": minutes,
    "roster": lambda: roster(5),
}


def _opened(paper: Paper) -> Document:
    return docx.Document(BytesIO(paper_docx(paper)))


def _said(document: Document) -> str:
    """All text of body and footers in reading order, blanks dropped."""
    bodies = [document.element.body, *(section.footer._element for section in document.sections)]
    words = [node.text or "" for body in bodies for node in body.iter(qn("w:t"))]
    return "".join(words).replace(" ", "").replace("\u3000", "")


def _strings(value: object) -> list[str]:
    """Every text inside a paper."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in _strings(item)]
    names = getattr(value, "__dataclass_fields__", {})
    return [text for name in names if name not in _NOT_SAID for text in _strings(getattr(value, name))]


_NOT_SAID = {"kind", "svg", "align", "url", "table", "template", "watermark"}


@pytest.mark.parametrize("name", list(PAPERS))
def test_pdf_and_docx_say_the_same(name: str) -> None:
    paper = PAPERS[name]()
    word, pdf = _said(_opened(paper)), text(opened(paper_pdf(paper)))
    for string in _strings(paper):
        for line in string.split("\x0b"):
            bare = line.replace(" ", "").replace("\u3000", "")
            assert bare in word, bare
            assert bare in pdf, bare


@pytest.mark.parametrize("name", list(PAPERS))
def test_same_paper_same_bytes(name: str) -> None:
    assert paper_docx(PAPERS[name]()) == paper_docx(PAPERS[name]())


def test_type_area_and_face() -> None:
    document = _opened(bulletin())
    section = document.sections[0]
    assert section.top_margin == pytest.approx(Mm(37), abs=700)
    assert section.left_margin == pytest.approx(Mm(28), abs=700)
    normal = document.styles["Normal"]
    assert normal.font.size is not None
    assert normal.font.size.pt == 16
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)


def test_a_wide_annex_is_turned_and_its_margins_with_it() -> None:
    first, second = _opened(bulletin()).sections
    assert (first.orientation, second.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    assert (second.page_width, second.page_height) == (first.page_height, first.page_width)
    assert second.top_margin == first.left_margin
    assert second.left_margin == first.bottom_margin


def test_table_head_repeats_and_rows_stay_whole() -> None:
    table = _opened(roster(40)).tables[0]
    assert len(table.rows) == 41
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_properties_name_the_issuer_and_no_tool() -> None:
    properties = _opened(bulletin()).core_properties
    assert (properties.author, properties.title) == (ISSUER, bulletin().title)
    assert properties.comments == ""
    assert properties.created is not None
    assert properties.created.date() == bulletin().issued_on


def test_page_number_field_and_odd_and_even_pages() -> None:
    raw = ZipFile(BytesIO(paper_docx(bulletin())))
    footers = [raw.read(name).decode() for name in raw.namelist() if name.startswith("word/footer")]
    assert len(footers) == 2
    assert all("PAGE" in footer for footer in footers)
    assert "evenAndOddHeaders" in raw.read("word/settings.xml").decode()


def test_rare_names_and_control_characters() -> None:
    blocks = (Paragraph("、".join(RARE) + "\x00\x0b"), Paragraph(long_text(300)))
    said = _said(_opened(Paper(kind=Kind.RECORD, issuer="甲\x01", title="长" * 300, blocks=blocks)))
    assert "、".join(RARE) in said

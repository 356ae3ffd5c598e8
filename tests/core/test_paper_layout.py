"""The official layout measured with a ruler: GB/T 9704-2012, clauses in the names of the tests."""

from functools import cache

import pytest
import weasyprint
from pdfplumber.pdf import PDF
from pytest_django import Settings

from core.papers import Kind, Paper, Paragraph, paper_pdf
from tests.core.paper_ruler import MM, Line, by_page, ink_rows, lines, opened
from tests.core.paper_samples import ISSUER, bulletin, long_paper, long_text, roster

BODY = 15.75
LINE_START_NEVER = "，。、；：？！”’）》〕…%"
LINE_END_NEVER = "“‘（《〔"


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    settings.PAPERS_STRICT = True


@cache
def _long() -> PDF:
    return opened(paper_pdf(long_paper()))


@cache
def _bulletin() -> PDF:
    return opened(paper_pdf(bulletin()))


def _full_pages() -> dict[int, list[Line]]:
    """Body lines of the pages that are text from top to bottom."""
    pages = by_page(lines(_long(), BODY))
    last = max(pages)
    assert last > 10
    return {page: found for page, found in pages.items() if 1 < page < last}


def test_the_version_that_was_measured() -> None:
    assert weasyprint.__version__ == "70.0", "justification replaces a private function: measure anew"


def test_5_2_1_type_area_of_156_by_225_mm() -> None:
    for found in _full_pages().values():
        assert found[0].top == pytest.approx(37, abs=0.2)
        assert min(line.left for line in found) == pytest.approx(28, abs=0.1)
        assert found[-1].bottom == pytest.approx(262, abs=0.3)


def test_5_2_3_22_lines_of_28_characters() -> None:
    for found in _full_pages().values():
        assert len(found) == 22
        steps = [after.baseline - before.baseline for before, after in zip(found, found[1:], strict=False)]
        assert all(step == pytest.approx(29.6, abs=0.05) for step in steps)
    paper = Paper(
        kind=Kind.OFFICIAL,
        issuer=ISSUER,
        title="行长",
        blocks=(Paragraph("党" * 280, indent=False),),
    )
    assert [len(line.text) for line in lines(opened(paper_pdf(paper)), BODY)] == [28] * 10


def test_right_edge_is_straight() -> None:
    found = lines(_long(), BODY)
    inside = [
        line for line, after in zip(found, found[1:], strict=False) if line.page > 1 and after.left < 28.5
    ]
    assert len(inside) > 100
    assert {round(line.right, 1) for line in inside} <= {
        183.6,
        183.7,
        183.8,
        183.9,
        184.0,
        184.1,
        184.2,
    }


def test_no_mark_stands_where_it_must_not() -> None:
    for line in lines(_long(), BODY):
        assert line.text[0] not in LINE_START_NEVER, line
        assert line.text[-1] not in LINE_END_NEVER, line


def test_7_2_4_red_text_stands_35_mm_below_the_top() -> None:
    page = _long().pages[0]
    red = [char for char in page.chars if char["non_stroking_color"] not in ((0,), (0, 0, 0))]
    assert "".join(char["text"] for char in red) == f"{ISSUER}文件"
    assert min(char["top"] for char in red) / MM == pytest.approx(72, abs=0.3)
    edges = min(char["x0"] for char in red) / MM, max(char["x1"] for char in red) / MM
    assert edges[0] + edges[1] == pytest.approx(28 + 184, abs=0.5)


def test_7_2_7_red_rule_stands_4_mm_below_the_number() -> None:
    number = next(line for line in lines(_long()) if line.text.startswith("岚消党"))
    ink = ink_rows(_long().pages[0], 60, 61, number.bottom + 1, number.bottom + 8)
    assert ink[0] == pytest.approx(number.bottom + 4, abs=0.3)
    for left in (28.2, 183):
        assert ink_rows(_long().pages[0], left, left + 0.7, ink[0] - 0.5, ink[0] + 1.5)


def test_7_3_1_title_stands_two_lines_below_the_rule() -> None:
    title = lines(_long(), 22.0)[0]
    number = next(line for line in lines(_long()) if line.text.startswith("岚消党"))
    assert 2 * 29.6 - 8 < (title.top - number.bottom - 4) * MM < 2 * 29.6 + 8


@pytest.mark.parametrize("page", [0, 1, 2, 5])
def test_7_5_page_number_7_mm_below_outside(page: int) -> None:
    number = next(line for line in lines(_long(), 14.0) if line.page == page + 1)
    assert number.text == f"— {page + 1} —"
    if page % 2:
        assert number.left == pytest.approx(28 + 4.94, abs=0.2)
        dash = number.left + 1, number.left + 4
    else:
        assert number.right == pytest.approx(184 - 4.94, abs=0.2)
        dash = number.right - 4, number.right - 1
    ink = ink_rows(_long().pages[page], *dash, 263, 275)
    assert sum(ink) / len(ink) == pytest.approx(269, abs=0.3)


def test_7_3_9_number_of_a_landscape_page_stays_at_the_foot_of_the_sheet() -> None:
    wide = [page for page in _bulletin().pages if page.width > page.height]
    assert len(wide) >= 2
    for page in wide:
        turned = [char for char in page.chars if not char["upright"]]
        assert "".join(char["text"] for char in turned) == f"— {page.page_number} —"
        # the sheet is turned to the right: its foot is the left edge, 28 mm from the dash
        assert (turned[0]["x0"] + turned[0]["x1"]) / 2 / MM == pytest.approx(28, abs=0.3)
        ends = min(char["top"] for char in turned) / MM, max(char["bottom"] for char in turned) / MM
        if page.page_number % 2:
            assert ends[1] == pytest.approx(184 - 4.94, abs=0.3)
        else:
            assert ends[0] == pytest.approx(28 + 4.94, abs=0.3)


def test_7_4_last_rule_of_the_imprint_is_the_foot_of_the_type_area() -> None:
    paper = Paper(
        kind=Kind.OFFICIAL,
        issuer=ISSUER,
        title="版记",
        blocks=(Paragraph("正文。"),),
        copies="甲",
        printer="乙",
    )
    ink = ink_rows(opened(paper_pdf(paper)).pages[-1], 100, 101, 240, 264)
    assert max(ink) == pytest.approx(262, abs=0.3)


@pytest.mark.parametrize("body", range(150, 700, 50))
def test_imprint_never_covers_text_nor_leaves_the_closing_alone(body: int) -> None:
    paper = Paper(
        kind=Kind.OFFICIAL,
        issuer=ISSUER,
        title="版记",
        blocks=(Paragraph(long_text(body)),),
        issued_on=bulletin().issued_on,
        copies="甲" * 60,
        printer="乙",
    )
    found = lines(opened(paper_pdf(paper)))
    last = [line for line in found if line.page == found[-1].page]
    signing = next(line for line in found if line.text == ISSUER)
    above = [line for line in found if line.page == signing.page and line.baseline < signing.baseline]
    assert above, "the issuer stands alone on its page"
    steps = [after.baseline - before.baseline for before, after in zip(last, last[1:], strict=False)]
    assert min(steps, default=25) >= 16


def test_long_table_repeats_its_head_and_loses_no_row() -> None:
    pdf = opened(paper_pdf(roster(90)))
    assert len(pdf.pages) > 3
    rows = []
    for page in pdf.pages:
        text = page.extract_text()
        assert text.count("党小组") == 1, "the head stands once on each page"
        rows += [word for word in text.split() if word.startswith("R0")]
    assert rows == [f"R{number:04}" for number in range(1, 91)]

"""The compositor's decisions: headings, lines of a title, the red text, issuer and date."""

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.papers import (
    Annex,
    Column,
    Element,
    Elements,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Table,
    chinese_date,
    paragraphs,
)
from core.papers.compose import (
    TITLE_LINE,
    TYPE_AREA,
    Signing,
    break_title,
    chinese_number,
    clean,
    compose,
    fit_masthead,
    number_headings,
    width,
)


@pytest.mark.parametrize(
    ("number", "chinese"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (99, "九十九")],
)
def test_chinese_number(number: int, chinese: str) -> None:
    assert chinese_number(number) == chinese


def test_date_has_no_leading_zero() -> None:
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"


def test_headings_are_numbered_and_start_again_below_a_higher_one() -> None:
    levels: tuple[Literal[1, 2, 3, 4], ...] = (1, 2, 2, 3, 4, 4, 3, 1, 2, 3)
    blocks = tuple(Heading("甲", level=level) for level in levels)
    markers = [block.marker for block in number_headings(blocks) if isinstance(block, Heading)]
    assert markers == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "（1）",
        "（2）",
        "2.",
        "二、",
        "（一）",
        "1.",
    ]


def test_a_given_number_and_other_blocks_stay() -> None:
    blocks = (Heading("甲", marker="附一、"), Paragraph("乙"), Heading("丙"))
    assert number_headings(blocks) == (blocks[0], blocks[1], Heading("丙", marker="一、"))


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("支部委员会会议记录", ("支部委员会会议记录",)),
        (
            "关于2026年10月全市消防救援队伍党建工作情况的通报",
            ("关于2026年10月", "全市消防救援队伍党建工作情况的通报"),
        ),
        (
            "青岚市消防救援支队党委关于三季度组织生活落实情况的通报",
            ("青岚市消防救援支队党委", "关于三季度组织生活落实情况的通报"),
        ),
        (
            "关于印发\n《消防救援站党支部工作办法》的通知",
            ("关于印发", "《消防救援站党支部工作办法》的通知"),
        ),
    ],
)
def test_title_is_broken_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert break_title(title) == lines


@given(st.text(alphabet="关于党支部委员会工作情况的通报2026年10月《》，、", min_size=1, max_size=90))
def test_title_keeps_its_text_and_fits(title: str) -> None:
    lines = break_title(title)
    assert "".join(lines) == title
    assert all(0 < len(line) <= TITLE_LINE for line in lines)


@pytest.mark.parametrize("count", range(1, 41))
def test_masthead_fits_the_type_area(count: int) -> None:
    mast = fit_masthead("党" * count)
    assert mast.width * mast.stretch <= TYPE_AREA + 0.1
    assert 0.6 <= mast.stretch <= 1
    # the line is scaled about its middle, so its middle has to be that of the type area
    assert mast.shift + mast.width / 2 == pytest.approx(TYPE_AREA / 2, abs=0.02)


def _signing(issuer: str, sealed: bool) -> Signing:
    paper = Paper(
        kind=Kind.OFFICIAL,
        issuer=issuer,
        title="甲",
        blocks=(),
        issued_on=date(2026, 11, 5),
        sealed=sealed,
    )
    signing = compose(paper).signing
    assert signing is not None
    return signing


@pytest.mark.parametrize("issuer", ["机关党委", "中共青岚市消防救援支队委员会"])
def test_issuer_is_centred_on_the_date_which_ends_four_ems_from_the_edge(issuer: str) -> None:
    signing = _signing(issuer, sealed=True)
    middle = signing.issuer_gap + width(issuer) / 2
    assert signing.date_gap == 4
    assert middle == pytest.approx(signing.date_gap + width(signing.date) / 2)


def test_a_very_long_issuer_stays_inside_the_type_area() -> None:
    assert _signing("中" * 27, sealed=True).issuer_gap == 0


@pytest.mark.parametrize("issuer", ["党委", "机关党委办公室", "中共青岚市消防救援支队委员会"])
def test_without_a_stamp_the_date_starts_two_ems_right_of_the_issuer(issuer: str) -> None:
    signing = _signing(issuer, sealed=False)
    start = signing.issuer_gap + width(issuer)
    assert start - (signing.date_gap + width(signing.date)) == pytest.approx(2)
    assert min(signing.issuer_gap, signing.date_gap) >= 2


def test_no_date_no_signing() -> None:
    assert compose(Paper(kind=Kind.OFFICIAL, issuer="甲", title="乙", blocks=())).signing is None


def test_annexes_are_named_and_only_those_with_content_are_printed() -> None:
    both = (Annex("名单", (Paragraph("甲"),)), Annex("明细（另发）"))
    sheet = compose(Paper(kind=Kind.OFFICIAL, issuer="甲", title="乙", blocks=(), annexes=both))
    assert sheet.attachments == (("1.", "名单"), ("2.", "明细（另发）"))
    assert [annex.label for annex in sheet.annexes] == ["附件1"]
    single = compose(Paper(kind=Kind.OFFICIAL, issuer="甲", title="乙", blocks=(), annexes=both[:1]))
    assert single.attachments == (("", "名单"),)
    assert single.annexes[0].label == "附件"


def test_grouped_head_has_two_rows() -> None:
    table = Table((Column("单位"), Column("应办", group="会"), Column("按期", group="会"), Column("率")), ())
    upper, lower = table.head
    assert [(cell.title, cell.columns, cell.rows) for cell in upper] == [
        ("单位", 1, 2),
        ("会", 2, 1),
        ("率", 1, 2),
    ]
    assert [cell.title for cell in lower] == ["应办", "按期"]


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="row of 1 cells"):
        Table((Column("甲"), Column("乙")), (("1",),))


def test_halves_share_a_line() -> None:
    items = (
        Element("甲", "1", half=True),
        Element("乙", "2", half=True),
        Element("丙", "3", half=True),
        Element("丁", "4"),
    )
    assert [len(line) for line in Elements(items).lines] == [2, 1, 1]


def test_typed_text_becomes_paragraphs() -> None:
    assert paragraphs(" 甲 \r\n\n乙\n") == (Paragraph("甲"), Paragraph("乙"))


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert clean("甲\x00\x0b乙\n丙\ud800\uffff\t丁") == "甲乙\n丙\t丁"

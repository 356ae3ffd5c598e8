"""The decisions of the compositor, in plain Python, shared by the PDF and the .docx.

Clauses in brackets are of GB/T 9704-2012. Widths are in ems of the text (one Chinese character).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.papers.paper import Annex, Block, Heading, Paper, Trace, chinese_date

TYPE_AREA = 442.2
"""Width of the type area in points (156 mm)."""
TITLE_LINE = 19
"""Characters of 22 pt in one line of a title; 20 would touch both edges."""

_DIGITS = "零一二三四五六七八九"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Masthead:
    """The red text on one line: size and tracking in points, horizontal scale."""

    text: str
    size: float
    stretch: float
    tracking: float

    @property
    def width(self) -> float:
        """Width before scaling, in points."""
        return round(len(self.text) * (self.size + self.tracking), 2)

    @property
    def shift(self) -> float:
        """Left margin in points that centres the unscaled line in the type area."""
        return round((TYPE_AREA - self.width) / 2, 2)


@dataclass(frozen=True, slots=True)
class Signing:
    """Issuer and date below the text, each with its distance from the right edge in ems (7.3.5)."""

    issuer: str
    issuer_gap: float
    date: str
    date_gap: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper with everything decided that does not depend on the output format."""

    paper: Paper
    masthead: Masthead
    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    attachments: tuple[tuple[str, str], ...]
    annexes: tuple["AnnexSheet", ...]
    signing: Signing | None
    imprint: tuple[str, str, str] | None
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    """An annex that is printed: its label (附件1), the lines of its title, its blocks."""

    label: str
    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    landscape: bool


def compose(paper: Paper) -> Sheet:
    """All decisions about ``paper``, once, for both outputs."""
    printed = paper.printed_on or paper.issued_on
    imprint = (paper.copies, paper.printer, chinese_date(printed) if printed else "")
    return Sheet(
        paper=paper,
        masthead=fit_masthead(paper.masthead or f"{paper.issuer}文件"),
        title=break_title(paper.title),
        blocks=number_headings(paper.blocks),
        attachments=_attachments(paper.annexes),
        annexes=_annexes(paper.annexes),
        signing=_signing(paper),
        imprint=imprint if paper.copies or paper.printer else None,
        trace=paper.trace,
    )


def clean(text: str) -> str:
    """``text`` without control characters, which neither XML nor a font can show."""
    return _CONTROL.sub("", text)


def chinese_number(number: int) -> str:
    """1…99 in Chinese: 一, 十, 十一, 二十三."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return lead + (_DIGITS[ones] if ones or not tens else "")


def number_headings(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with a number before each heading: 一、 （一） 1. （1） (7.3.3)."""
    counts = [0, 0, 0, 0]
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and not block.marker:
            level = block.level - 1
            counts[level:] = [counts[level] + 1, *([0] * (3 - level))]
            numbered.append(replace(block, marker=_marker(block.level, counts[level])))
        else:
            numbered.append(block)
    return tuple(numbered)


def _marker(level: int, number: int) -> str:
    chinese = chinese_number(number)
    return (f"{chinese}、", f"（{chinese}）", f"{number}.", f"（{number}）")[level - 1]


def break_title(title: str, longest: int = TITLE_LINE) -> tuple[str, ...]:
    """The title in balanced lines of at most ``longest`` characters, broken between words (7.3.1).

    A line break given by the author wins. Otherwise each break is put near the even place, by
    preference before 关于 or after a word that closes a phrase, and never before punctuation.
    """
    if "\n" in title:
        return tuple(line.strip() for line in title.splitlines() if line.strip())
    count = -(-len(title) // longest)
    lines: list[str] = []
    rest = title
    for left in range(count, 1, -1):
        cut = _best_cut(rest, len(rest) / left, longest)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest)


def _best_cut(text: str, even: float, longest: int) -> int:
    """Where to cut ``text``: the cheapest place around ``even``, in characters from the start."""
    lowest = max(1, int(even) - 5)
    places = range(lowest, min(longest, len(text) - 1) + 1)
    return min(places, key=lambda cut: (abs(cut - even) + _cost(text, cut), cut))


_CLOSES = (
    "委员会",
    "支队",
    "大队",
    "总队",
    "党委",
    "支部",
    "年",
    "月",
    "月份",
    "季度",
    "的",
    "和",
    "》",
    "、",
)
_OPENS = ("关于", "《", "（", "开展", "印发", "党建", "工作", "情况", "执行", "落实")


def _cost(text: str, cut: int) -> float:
    """How bad a break at ``cut`` looks, in characters of unevenness."""
    before, after = text[:cut], text[cut:]
    if after.startswith("关于"):
        return -3
    if re.match("[、，。：；》）〉”’年月日的]", after) or re.search("[《（〈“‘]$", before):
        return 20
    if re.search("[0-9A-Za-z]$", before) and re.match("[0-9A-Za-z年月日]", after):
        return 20
    return 0 if before.endswith(_CLOSES) or after.startswith(_OPENS) else 3


def fit_masthead(text: str) -> Masthead:
    """The red text on one line: 48 pt, narrowed to 62 %, then smaller; short ones are spaced."""
    count = len(text)
    if count <= 7:
        spread = min(28.0, (340 - 48 * count) / count)
        return Masthead(text, 48, 1, round(max(spread, 0), 2))
    size = min(48.0, TYPE_AREA / (0.62 * count))
    return Masthead(text, round(size, 2), round(min(1.0, TYPE_AREA / (size * count)), 4), 0)


def width(text: str) -> float:
    """Width of ``text`` in ems: ASCII is half as wide as a Chinese character."""
    return sum(0.5 if character < "\u0080" else 1 for character in text)


def _signing(paper: Paper) -> Signing | None:
    """Issuer and date: centred on each other with a stamp, else the date two ems further right."""
    if paper.issued_on is None:
        return None
    day = chinese_date(paper.issued_on)
    excess = width(paper.issuer) - width(day)
    if paper.sealed:
        issuer_gap = max(4 - excess / 2, 0)
        return Signing(paper.issuer, issuer_gap, day, issuer_gap + excess / 2)
    # without a stamp the first character of the date stands two ems right of the issuer's
    issuer_gap = max(2.0, 4 - excess)
    return Signing(paper.issuer, issuer_gap, day, issuer_gap + excess - 2)


def _attachments(annexes: tuple[Annex, ...]) -> tuple[tuple[str, str], ...]:
    """The note 附件 below the text: (number, name) of each annex; a single one has none (7.3.4)."""
    if len(annexes) == 1:
        return (("", annexes[0].title),)
    return tuple((f"{place}.", annex.title) for place, annex in enumerate(annexes, 1))


def _annexes(annexes: tuple[Annex, ...]) -> tuple[AnnexSheet, ...]:
    """The annexes that are printed, labelled 附件 or 附件1, 附件2 … as in the note."""
    single = len(annexes) == 1
    return tuple(
        AnnexSheet(
            label="附件" if single else f"附件{place}",
            title=break_title(annex.title, 28 if annex.landscape else TITLE_LINE),
            blocks=number_headings(annex.blocks),
            landscape=annex.landscape,
        )
        for place, annex in enumerate(annexes, 1)
        if annex.blocks
    )

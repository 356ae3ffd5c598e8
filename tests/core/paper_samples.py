"""Papers for the tests: a bulletin with every element, long texts, minutes, a roster."""

from datetime import date
from random import Random

from core.papers import (
    Annex,
    Block,
    Column,
    Element,
    Elements,
    Figure,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Signature,
    Signatures,
    Table,
    Trace,
    paragraphs,
)

ISSUER = "中共青岚市消防救援支队委员会"
RARE = ("马镕堃", "刘喆", "赵𬭎", "陈㛃", "高瞭望", "啰旸旻昉彧惇", "䶮")
PUNCTUATION = "，。、；：？！“”‘’（）《》〔〕—…·"
TRACE = Trace("BL-2026-000312", "9f3a61c277d04b1ea8c503fe52d9b671", "http://127.0.0.1:8000/d/3b9c2a9e")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 60" role="img">'
    '<rect x="100" y="10" width="200" height="20" fill="#666"/>'
    '<text x="10" y="26" font-size="14">按期率</text></svg>'
)
_PHRASES = (
    "党支部按期召开支部委员会会议，研究当月重点工作；",
    "会议要求：逐项明确责任人、完成标准和时限。",
    "“三会一课”制度得到落实，主题党日内容充实！",
    "是否存在“以行政会代替党组织会”的问题？经核对未发现。",
    "（见《会议记录调阅情况》〔2026〕第8期）",
    "全体党员在备战打仗中发挥先锋模范作用——冲锋在前……",
    "镕堃、刘喆、𬭎瞭、㛃旸同志作了交流发言。",
    "10月份应办38项，按期率97.4%，滞后1项。",
    "‘学条令·强作风’活动持续推进，",
)


def long_text(characters: int, seed: int = 7) -> str:
    """Text of about ``characters`` with all punctuation, ending with a full stop."""
    random = Random(seed)
    text = ""
    while len(text) < characters:
        text += random.choice(_PHRASES)
    return text.rstrip("，；") + "。"


def long_paper(paragraphs_count: int = 42) -> Paper:
    """Some ten pages of headings and text."""
    blocks: list[Block] = []
    for number in range(paragraphs_count):
        if number % 7 == 0:
            blocks.append(Heading("总体落实情况"))
        if number % 3 == 0:
            blocks.append(Heading("组织生活平稳。", level=2, follow=long_text(90, number)))
        blocks.append(Paragraph(long_text(60 + 17 * (number % 5), number)))
    return Paper(
        kind=Kind.OFFICIAL,
        issuer=ISSUER,
        number="岚消党〔2026〕9号",
        title="关于组织生活的通报",
        blocks=tuple(blocks),
    )


def figures(rows: int = 6) -> Table:
    """A table with grouped head and total."""
    columns = (
        Column("单位", 2.4, "left"),
        Column("应办", group="三会一课"),
        Column("按期", group="三会一课"),
        Column("应办", group="主题党日"),
        Column("按期", group="主题党日"),
        Column("到会率", 1.3),
    )
    body = tuple(
        (f"第{row}大队党委", "12", "11", "4", "4", f"{99 - row % 9}.5%") for row in range(1, rows + 1)
    )
    return Table(
        columns,
        body,
        ("合计", "72", "66", "24", "24", "95.0%"),
        "表1　落实情况",
        "单位：次",
        "注：封账时数据。",
    )


def bulletin() -> Paper:
    """A monthly bulletin with every element that an official paper may have."""
    return Paper(
        kind=Kind.OFFICIAL,
        issuer=ISSUER,
        number="岚消党〔2026〕12号",
        copy_number="000012",
        secrecy="内部",
        urgency="特急",
        title="关于2026年10月全市消防救援队伍党建工作情况的通报",
        addressee="各大队党委，机关各党支部",
        blocks=(
            Paragraph(f"标点齐全：{PUNCTUATION}<link rel=attachment href=file:///etc/hostname>"),
            Heading("总体情况"),
            figures(),
            Figure(SVG, "图1　按期率", figures(2)),
            Heading("分项情况"),
            Heading("组织生活", level=2),
            Heading("支部委员会会议", level=3, follow="按月召开，"),
            Heading("党小组会", level=4, follow="由各小组自行安排。"),
            Paragraph(f"讲课人：{'、'.join(RARE)}。"),
        ),
        issued_on=date(2026, 11, 5),
        note="此件发至党支部",
        annexes=(
            Annex("滞后事项清单", (figures(30),), landscape=True),
            Annex("组织生活明细（电子表格另发）"),
        ),
        copies="省消防救援总队党委，市直机关工委，支队党委委员",
        printer="青岚市消防救援支队政治部",
        trace=TRACE,
    )


def minutes() -> Paper:
    """The minutes of a small meeting."""
    return Paper(
        kind=Kind.RECORD,
        issuer="中共青岚市消防救援支队特勤大队一站支部委员会",
        number="特一支委〔2026〕10号",
        title="支部委员会会议记录",
        blocks=(
            Elements(
                (
                    Element("时间", "2026年10月12日　19:00—20:10"),
                    Element("主持人", "周启明", half=True),
                    Element("记录人", "陈㛃", half=True),
                    Element("缺席", "赵𬭎（出警）"),
                )
            ),
            Heading("讨论情况"),
            *paragraphs("周启明：逐条对照。\n\n  刘喆：同意。\x0b\n"),
            Signatures(
                (
                    Signature("主持人", "周启明"),
                    Signature("记录人", "陈㛃", date(2026, 10, 12)),
                    Signature("监督人"),
                )
            ),
        ),
        issued_on=date(2026, 10, 12),
        trace=TRACE,
    )


def roster(people: int) -> Paper:
    """A list of people on landscape pages."""
    columns = (
        Column("序号", 0.7),
        Column("姓名"),
        Column("党小组"),
        Column("入党时间"),
        Column("备注", 2, "left"),
    )
    rows = tuple((f"R{number:04}", "马镕堃", "第一小组", "2015.07", "") for number in range(1, people + 1))
    return Paper(
        kind=Kind.ROSTER,
        issuer=ISSUER,
        title="党员名册",
        subtitle="截至2026年11月5日",
        blocks=(Table(columns, rows),),
    )

"""The same paper as .docx, for an office that has to go on working on the text.

The measures that give 22 lines of 28 characters in Word differ from those of the PDF: 三号 is 16 pt
there, so the characters are set 0.2 pt closer, and the pitch is 28.95 pt.
"""

from typing import assert_never

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from core.papers import wordparts as word
from core.papers.compose import AnnexSheet, Sheet, compose
from core.papers.paper import (
    Block,
    Elements,
    Figure,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from core.papers.wordpage import add_footers, blank_document, turn
from core.papers.wordtables import LOOKS, Look, add_elements, add_imprint, add_signatures, add_table

_ROLES = {1: "heiti", 2: "kaiti", 3: "", 4: ""}


def paper_docx(paper: Paper) -> bytes:
    """``paper`` as .docx: the content of :func:`core.papers.paper_pdf`, same bytes each time."""
    writer = _Writer(compose(paper))
    writer.head()
    writer.blocks(writer.sheet.blocks)
    writer.closing()
    for annex in writer.sheet.annexes:
        writer.annex(annex)
    writer.foot()
    return word.packed(writer.document)


class _Writer:
    """Writes one sheet into one document, from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.paper = sheet, sheet.paper
        self.look: Look = LOOKS[self.paper.kind]
        self.document = blank_document(self.paper, self.look)
        add_footers(self.document, sheet)

    def line(
        self, text: str = "", role: str = "", align: ALIGN = ALIGN.JUSTIFY, **indents: float
    ) -> WordParagraph:
        """A paragraph of the body's size and pitch; ``indents`` in characters."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        word.indent(paragraph, self.look.size, **indents)
        if text:
            word.say(paragraph, text, role)
        return paragraph

    def head(self) -> None:
        """Everything above the text."""
        if self.paper.kind == Kind.OFFICIAL:
            self._red_head()
        elif self.paper.kind == Kind.RECORD:
            head = self.line(align=ALIGN.LEFT)
            head.paragraph_format.tab_stops.add_tab_stop(Mm(self.look.width), WD_TAB_ALIGNMENT.RIGHT)
            word.say(head, f"{self.paper.issuer}\t{self.paper.number}", "kaiti", 12)
            word.rule(head, "bottom", 1, 3, "B5121B")
        self._title(self.sheet.title)
        if self.paper.kind == Kind.ROSTER:
            head = self.line(align=ALIGN.LEFT)
            head.paragraph_format.tab_stops.add_tab_stop(Mm(self.look.width), WD_TAB_ALIGNMENT.RIGHT)
            word.say(head, f"{self.paper.issuer}\t{self.paper.subtitle}", "kaiti")
        elif self.paper.subtitle:
            self.line(self.paper.subtitle, "kaiti", ALIGN.CENTER)
        if self.paper.addressee:
            self.line(f"{self.paper.addressee}：")

    def _red_head(self) -> None:
        mast, paper = self.sheet.masthead, self.paper
        marks = [(paper.copy_number, ""), (paper.secrecy, "heiti"), (paper.urgency, "heiti")]
        given = [(text, role) for text, role in marks if text]
        for text, role in given:
            self.line(text, role, ALIGN.LEFT)
        red = self.line(align=ALIGN.CENTER)
        # 35 mm from the top of the type area to the characters, less what the marks have used
        word.lines(red, 60, before=99.2 - 6 - self.look.pitch * len(given))
        run = word.say(red, mast.text, "biaosong", mast.size, bold=True)
        run.font.color.rgb = word.RED
        word.stretch(run, mast.stretch, mast.tracking)
        number = self.line(align=ALIGN.LEFT if paper.signer else ALIGN.CENTER)
        word.lines(number, self.look.pitch, before=2 * self.look.pitch - 12)
        if paper.signer:
            word.indent(number, self.look.size, left=1, right=1)
            number.paragraph_format.tab_stops.add_tab_stop(Mm(self.look.width - 6), WD_TAB_ALIGNMENT.RIGHT)
        word.say(number, paper.number + ("\t签发人：" if paper.signer else ""))
        word.say(number, paper.signer, "kaiti")
        word.rule(number, "bottom", 2.25, 5, "E60012")
        word.lines(self.line(), self.look.pitch)
        word.lines(self.line(), self.look.pitch)

    def _title(self, title: tuple[str, ...]) -> None:
        paragraph = self.line(align=ALIGN.CENTER)
        before = 18 if self.paper.kind == Kind.RECORD else 0
        word.lines(
            paragraph,
            37 if len(title) > 1 else 30,
            before=before,
            after=self.look.pitch * self.look.after_title,
        )
        paragraph.paragraph_format.keep_with_next = True
        word.outline(paragraph, 1)
        run = word.say(paragraph, title[0], "biaosong", 22, bold=True)
        for text in title[1:]:
            run.add_break(WD_BREAK.LINE)
            run.add_text(text)

    def blocks(self, blocks: tuple[Block, ...]) -> None:
        """The text."""
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self.line(block.text, first=2 if block.indent else 0)
            case Table():
                add_table(self.document, block, self.look)
            case Elements():
                add_elements(self.document, block, self.look)
            case Figure():
                self.line(block.caption, "biaosong", ALIGN.CENTER)
                add_table(self.document, block.table, self.look)
            case Signatures():
                add_signatures(self.document, block, self.look)
            case _:
                assert_never(block)

    def _heading(self, heading: Heading) -> None:
        paragraph = self.line(heading.marker + heading.text, _ROLES[heading.level], first=2)
        if heading.follow:
            word.say(paragraph, heading.follow)
        else:
            paragraph.paragraph_format.keep_with_next = True
            word.outline(paragraph, heading.level + 1)

    def closing(self) -> None:
        """Names of the annexes, issuer and date, note."""
        if self.paper.kind == Kind.OFFICIAL:
            self._attachments()
            self._signing()
        if self.paper.note:
            self.line(f"（{self.paper.note}）", first=2)

    def _attachments(self) -> None:
        for place, (number, name) in enumerate(self.sheet.attachments):
            label = "附件：" if place == 0 else ""
            hang = len(label) + (1 if number else 0)
            paragraph = self.line(
                f"{label}{number}{name}", align=ALIGN.LEFT, left=5 + bool(number), first=-hang
            )
            if place == 0:
                word.lines(paragraph, self.look.pitch, before=self.look.pitch)

    def _signing(self) -> None:
        signing = self.sheet.signing
        if signing is None:
            return
        issuer = self.line(signing.issuer, align=ALIGN.RIGHT, right=signing.issuer_gap)
        word.lines(issuer, self.look.pitch, before=2 * self.look.pitch)
        issuer.paragraph_format.keep_with_next = True
        self.line(signing.date, align=ALIGN.RIGHT, right=signing.date_gap)

    def annex(self, annex: AnnexSheet) -> None:
        """An annex on pages of its own, turned if it is wide."""
        turned = self.document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
        if turned != (annex.landscape or self.look.landscape):
            turn(self.document.add_section(WD_SECTION.NEW_PAGE))
            self.line(annex.label, "heiti", ALIGN.LEFT)
        else:
            label = self.line(annex.label, "heiti", ALIGN.LEFT)
            label.paragraph_format.page_break_before = True
        self._title(annex.title)
        self.blocks(annex.blocks)

    def foot(self) -> None:
        """Copies, printing, and how the paper can be checked."""
        if self.paper.kind != Kind.OFFICIAL:
            return
        if self.sheet.trace:
            self.line(
                f"文件编号　{self.sheet.trace.number}　内容摘要　{self.sheet.trace.digest}",
                align=ALIGN.CENTER,
            )
            for run in self.document.paragraphs[-1].runs:
                run.font.size = Pt(8)
        if self.sheet.imprint:
            add_imprint(self.document, self.sheet.imprint)

"""The papers of this room: the bulletin (通报) in official layout."""

from __future__ import annotations

from typing import Any

from core.papers import Column, Heading, Kind, Paper, Paragraph, Table, paragraphs
from core.papers.paper import Block
from reports.models import Bulletin


def bulletin_paper(bulletin: Bulletin) -> Paper:
    """The whole bulletin as one value, printed as PDF and as .docx."""
    blocks: list[Block] = []
    for section in bulletin.sections:
        blocks += _blocks(section)
    committee = bulletin.organization.name
    return Paper(
        kind=Kind.OFFICIAL,
        issuer=committee,
        masthead=f"{committee}文件",
        title=bulletin.title,
        number=bulletin.number,
        addressee=bulletin.addressee,
        blocks=tuple(blocks),
        issued_on=bulletin.issued_on,
        note="" if bulletin.version == 1 else f"本版为第{bulletin.version}版，更正原因：{bulletin.reason}",
        copies="本级党委委员，政治部门，存档",
        printer=f"{committee}政治部门",
        printed_on=bulletin.issued_on,
    )


def _blocks(section: dict[str, Any]) -> list[Block]:
    """Heading, locked facts, table, wording; a section with nothing to say is left out."""
    facts = [Paragraph(text) for text in section["facts"]]
    worded = list(paragraphs(section["wording"]))
    table = [_table(section["table"])] if section["table"] else []
    if not (facts or worded or table):
        return []
    return [Heading(section["heading"], 1), *facts, *table, *worded]


def _table(data: dict[str, Any]) -> Table:
    columns = tuple(
        Column(title, 2.4 if place == 0 else 1, "left" if place == 0 else "center")
        for place, title in enumerate(data["columns"])
    )
    return Table(
        columns=columns,
        rows=tuple(tuple(row) for row in data["rows"]),
        total=tuple(data["total"]),
    )


def file_name(bulletin: Bulletin, suffix: str) -> str:
    """``某支队党委2026年10月月度通报（第1版）.pdf``."""
    tail = "" if bulletin.version == 1 else f"（第{bulletin.version}版）"
    return f"{bulletin.title}{tail}.{suffix}"

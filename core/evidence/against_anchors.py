"""The database against the anchors: tails that were cut off, chains that are gone, a database put back."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from core import clock
from core.evidence.anchors import Fold, Line, files, line_digest, lines
from core.evidence.faults import Fault
from core.models import AuditSeal, ChainEntry

TOGETHER = 500
"""Anchors that are compared together."""


def anchored(*, copies: bool = True) -> Iterator[Fault]:
    """What the anchors tell of seals and chains that the database does not hold (any more)."""
    main, *others = files()
    last = yield from _file(main)
    yield from _stopped(last)
    for copy in others if copies else ():
        second = yield from _file(copy)
        if second.digest != last.digest:
            yield Fault(f"anchor:{second.number}", f"锚点副本 {copy.name} 的最后一行与锚点文件不同")


def _file(path: Path) -> Generator[Fault, None, Fold]:
    """One file, line after line; returns all of it folded together."""
    known, broken = Fold(), set[int]()
    rows = lines(path)
    while block := list(islice(rows, TOGETHER)):
        for line in block:
            yield from _line(line, known)
        yield from _seals(block)
        yield from _links(block, broken)
    return known


def _line(line: Line, known: Fold) -> Iterator[Fault]:
    """One anchor behind those before it; a copy may begin later than the file."""
    name = f"anchor:{line['line']}"
    if known.number and (line["previous"], line["line"]) != (known.digest, known.number + 1):
        yield Fault(name, "锚点与上一行不相接：中间有锚点被删去或改动")
    if line["digest"] != line_digest(line):
        yield Fault(name, "锚点被改动")
    known.take(line)


def _seals(block: list[Line]) -> Iterator[Fault]:
    """Batches that were anchored and are gone or different; of a database put back the first says so."""
    told = {line["seal"][0]: (line["seal"][1], line["at"]) for line in block if line["seal"]}
    held = dict(AuditSeal.objects.filter(number__in=told).values_list("number", "digest"))
    for number, (inner, at) in told.items():
        name, when = f"core.auditseal:{number}", _day(at)
        if number not in held:
            yield Fault(
                name, f"锚点（{when}）记有第 {number} 批，库中没有：末尾被截去，或者数据库被退回到此前"
            )
            return
        if held[number] != inner:
            yield Fault(name, f"与锚点（{when}）记的第 {number} 批不同：封存批次被重做")


def _links(block: list[Line], broken: set[int]) -> Iterator[Fault]:
    """Links that were anchored and are gone or different; the first of each chain."""
    told = [(*link, line["at"]) for line in block for link in line["links"]]
    held: dict[str, tuple[int, int, str]] = {}
    for start in range(0, len(told), TOGETHER):
        rows = ChainEntry.objects.filter(subject__in=[link[3] for link in told[start : start + TOGETHER]])
        for row in rows.only("subject", "organization_id", "number", "digest"):
            held[row.subject] = row.organization_id, row.number, row.digest
    for key, number, inner, subject, at in told:
        if key in broken or held.get(subject) == (key, number, inner):
            continue
        broken.add(key)
        yield Fault(subject, _words(key, number, subject in held, at), key, number)


def _words(organization_id: int, number: int, held: bool, at: str) -> str:
    """What is wrong with a link that an anchor of the moment ``at`` tells of."""
    told = f"锚点（{_day(at)}）记有第 {number} 环"
    if held:
        return f"{told}，与库中的不同：存证链被重做"
    if not ChainEntry.objects.filter(organization_id=organization_id).exists():
        return f"{told}，库中整条存证链都不存在"
    return f"{told}，库中没有：末尾被截去，或者数据库被退回到此前"


def _stopped(last: Fold) -> Iterator[Fault]:
    """Batches for which there should long be an anchor: the file was cut, put back or is not written."""
    since = clock.now() - timedelta(seconds=settings.AUDIT_LATE_SECONDS)
    newer = AuditSeal.objects.filter(number__gt=last.seal, at__lt=since).order_by("number").first()
    if newer is not None:
        words = f"锚点只到第 {last.seal} 批，第 {newer.number} 批没有锚点：锚点文件被截去、换掉或停止写入"
        yield Fault(f"anchor:{last.number}", words)


def _day(at: str) -> str:
    """An ISO moment as people read it."""
    return f"{datetime.fromisoformat(at).astimezone(clock.now().tzinfo):%Y-%m-%d %H:%M}"

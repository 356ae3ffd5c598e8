"""The database against its own evidence: chains, audit entries and their seals, triggers; then the anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection

from core import audit, chain
from core.evidence import against_anchors, seals
from core.evidence.digests import SIZE, START, leaf, root
from core.evidence.entries import CONTENT, digest_of
from core.evidence.faults import Fault, told
from core.models import AuditEntry, AuditSeal, ChainEntry

if TYPE_CHECKING:
    from core.actor import Actor

CHECKED = "核对存证"
"""Verb of the entry that :func:`check` leaves."""
JOB = "core.verify"
"""The kind of the durable job that checks on demand."""
AT_MOST = 20
"""Faults of one area that are named; the first is what counts."""
TOGETHER = 5000
"""Entries that are read together."""
Walked = Callable[[int], None]
GUARDED = tuple(model._meta.db_table for model in (AuditEntry, AuditSeal, ChainEntry))
REFUSED = {"postgresql": ("update", "delete", "truncate"), "sqlite": ("update", "delete", "replace")}
TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


@dataclass
class Report:
    """What was checked and what does not hold."""

    links: int = 0
    entries: int = 0
    batches: int = 0
    faults: list[Fault] = field(default_factory=list)


def check(by: Actor, walked: Walked = lambda count: None) -> Report:
    """Check everything and leave an entry of how it stood, for the audit administrator's console."""
    report = everything(walked)
    note(by, report)
    return report


def note(by: Actor, report: Report) -> None:
    """Leave the entry."""
    after: dict[str, object] = {
        "环数": report.links,
        "操作记录": report.entries,
        "批次": report.batches,
        "不符": len(report.faults),
    }
    if report.faults:
        lines = told(report.faults)
        after |= {"首处": lines[0], "明细": lines}
    audit.record(by, CHECKED, "core.chainentry:all", after=after)


def words(report: Report) -> str:
    """How it stands, in a sentence."""
    size = f"{report.links} 环存证链、{report.entries} 条操作记录（{report.batches} 批）"
    return f"发现 {len(report.faults)} 处不符，共 {size}" if report.faults else f"完整，共 {size}"


def everything(walked: Walked = lambda count: None, *, copies: bool = True) -> Report:
    """Chains, entries, triggers, anchors (and their copies); of each the first faults by name."""
    anchored = against_anchors.anchored(copies=copies)
    areas = (chain.verify_all(walked), sealed(walked), guards(), anchored)
    report = Report(*total())
    report.faults = [fault for area in areas for fault in islice(area, AT_MOST)]
    return report


def total() -> tuple[int, int, int]:
    """How many links, audit entries and batches there are."""
    return ChainEntry.objects.count(), AuditEntry.objects.count(), AuditSeal.objects.count()


def guards() -> Iterator[Fault]:
    """Triggers that are missing or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    for table in GUARDED:
        missing = [act for act in REFUSED[connection.vendor] if f"{table}_no_{act}" not in present]
        if missing:
            yield Fault(table, f"防改触发器缺失或停用（{'、'.join(missing)}）")


def sealed(walked: Walked = lambda count: None) -> Iterator[Fault]:
    """Every batch, every entry that a batch holds, then the entries that none holds."""
    known: seals.Ranges = []
    for group in _groups(_batches(known)):
        yield from _group(group)
        walked(_held_by(group))
    yield from _unsealed(seals.merged(known))


Judged = tuple[AuditSeal, Fault | None]


def _batches(known: seals.Ranges) -> Iterator[Judged]:
    """Every batch in order, and what is wrong with it; ``known`` gets its ranges."""
    previous, expected = START, 1
    for batch in AuditSeal.objects.order_by("number").iterator(200):
        known.extend(batch.ranges if _is_ranges(batch.ranges) else [])
        yield batch, _judge(batch, previous, expected)
        previous, expected = batch.digest, batch.number + 1


def _judge(batch: AuditSeal, previous: str, expected: int) -> Fault | None:
    if batch.number != expected:
        return Fault(f"core.auditseal:{expected}", f"缺少第 {expected} 批")
    reason = _reason(batch, previous)
    return Fault(f"core.auditseal:{batch.number}", reason) if reason else None


def _reason(batch: AuditSeal, previous: str) -> str:
    if batch.previous != previous:
        return "与上一批不相接"
    if not _is_ranges(batch.ranges) or batch.digest != seals.seal_digest(batch):
        return "本批摘要不符"
    leaves = [bytes(batch.leaves)[at : at + SIZE] for at in range(0, len(batch.leaves), SIZE)]
    if len(leaves) != seals.size(batch.ranges) or root(leaves) != batch.root:
        return "各条摘要与根摘要不符"
    return "" if batch.last == batch.ranges[-1][1] else "最大编号与记录编号不符"


def _is_ranges(value: object) -> bool:
    """Whether a column that anybody may have written into holds pairs of numbers."""
    return isinstance(value, list) and all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(number, int) for number in each)
        for each in value or [None]
    )


def _groups(batches: Iterator[Judged]) -> Iterator[list[Judged]]:
    """Batches that together hold about ``TOGETHER`` entries."""
    group: list[Judged] = []
    for judged in batches:
        group.append(judged)
        if _held_by(group) >= TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _held_by(group: list[Judged]) -> int:
    return sum(len(batch.leaves) for batch, _ in group) // SIZE


def _group(group: list[Judged]) -> Iterator[Fault]:
    """The batches of a group that do not hold, and the entries of those that do."""
    expected: dict[int, bytes] = {}
    for batch, fault in group:
        if fault is None:
            expected |= _leaves(batch)
        else:
            yield fault
    yield from _held(expected)


def _leaves(batch: AuditSeal) -> dict[int, bytes]:
    """The leaf of each entry of a batch by its number."""
    numbers = (number for first, last in batch.ranges for number in range(first, last + 1))
    blob = bytes(batch.leaves)
    return {number: blob[at * SIZE : (at + 1) * SIZE] for at, number in enumerate(numbers)}


def _held(expected: dict[int, bytes]) -> Iterator[Fault]:
    """Entries that are gone, or not as they were sealed."""
    if not expected:
        return
    rows = AuditEntry.objects.filter(pk__gte=min(expected), pk__lte=max(expected)).order_by("pk")
    for pk, inner, *values in rows.values_list("pk", "digest", *CONTENT).iterator(2000):
        kept = expected.pop(pk, None)
        if kept is None:
            continue
        if inner != digest_of(values):
            yield _entry(pk, "内容与摘要不符")
        elif leaf(pk, inner) != kept:
            yield _entry(pk, "内容与封存时不一致")
    for pk in sorted(expected):
        yield _entry(pk, "已封存的操作记录被删除")


def _unsealed(known: seals.Ranges) -> Iterator[Fault]:
    """Entries in no batch: those that wait must agree with their digests, the others came past the portal."""
    low = seals.floor()
    rows = AuditEntry.objects.order_by("pk").values_list("pk", "digest").iterator(5000)
    waiting = []
    for pk, _ in seals.outside(rows, known):
        if pk <= low:
            yield _entry(pk, "不在任何封存批次中：封存之后插入的操作记录")
        else:
            waiting.append(pk)
    for start in range(0, len(waiting), chain.CHUNK):
        chunk = AuditEntry.objects.filter(pk__in=waiting[start : start + chain.CHUNK]).order_by("pk")
        for pk, inner, *values in chunk.values_list("pk", "digest", *CONTENT):
            if inner != digest_of(values):
                yield _entry(pk, "内容与摘要不符")


def _entry(pk: int, reason: str) -> Fault:
    return Fault(f"core.auditentry:{pk}", reason)

"""One hash chain an organisation: filed content cannot change without being noticed.

A link holds the digest of the record's content and of the link before. ``verify`` rebuilds the
content from the live rows through the builder that the record's room registered, and compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import transaction

from core import clock
from core.evidence.digests import START, canonical, digest
from core.evidence.faults import Fault
from core.models import ChainEntry
from core.numbers import lock_series

FORM = 2
"""The form of new links. Form 1 left out when the link was made, and places and files of parts."""
CHUNK = 500
"""Links whose contents are read together."""
LONGEST = 19
"""Digits that no id reaches."""
Builder = Callable[[Sequence[int], int], dict[int, dict[str, Any]]]
Register = Callable[[], Iterable[int]]
_builders: dict[str, Builder] = {}
_registers: dict[str, Register] = {}


def content(kind: str) -> Callable[[Builder], Builder]:
    """Register the builder of canonical content for records named ``kind`` (``meetings.meeting``).

    It gets ids and a form, and answers the content of each as read from the live rows; what is gone is left out.
    """

    def keep(builder: Builder) -> Builder:
        _builders[kind] = builder
        return builder

    return keep


def register(kind: str) -> Callable[[Register], Register]:
    """Register what lists the ids of all records of ``kind`` that must be in a chain."""

    def keep(function: Register) -> Register:
        _registers[kind] = function
        return function

    return keep


def link_digest(entry: ChainEntry) -> str:
    """The digest of one link: of the link before, its number, the record's name and content.

    From form 2 on also of whose link it is and when it was made.
    """
    parts: list[Any] = [entry.previous, entry.number, entry.subject, entry.content_digest]
    if entry.form > 1:
        parts += [entry.organization_id, entry.at.astimezone(UTC), entry.form]
    return digest(canonical(parts))


def append(organization_id: int, subject: str, body: dict[str, Any]) -> ChainEntry:
    """Add the record ``subject`` to the chain of its organisation; call inside the filing transaction."""
    with transaction.atomic(savepoint=False):
        number = lock_series(f"chain:{organization_id}")
        last = ChainEntry.objects.filter(organization_id=organization_id).order_by("-number").first()
        entry = link(organization_id, number, last.digest if last else START, subject, body, clock.now())
        entry.save()
        return entry


def link(
    organization_id: int, number: int, previous: str, subject: str, body: dict[str, Any], at: datetime
) -> ChainEntry:
    """The link of a record behind the link with the digest ``previous``, not saved."""
    entry = ChainEntry(
        organization_id=organization_id,
        number=number,
        subject=subject,
        content_digest=digest(canonical(body)),
        previous=previous,
        at=at,
        form=FORM,
    )
    entry.digest = link_digest(entry)
    return entry


def verify(organization_id: int) -> Fault | None:
    """Check one chain from its first link; the first fault, or None when it holds."""
    rows = ChainEntry.objects.filter(organization_id=organization_id).order_by("number")
    return next(_faults(rows.iterator()), None)


def verify_all(walked: Callable[[int], None] = lambda count: None) -> Iterator[Fault]:
    """The first fault of every chain that does not hold, then the records that stand in none.

    ``walked`` is told after each chunk how many links it had.
    """
    chained: dict[str, set[int]] = defaultdict(set)
    yield from _faults(_noted(chained, walked))
    for kind, listed in _registers.items():
        for key in listed():
            if key not in chained[kind]:
                yield Fault(f"{kind}:{key}", "没有存证：归档记录不在任何存证链中")


def _noted(chained: dict[str, set[int]], walked: Callable[[int], None]) -> Iterator[ChainEntry]:
    """All links in order; which record each is for is noted on the way."""
    for place, entry in enumerate(ChainEntry.objects.order_by("organization_id", "number").iterator(), 1):
        kind, key = _record(entry)
        if key is not None:
            chained[kind].add(key)
        yield entry
        if place % CHUNK == 0:
            walked(CHUNK)


def _faults(entries: Iterator[ChainEntry]) -> Iterator[Fault]:
    """The first fault of each chain, of links that come chain by chain."""
    owner, broken, previous, expected = 0, False, START, 1
    while chunk := list(islice(entries, CHUNK)):
        bodies = _contents(chunk)
        for entry in chunk:
            if entry.organization_id != owner:
                owner, broken, previous, expected = entry.organization_id, False, START, 1
            if broken:
                continue
            fault = _fault(entry, previous, expected, bodies)
            if fault is not None:
                broken = True
                yield fault
            previous, expected = entry.digest, expected + 1


def _record(entry: ChainEntry) -> tuple[str, int | None]:
    """Kind and id of the record of a link; anybody may have written anything there."""
    kind, _, key = entry.subject.partition(":")
    return kind, int(key) if key.isdecimal() and len(key) < LONGEST else None


def _contents(chunk: list[ChainEntry]) -> dict[str, str]:
    """The digest of the content of each record as it now is, by name; read kind by kind, not link by link."""
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    for entry in chunk:
        kind, key = _record(entry)
        if kind in _builders and key is not None:
            wanted[kind, entry.form].append(key)
    return {
        f"{kind}:{key}": digest(canonical(body))
        for (kind, form), keys in wanted.items()
        for key, body in _builders[kind](keys, form).items()
    }


def _fault(entry: ChainEntry, previous: str, expected: int, bodies: dict[str, str]) -> Fault | None:
    owner = entry.organization_id
    if entry.number != expected:
        return Fault(f"core.chainentry:{owner}#{expected}", f"缺少第 {expected} 环", owner, expected)
    reason = _reason(entry, previous, bodies)
    return Fault(entry.subject, reason, owner, entry.number) if reason else None


def _reason(entry: ChainEntry, previous: str, bodies: dict[str, str]) -> str:
    if entry.previous != previous:
        return "与上一环不相接"
    if entry.digest != link_digest(entry):
        return "本环摘要不符"
    if entry.subject not in bodies:
        return "所存证的记录已不存在"
    return "" if bodies[entry.subject] == entry.content_digest else "记录内容与归档时不一致"

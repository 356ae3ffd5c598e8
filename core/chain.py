"""One hash chain an organisation: filed content cannot change without being noticed.

A link holds the digest of the record's content and of the link before. ``verify`` rebuilds the
content from the live rows through the builder that the record's room registered, and compares.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import audit, clock
from core.models import ChainEntry
from core.numbers import lock_series

if TYPE_CHECKING:
    from core.actor import Actor

START = "0" * 64
CHECKED = "核对存证链"
"""Verb of the entry that :func:`check` leaves."""
Builder = Callable[[int], dict[str, Any] | None]
_builders: dict[str, Builder] = {}


def content(kind: str) -> Callable[[Builder], Builder]:
    """Register the builder of canonical content for records named ``kind`` (``meetings.meeting``).

    The builder gets the id and returns the content read from the live rows, or None when the record is gone.
    """

    def keep(builder: Builder) -> Builder:
        _builders[kind] = builder
        return builder

    return keep


def digest(data: bytes) -> str:
    """SM3 of ``data`` in hex (64 characters)."""
    return hashlib.new("sm3", data).hexdigest()


def canonical(value: Any) -> bytes:
    """The one byte form of a value: sorted keys, NFC text, ISO dates, decimals as text."""
    return json.dumps(_normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _normal(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {str(key): _normal(item) for key, item in value.items()}
        case list() | tuple():
            return [_normal(item) for item in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def link_digest(previous: str, number: int, subject: str, content_digest: str) -> str:
    """The digest of one link: of the link before, its number, the record's name and content."""
    return digest(canonical([previous, number, subject, content_digest]))


def append(organization_id: int, subject: str, body: dict[str, Any]) -> ChainEntry:
    """Add the record ``subject`` to the chain of its organisation; call inside the filing transaction."""
    with transaction.atomic(savepoint=False):
        number = lock_series(f"chain:{organization_id}")
        last = ChainEntry.objects.filter(organization_id=organization_id).order_by("-number").first()
        previous = last.digest if last else START
        inner = digest(canonical(body))
        return ChainEntry.objects.create(
            organization_id=organization_id,
            number=number,
            subject=subject,
            content_digest=inner,
            previous=previous,
            digest=link_digest(previous, number, subject, inner),
            at=clock.now(),
        )


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold; ``reason`` is a Chinese sentence."""

    entry: ChainEntry
    reason: str


def verify(organization_id: int) -> Break | None:
    """Check one chain from its first link; the first break, or None when it holds."""
    previous, expected = START, 1
    for entry in ChainEntry.objects.filter(organization_id=organization_id).order_by("number"):
        reason = _fault(entry, previous, expected)
        if reason:
            return Break(entry, reason)
        previous, expected = entry.digest, expected + 1
    return None


def _fault(entry: ChainEntry, previous: str, expected: int) -> str:
    if entry.number != expected:
        return f"缺少第 {expected} 环"
    if entry.previous != previous:
        return "与上一环不相接"
    if entry.digest != link_digest(previous, entry.number, entry.subject, entry.content_digest):
        return "本环摘要不符"
    kind, _, key = entry.subject.partition(":")
    body = _builders[kind](int(key)) if kind in _builders else None
    if body is None:
        return "所存证的记录已不存在"
    if digest(canonical(body)) != entry.content_digest:
        return "记录内容与归档时不一致"
    return ""


def check(by: Actor) -> list[Break]:
    """Check all chains and leave an entry of how they stood, for the audit administrator's home."""
    found = list(verify_all())
    after: dict[str, Any] = {"环数": ChainEntry.objects.count(), "不符": len(found)}
    if found:
        after["首处"] = f"{found[0].entry.subject} {found[0].reason}"
    audit.record(by, CHECKED, "core.chainentry:all", after=after)
    return found


def verify_all() -> Iterator[Break]:
    """The first break of every chain that does not hold."""
    ids = ChainEntry.objects.order_by().values_list("organization_id", flat=True).distinct()
    for organization_id in ids:
        found = verify(organization_id)
        if found is not None:
            yield found

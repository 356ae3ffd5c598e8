"""Sealing: audit entries go in batches under a Merkle root, each batch chained to the one before.

No user waits for it: an entry is added with its own digest, a task seals what has come since. Numbers
are given before a transaction is committed, so an entry may come to light after later ones were
sealed; it is sealed as long as it is not older than ``settings.AUDIT_LATE_SECONDS``. What turns up
below that was put there by no action of the portal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from core import clock
from core.evidence.digests import START, canonical, digest, leaf, root
from core.models import AuditEntry, AuditSeal
from core.numbers import lock_series

Ranges = list[list[int]]
SERIES = "audit:seal"
BEYOND = 1 << 63
"""Greater than any number of a row."""


def seal_all() -> int:
    """Seal everything that waits, in batches of at most ``settings.AUDIT_SEAL_BATCH``; how many entries."""
    sealed = 0
    while count := seal():
        sealed += count
    return sealed


@transaction.atomic
def seal() -> int:
    """Add one batch of what is not sealed; answers its size, 0 when there is nothing."""
    lock_series(SERIES)
    rows = list(islice(waiting(), settings.AUDIT_SEAL_BATCH))
    if not rows:
        return 0
    before = AuditSeal.objects.order_by("-number").first()
    leaves = [leaf(pk, inner) for pk, inner in rows]
    batch = AuditSeal(
        number=before.number + 1 if before else 1,
        at=clock.now(),
        ranges=ranges(pk for pk, _ in rows),
        last=rows[-1][0],
        leaves=b"".join(leaves),
        root=root(leaves),
        previous=before.digest if before else START,
    )
    batch.digest = seal_digest(batch)
    batch.save()
    return len(rows)


def seal_digest(batch: AuditSeal) -> str:
    """What the next batch is chained to: the batch before, number, time, which entries, their root."""
    at = batch.at.astimezone(UTC).isoformat()
    return digest(canonical([batch.previous, batch.number, at, batch.ranges, batch.root]))


def waiting() -> Iterator[tuple[int, str]]:
    """Number and digest of the entries that no batch holds yet, in order; those too late are left out."""
    low, high = floor(), AuditSeal.objects.aggregate(last=Max("last"))["last"] or 0
    rows = AuditEntry.objects.order_by("pk").values_list("pk", "digest")
    yield from _late(low, high)
    yield from rows.filter(pk__gt=high).iterator()


def _late(low: int, high: int) -> Iterator[tuple[int, str]]:
    """Those below the greatest sealed number: of transactions that took longer than a later one."""
    recent = AuditSeal.objects.filter(last__gt=low).values_list("ranges", flat=True)
    known = merged([max(first, low + 1), last] for each in recent for first, last in each if last > low)
    rows = AuditEntry.objects.filter(pk__gt=low, pk__lte=high)
    if rows.count() != size(known):
        within = rows.order_by("pk").values_list("pk", "digest").iterator()
        yield from outside(within, known)


def floor() -> int:
    """The number up to which everything has been sealed or comes too late."""
    since = clock.now() - timedelta(seconds=settings.AUDIT_LATE_SECONDS)
    return AuditSeal.objects.filter(at__lt=since).aggregate(last=Max("last"))["last"] or 0


def ranges(numbers: Iterable[int]) -> Ranges:
    """Ascending numbers as ``[[first, last], …]``."""
    return merged([number, number] for number in numbers)


def merged(parts: Iterable[Iterable[int]]) -> Ranges:
    """Ranges that overlap or touch, as one; in order."""
    found: Ranges = []
    for first, last in sorted(map(list, parts)):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def size(parts: Ranges) -> int:
    """How many numbers there are in ranges that do not overlap."""
    return sum(last - first + 1 for first, last in parts)


def outside(rows: Iterable[tuple[int, str]], parts: Ranges) -> Iterator[tuple[int, str]]:
    """The rows, ascending by number, whose number is in none of the ranges (merged)."""
    ahead = iter([*parts, [BEYOND, BEYOND]])
    first, last = next(ahead)
    for number, inner in rows:
        while number > last:
            first, last = next(ahead)
        if number < first:
            yield number, inner

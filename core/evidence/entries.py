"""The digest of an audit entry: made when it is added, made again from the row when it is verified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from core.evidence.digests import canonical, digest

if TYPE_CHECKING:
    from core.models import AuditEntry

CONTENT = (
    "at", "user_id", "actor", "post", "verb", "subject", "subject_label", "organization_id",
    "before", "after", "reason", "result", "request_id", "ip", "agent",
)  # fmt: skip
"""Every column of an entry but its number, which the seal holds (G11)."""


def digest_of(values: Sequence[Any]) -> str:
    """The digest of an entry given by its columns in the order of ``CONTENT``; the time goes in as UTC."""
    at, *rest = values
    return digest(canonical([at.astimezone(UTC).isoformat(), *rest]))


def stamp(entry: AuditEntry) -> AuditEntry:
    """Give a new entry its digest; it costs no query."""
    entry.digest = digest_of([getattr(entry, name) for name in CONTENT])
    return entry

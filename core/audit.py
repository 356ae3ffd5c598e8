"""The audit trail: every write, denial, reveal and export leaves one entry, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Model

from core import clock
from core.bulk import insert_all
from core.evidence.entries import stamp
from core.models import AuditEntry

if TYPE_CHECKING:
    from core.actor import Actor


REFUSED = "办理被拒绝"
"""Verb of a refusal where the page has no title of its own."""
OUT_OF_SIGHT = "不存在，或者不在本人可见范围内"
SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing: a refusal to look is no event, unless the page is a sensitive one."""


def record(
    by: Actor,
    verb: str,
    subject: Model | str,
    *,
    organization: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    result: str = "ok",
) -> AuditEntry:
    """Add one entry; ``verb`` is Chinese (``归档会议记录``), ``subject`` a saved record or its name.

    ``before``/``after`` hold changed fields only, never personal numbers. Must run inside the
    transaction of the write it tells of, so that neither exists without the other.
    """
    entry = draft(
        by,
        verb,
        subject,
        organization=organization,
        before=before,
        after=after,
        reason=reason,
        result=result,
    )
    entry.save()
    return entry


def refuse(by: Actor, verb: str, subject: Model | str, reason: str) -> AuditEntry:
    """Add the entry of an act that was refused; outside of the transaction that the refusal undid."""
    organization = getattr(subject, "organization", None)
    if getattr(getattr(subject, "_meta", None), "label", "") == settings.ORGANIZATION_MODEL:
        organization = subject
    return record(by, verb or REFUSED, subject, reason=reason, result="denied", organization=organization)


def record_all(entries: list[AuditEntry]) -> None:
    """Add entries made by :func:`draft`: for an act on many rows, in the transaction of that act."""
    insert_all(entries)


def draft(
    by: Actor,
    verb: str,
    subject: Model | str,
    *,
    organization: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    result: str = "ok",
) -> AuditEntry:
    """An entry as :func:`record` would add it, with its digest, not saved."""
    name, title = (subject, "") if isinstance(subject, str) else (name_of(subject), str(subject))
    entry = AuditEntry(
        at=clock.now(),
        user=by.user,
        actor=by.label[:200],
        post=by.post[:200],
        verb=verb,
        subject=name,
        subject_label=title[:200],
        organization_id=getattr(organization, "pk", organization),
        before=plain(before or {}),
        after=plain(after or {}),
        reason=reason[:500],
        result=result,
        request_id=by.request_id,
        ip=by.ip,
        agent=by.agent,
    )
    return stamp(entry)


def name_of(record: Model) -> str:
    """``meetings.meeting:17``: the name of a record in audit, chain and attachments."""
    return f"{record._meta.label_lower}:{record.pk}"


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` as JSON can hold them: dates in ISO form, records by name, the rest as text."""
    return {str(key): _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)  # as PostgreSQL would answer it: the digest is of what is stored
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Model():
            return str(value)
        case dict():
            return plain(value)
        case list() | tuple():
            return [_plain(item) for item in value]
    return str(value)


def history(subject: Model | str, *, refused: bool = False) -> list[AuditEntry]:
    """The entries about a record, newest first (at most 200); refusals only if asked for."""
    name = subject if isinstance(subject, str) else name_of(subject)
    entries = AuditEntry.objects.filter(subject=name)
    return list((entries if refused else entries.filter(result="ok"))[:200])

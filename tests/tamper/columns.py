"""Which tables and columns the evidence must cover: read from the models, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Field, ForeignObjectRel, Model

from core.models import Attachment, AuditEntry, AuditSeal, ChainEntry, StoredFile
from meetings.models import AgendaItem, Meeting

OUTSIDE = {
    "meetings.Meeting.version": "counts edits of a draft and steps; voiding and replacing raise it lawfully",
    "meetings.Meeting.search": "made from the content for finding it, never shown",
    "meetings.Resolution.done_on": "a resolution is carried out after the record was filed",
    "meetings.Resolution.outcome": "likewise",
    "meetings.RecordedFinding.explanation": "a finding may be explained after filing",
}
"""Columns that may lawfully change after filing, and why; the audit trail tells of each change."""


def _parts(model: type[Model]) -> Iterator[type[Model]]:
    """The tables of the room that hang on ``model``, however deep."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model is Meeting:
            continue
        child: Any = relation.related_model
        if child._meta.app_label == "meetings":
            yield child
            yield from _parts(child)


MODELS: tuple[type[Model], ...] = (
    Meeting,
    *dict.fromkeys(_parts(Meeting)),
    Attachment,
    StoredFile,
    ChainEntry,
    AuditEntry,
    AuditSeal,
)
CONTENT = MODELS[:-3]
"""The tables of which the records of the chains are made."""


def columns() -> list[tuple[type[Model], Field[Any, Any]]]:
    """Every column but the keys and those that are named as outside."""
    return [
        (model, field)
        for model in MODELS
        for field in model._meta.local_concrete_fields
        if not field.primary_key and f"{model._meta.label}.{field.name}" not in OUTSIDE
    ]


def covered(model: type[Model]) -> Any:
    """The rows of a table that belong to filed records, or to the evidence itself."""
    rows = model._base_manager.order_by("pk")
    filed = Meeting.objects.filter(state__in=("filed", "voided"))
    subjects = [meeting.subject for meeting in filed]
    match model._meta.model_name:
        case "meeting":
            return rows.filter(pk__in=filed)
        case "attachment":
            return rows.filter(subject__in=subjects, removed_at=None)
        case "storedfile":
            return rows.filter(attachments__subject__in=subjects, attachments__removed_at=None).distinct()
    if model._meta.app_label != "meetings":
        return rows
    return rows.filter(**{f"{path_to_meeting(model)}__in": filed})


def path_to_meeting(model: type[Model]) -> str:
    """``meeting`` or ``item__meeting``."""
    names = {field.name for field in model._meta.local_concrete_fields}
    return "meeting" if "meeting" in names else "item__meeting"


def names(model: type[Model], pk: Any) -> set[str]:
    """What a fault of this row may be called: the records it is part of as it now stands."""
    row: Any = model._base_manager.filter(pk=pk).first()
    if row is None:
        return set()
    if isinstance(row, AuditEntry):
        return {f"core.auditentry:{pk}"}
    if isinstance(row, AuditSeal):
        return {f"core.auditseal:{row.number}", f"core.auditseal:{row.number + 1}"}
    if isinstance(row, ChainEntry):
        kind, _, key = row.subject.partition(":")
        return {row.subject, f"meetings.meeting:{key}", f"core.chainentry:{row.organization_id}#{row.number}"}
    return {name for meeting in _meetings(row) for name in _names_of(meeting)}


def _meetings(row: Any) -> set[int]:
    """The records of which a row is part."""
    if isinstance(row, Meeting):
        newer = Meeting.objects.filter(corrects=row.pk).values_list("pk", flat=True)
        return {pk for pk in (row.pk, row.corrects_id, row.replaced_by_id, *newer) if pk}
    if isinstance(row, Attachment):
        key = row.subject.partition(":")[2]
        return {int(key)} if key.isdecimal() else set()
    if isinstance(row, StoredFile):
        return {pk for each in row.attachments.all() for pk in _meetings(each)}
    if hasattr(row, "meeting_id"):
        return {row.meeting_id}
    item = AgendaItem.objects.filter(pk=row.item_id).first()
    return {item.meeting_id} if item else set()


def _names_of(meeting: int) -> set[str]:
    return {f"meetings.meeting:{meeting}", f"meetings.voiding:{meeting}"}

"""What the chain of an organisation holds of a meeting: content rebuilt from the live rows."""

from __future__ import annotations

from typing import Any

from core import chain
from core.models import ChainEntry
from meetings.choices import State
from meetings.models import AgendaItem, Attendance, Meeting, Vote
from meetings.queries.records import attachments

VOIDING = "meetings.voiding"
"""The kind of the link that says that a filed record was voided (``meetings.voiding:17``)."""

CHAINED = (
    "organization_id", "group_id", "number", "edition", "corrects_id", "correction_reason",
    "title", "held_on", "starts_at", "ends_at", "place", "chair_id", "chair_post", "recorder_id",
    "lecturer", "observers", "minutes", "late_reason", "recorded_on", "created_at",
    "created_by_id", "submitted_at", "submitted_by_id", "filed_at", "filed_by_id", "due",
    "voters_due", "present", "voters_present", "excused", "absent",
)  # fmt: skip
"""Fields of a meeting that never change once it is filed."""

VOTED = (
    "method", "candidates", "issued", "returned", "void", "in_favour", "against", "abstain",
    "written_in_favour", "passed",
)  # fmt: skip
"""Fields of a vote: totals only."""


@chain.content("meetings.meeting")
def canonical_content(pk: int) -> dict[str, Any] | None:
    """The content of a filed record, read from the live rows; None when the record is gone.

    What may lawfully change later is left out: a resolution carried out, an explanation of a
    finding. Voiding and replacing show in ``standing`` only where they did not come about lawfully.
    """
    meeting = Meeting.objects.for_check().filter(pk=pk).first()
    if meeting is None:
        return None
    fields = {name: getattr(meeting, name) for name in CHAINED}
    if meeting.left_out:  # a record with nobody left out reads as it did before there was this field
        fields["left_out"] = meeting.left_out
    return fields | {
        "uuid": str(meeting.uuid),
        "standing": _standing(meeting),
        "kinds": sorted(kind.code for kind in meeting.kinds.all()),
        "roll": [_line(row) for row in meeting.roll.all()],
        "agenda": [_item(row) for row in meeting.agenda.all()],
        "findings": [[row.rule, row.level, row.message, row.clause] for row in meeting.findings.all()],
        "attachments": [[row.caption, row.file.name, row.file.digest] for row in attachments(meeting)],
    }


@chain.content(VOIDING)
def voiding_content(pk: int) -> dict[str, Any] | None:
    """That, when and why the filed record ``pk`` was voided; None when the record is gone."""
    names = ("uuid", "number", "edition", "state", "voided_at", "void_reason")
    row = Meeting.objects.filter(pk=pk).values(*names).first()
    return row | {"uuid": str(row["uuid"])} if row else None


def _standing(meeting: Meeting) -> str:
    """``filed``, or what the row says where no voiding link or filed correction bears it out."""
    voided = ChainEntry.objects.filter(subject=f"{VOIDING}:{meeting.pk}").exists()
    lawful = State.VOIDED if voided else State.FILED
    newer = Meeting.objects.filter(corrects=meeting, state__in=(State.FILED, State.VOIDED))
    replaced_by = newer.values_list("pk", flat=True).first()
    if meeting.state == lawful and meeting.replaced_by_id == replaced_by:
        return State.FILED.value
    return f"{meeting.state}:{meeting.replaced_by_id}"


def _line(row: Attendance) -> list[Any]:
    return [row.person_id, row.name, row.role, row.presence, row.excuse, row.note]


def _item(row: AgendaItem) -> dict[str, Any]:
    vote: Vote | None = getattr(row, "vote", None)
    return {
        "topic": row.topic,
        "title": row.title,
        "discussion": row.discussion,
        "speakers": row.speakers,
        "leader_spoke_last": row.leader_spoke_last,
        "vote": [getattr(vote, name) for name in VOTED] if vote else None,
        "resolutions": [[each.text, each.owner, each.due_on] for each in row.resolutions.all()],
    }

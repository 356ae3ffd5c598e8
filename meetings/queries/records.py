"""Reads for pages: one record, the last one of a kind, open resolutions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from core.models import Attachment, Document
from meetings.choices import State
from meetings.models import Meeting, MeetingMonth, Resolution

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from branches.models import Organization

MINUTES = "minutes"
"""The kind of the paper made from a filed record."""


def last_meeting(organization: Organization, kind: str, group: Organization | None = None) -> Meeting | None:
    """The last record of ``kind`` that was not voided: what the next one begins with."""
    rows = Meeting.objects.filter(organization=organization, kinds=kind, group=group)
    return rows.exclude(state=State.VOIDED).defer("minutes", "search").order_by("-held_on", "-id").first()


def attachments(meeting: Meeting) -> list[Attachment]:
    """The files of the record that were not taken away."""
    rows = Attachment.objects.filter(subject=meeting.subject, removed_at__isnull=True)
    return list(rows.select_related("file").order_by("position", "id"))


def minutes_of(meeting: Meeting) -> Document | None:
    """The minutes as a paper, once the job has made them."""
    rows = Document.objects.filter(kind=MINUTES, subject=meeting.subject)
    return rows.select_related("pdf", "docx").order_by("-version").first()


@dataclass(frozen=True, slots=True)
class Gathered:
    """How often an organisation and those below it met, and who was there (persons, each time anew)."""

    held: int
    due: int
    present: int

    @property
    def rate(self) -> float | None:
        """The share present of those due, per cent; None where nobody was due."""
        return round(100 * self.present / self.due, 1) if self.due else None


def gathered_in(organization: Organization, year: int) -> Gathered:
    """The meetings of a year, from the figures by month: twelve rows, whatever is below."""
    rows = MeetingMonth.objects.filter(organization=organization, code="", month__startswith=f"{year}-")
    summed = rows.aggregate(**{name: Sum(name, default=0) for name in ("held", "due", "present")})
    return Gathered(**summed)


def versions(meeting: Meeting) -> list[Meeting]:
    """All versions of the same record, newest first; drafts of a correction have no number yet."""
    if not meeting.number:
        return [meeting]
    same = Q(organization=meeting.organization_id, number=meeting.number)
    return list(Meeting.objects.filter(same).order_by("-edition"))


def open_resolutions(organization: Organization) -> QuerySet[Resolution]:
    """Resolutions of filed records in force that are not carried out, the most urgent first."""
    return (
        Resolution.objects.filter(
            item__meeting__organization=organization,
            item__meeting__state=State.FILED,
            item__meeting__replaced_by__isnull=True,
            done_on__isnull=True,
        )
        .select_related("item__meeting")
        .order_by("due_on", "id")
    )

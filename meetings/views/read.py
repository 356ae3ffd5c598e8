"""Reading meetings: list, record, check before submitting, sign-in sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from branches.models import Organization
from core import audit, clock
from core.decisions import Decision
from core.models import AuditEntry, ChainEntry
from core.views import ScopedDetailView, ScopedListView
from meetings import actions, exports, permissions, queries
from meetings.choices import Presence, RollRole, State
from meetings.filters import MeetingFilter
from meetings.models import Meeting


class MeetingListView(ScopedListView[Meeting]):
    """Records in scope, newest first; earlier versions stand on the page of the newest."""

    model = Meeting
    template_name = "meetings/list.html"
    filterset_class = MeetingFilter
    sorts = {
        "day": ("held_on",),
        "organization": ("organization__path",),
        "present": ("present",),
    }
    ordering = ("-held_on", "-id")
    export_name = "会议记录清单"
    export_columns = exports.MEETINGS

    def get_queryset(self) -> Any:
        """With organisation and kinds."""
        rows: Any = super().get_queryset().filter(replaced_by__isnull=True)
        return rows.for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the user logs meetings, and the organisation narrowed to."""
        return super().get_context_data(chosen=self._chosen(), **kwargs)

    def _chosen(self) -> Organization | None:
        pk = self.request.GET.get("organization", "")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            return None
        return Organization.objects.visible_to(self.request.user).filter(pk=int(pk)).first()


class OneMeeting(ScopedDetailView[Meeting]):
    """A page about one record."""

    model = Meeting
    context_object_name = "meeting"

    def get_queryset(self) -> Any:
        """With everything a page shows."""
        return (
            super()
            .get_queryset()
            .select_related("organization", "group", "chair", "recorder", "corrects", "replaced_by")
            .prefetch_related("kinds", "roll", "agenda__vote", "agenda__resolutions")
        )

    def roll_groups(self) -> list[tuple[str, list[Any]]]:
        """The roll in the groups that people read."""
        rows = list(self.object.roll.all())
        present = [row for row in rows if row.presence == Presence.PRESENT]
        return [
            ("出席", [row for row in present if row.role == RollRole.VOTER]),
            ("出席（无表决权）", [row for row in present if row.role == RollRole.NONVOTER]),
            ("请假", [row for row in rows if row.presence == Presence.EXCUSED]),
            ("缺席", [row for row in rows if row.presence == Presence.ABSENT]),
        ]

    def checked(self) -> dict[str, Any]:
        """What the check-up says of the record as it stands, and what is lacking before it is handed in."""
        return {"findings": queries.findings(self.object), "lacking": actions.lacking(self.object)}


class MeetingView(OneMeeting):
    """The record: elements, roll, decisions, findings, versions, digest."""

    template_name = "meetings/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, what the check-up said, what may be done, what happened."""
        by, meeting = self.request.actor, self.object
        filed = meeting.state in (State.FILED, State.VOIDED)
        return super().get_context_data(
            roll_groups=self.roll_groups(),
            findings=list(meeting.findings.all()) if filed else queries.findings(meeting),
            filed=filed,
            attachments=queries.attachments(meeting),
            minutes=queries.minutes_of(meeting),
            link=ChainEntry.objects.filter(subject=meeting.subject).first(),
            versions=queries.versions(meeting),
            can_edit=permissions.can_edit(by, meeting),
            can_submit=permissions.can_submit(by, meeting),
            can_file=permissions.can_file(by, meeting),
            can_return=permissions.can_return(by, meeting),
            can_correct=permissions.can_correct(by, meeting),
            can_void=permissions.can_void(by, meeting),
            can_explain=permissions.can_explain(by, meeting),
            can_outcome=permissions.can_record(by, meeting.organization, meeting.group),
            entries=list(folded(audit.history(meeting))),
            today=clock.today(),
            **kwargs,
        )


def folded(entries: list[AuditEntry]) -> Iterator[AuditEntry]:
    """The history with the savings of one person one after the other as one line."""
    for _, group in groupby(entries, key=lambda entry: (entry.verb, entry.actor)):
        rows = list(group)
        if len(rows) > 1:
            rows[0].verb = f"{rows[0].verb}（{len(rows)} 次）"
        yield rows[0]


class CheckView(OneMeeting):
    """Check answers: the record and its findings on one page, before it is handed in."""

    template_name = "meetings/check.html"

    def decide(self) -> Decision:
        """Only those who may change it."""
        return permissions.can_edit(self.request.actor, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings with clauses, quorum, and whether one press is enough."""
        by, meeting = self.request.actor, self.object
        return super().get_context_data(
            roll_groups=self.roll_groups(),
            quorum=queries.quorum(meeting),
            can_submit=permissions.can_submit(by, meeting),
            one_press=permissions.can_submit_and_file(by, meeting),
            **self.checked(),
            **kwargs,
        )


class SignInSheetView(OneMeeting):
    """A blank sheet to sign on paper before the meeting."""

    template_name = "meetings/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The names due."""
        return super().get_context_data(names=list(self.object.roll.all()), **kwargs)

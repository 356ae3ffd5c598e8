"""What can still be done to a filed record: a corrected version, or voiding; both with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core import chain, clock
from core.decisions import require
from core.models import Attachment
from meetings import permissions
from meetings.actions.ground import advance, page, reason_of, take, tell
from meetings.choices import State
from meetings.models import Meeting
from meetings.queries import VOIDING, voiding_content

if TYPE_CHECKING:
    from django.db.models import Model

    from core.actor import Actor

COPIED = (
    "organization", "group", "title", "held_on", "starts_at", "ends_at", "place", "chair",
    "recorder", "lecturer", "observers", "minutes", "late_reason", "recorded_on", "due",
    "voters_due", "present", "voters_present", "excused", "absent", "left_out",
    "search",
)  # fmt: skip


@transaction.atomic
def correct_meeting(by: Actor, meeting: Meeting, reason: str) -> Meeting:
    """Begin the next version of a filed record, as a draft with all it holds.

    The old version counts until the new one is filed.
    """
    take(meeting)
    old = page(meeting)
    require(permissions.can_correct(by, old))
    words = reason_of(reason)
    draft = Meeting(
        **{name: getattr(old, name) for name in COPIED},
        edition=old.edition + 1,
        corrects=old,
        correction_reason=words,
        created_at=clock.now(),
        created_by=by.user,
    )
    draft.save()
    draft.kinds.set(old.kinds.all())
    _copy_parts(old, draft)
    tell(by, "办理更正", draft, after={"更正自": old.number, "版本": draft.edition}, reason=words)
    return page(draft)


@transaction.atomic
def void_meeting(by: Actor, meeting: Meeting, reason: str) -> Meeting:
    """Void a filed record: it stays in number and chain, and what it closed opens again."""
    fresh = take(meeting)
    require(permissions.can_void(by, fresh))
    words = reason_of(reason)
    advance(fresh, State.VOIDED, voided_at=clock.now(), void_reason=words)
    voided = page(fresh)
    content = voiding_content(voided.pk)
    assert content is not None  # the row is under lock
    chain.append(voided.organization_id, f"{VOIDING}:{voided.pk}", content)
    tell(by, "作废会议记录", voided, news="voided", after={"状态": "已作废"}, reason=words)
    return voided


def _copy_parts(old: Meeting, draft: Meeting) -> None:
    """Roll, agenda, votes, resolutions, explanations and files of ``old``, as rows of ``draft``."""
    for line in old.roll.all():
        _copy(line, meeting=draft)
    for item in old.agenda.all():
        vote, resolutions = getattr(item, "vote", None), list(item.resolutions.all())
        _copy(item, meeting=draft)
        if vote is not None:
            _copy(vote, item=item)
        for resolution in resolutions:
            _copy(resolution, item=item, done_on=None, outcome="")
    for finding in old.findings.all():
        if finding.explanation:
            _copy(finding, meeting=draft)
    for file in Attachment.objects.filter(subject=old.subject, removed_at__isnull=True):
        _copy(file, subject=draft.subject)


def _copy(row: Model, **values: object) -> None:
    """Insert ``row`` anew with ``values``."""
    row.pk = None
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save()

"""From draft to file: submit, take back, file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Person
from core import chain, clock, jobs
from core.decisions import require
from core.numbers import lock_series
from meetings import permissions
from meetings.actions.elements import require_elements
from meetings.actions.following import carry_over, record_findings
from meetings.actions.ground import advance, page, reason_of, take, take_whole, tell
from meetings.actions.votes import refuse_unlawful
from meetings.choices import State
from meetings.models import Attendance, Meeting
from meetings.queries import canonical_content, post_on, register_on

if TYPE_CHECKING:
    from core.actor import Actor
    from meetings.queries import Register


@transaction.atomic
def submit_meeting(by: Actor, meeting: Meeting, version: int) -> Meeting:
    """Hand a draft of ``version`` over for filing: its day has come and its elements are there.

    The day of the first time is kept as the day of recording; a late one needs a reason (CK-02).
    """
    fresh = take_whole(meeting, version)
    require(permissions.can_submit(by, fresh))
    register = register_on(fresh.organization, fresh.held_on)
    require_elements(fresh, register)
    refuse_unlawful(fresh, register)
    recorded_on = fresh.recorded_on or clock.today()
    advance(
        fresh,
        State.SUBMITTED,
        recorded_on=recorded_on,
        submitted_at=clock.now(),
        submitted_by=by.user,
    )
    tell(by, "提交会议记录", fresh, after={"记录日期": recorded_on}, reason=fresh.late_reason)
    return fresh


@transaction.atomic
def return_meeting(by: Actor, meeting: Meeting, reason: str) -> Meeting:
    """Take a submitted record back to the draft, with a reason."""
    fresh = take(meeting)
    require(permissions.can_return(by, fresh))
    words = reason_of(reason)
    advance(fresh, State.DRAFT, submitted_at=None, submitted_by=None)
    tell(by, "退回会议记录", fresh, reason=words)
    return page(fresh)


@transaction.atomic
def submit_and_file(by: Actor, meeting: Meeting, version: int) -> Meeting:
    """Both in one tap, for whoever may file: secretary, chair, the only one of a small branch."""
    require(permissions.can_submit_and_file(by, meeting))
    return file_meeting(by, submit_meeting(by, meeting, version))


@transaction.atomic
def file_meeting(by: Actor, meeting: Meeting) -> Meeting:
    """File a submitted record: names and number fixed, checked, chained; it never changes again.

    What the check-up finds is kept beside the record and blocks nothing. A correction takes over
    the number, the progress of the resolutions, and the place of the version before it.
    """
    filed = take_whole(meeting)
    require(permissions.can_file(by, filed))
    register = register_on(filed.organization, filed.held_on)
    number = _number(filed)
    advance(
        filed,
        State.FILED,
        number=number,
        filed_at=clock.now(),
        filed_by=by.user,
        chair_post=_chair_post(filed, register),
    )
    _freeze_names(filed)
    record_findings(filed, register)
    if filed.corrects is not None:
        _replace(by, filed, filed.corrects)
    content = canonical_content(filed.pk)
    assert content is not None  # the row is under lock
    chain.append(filed.organization_id, filed.subject, content)
    tell(by, "归档会议记录", filed, news="filed", after={"编号": number, "版本": filed.edition})
    _order_minutes(by, filed)
    filed.refresh_from_db(fields=["findings"])  # forgets those read before they were written anew
    return filed


def _number(meeting: Meeting) -> str:
    """``滨河站党支部〔2026〕第12号``, counted for the organisation and the year of the meeting."""
    if meeting.corrects is not None:
        return meeting.corrects.number
    year = meeting.held_on.year
    place = lock_series(f"meeting:{meeting.organization_id}:{year}")
    return f"{meeting.organization.short_name}〔{year}〕第{place}号"


def _chair_post(meeting: Meeting, register: Register) -> str:
    """The office of the chair on the day, in words."""
    if meeting.chair_id is None:
        return ""
    place, day = (meeting.organization, meeting.group), meeting.held_on
    office = post_on(*place, meeting.chair_id, day, register.committee)
    return office.label if office else ""


def _freeze_names(meeting: Meeting) -> None:
    """The names as they stand now, whatever people are called later."""
    rows = list(meeting.roll.all())
    listed = [row.person_id for row in rows] + [pk for pk, _ in meeting.left_out]
    names = dict(Person.objects.filter(pk__in=listed).values_list("pk", "name"))
    renamed = [row for row in rows if row.name != names[row.person_id]]
    for row in renamed:
        row.name = names[row.person_id]
    Attendance.objects.bulk_update(renamed, ["name"])
    left_out = [[pk, names[pk]] for pk, _ in meeting.left_out]
    if left_out != meeting.left_out:
        Meeting.objects.filter(pk=meeting.pk).update(left_out=left_out)
        meeting.left_out = left_out


def _replace(by: Actor, filed: Meeting, old: Meeting) -> None:
    """Put ``filed`` in the place of the version that it corrects."""
    carry_over(old, filed)
    advance(old, State.FILED, replaced_by=filed)
    old.replaced_by = filed
    tell(by, "更正会议记录", old, news="replaced", reason=filed.correction_reason)


def _order_minutes(by: Actor, meeting: Meeting) -> None:
    """Have the minutes made as PDF and .docx once this is committed."""
    jobs.submit(
        "meetings.minutes_pdf",
        key=f"meetings.minutes_pdf:{meeting.pk}",
        payload={"meeting": meeting.pk},
        owner=by.user,
        organization=meeting.organization,
        title=f"生成会议记录：{meeting.number}",
    )

"""Drafts: begin, rewrite, throw away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from core.decisions import ActionError, require
from core.models import Attachment
from core.text import tidy
from meetings import permissions
from meetings.actions import building, parts
from meetings.actions.ground import advance, checked, take, tell
from meetings.actions.votes import refuse_unlawful
from meetings.choices import State
from meetings.models import Meeting
from meetings.queries import register_on

if TYPE_CHECKING:
    from branches.models import Organization
    from core.actor import Actor
    from meetings.actions.building import Place
    from meetings.actions.content import MeetingInput

PLAIN = ("held_on", "starts_at", "ends_at")
TEXTS = ("place", "lecturer", "observers", "minutes", "late_reason")
COUNTERS = ("due", "voters_due", "present", "voters_present", "excused", "absent")
WRITTEN = (*PLAIN, *TEXTS, *COUNTERS, "group", "title", "chair_id", "recorder_id", "left_out", "search")
"""What rewriting a draft sets, together with its version."""
POINTERS = ("organization", "group", "chair", "recorder", "created_by", "corrects")
"""Columns that point to rows which are known to be there."""


@transaction.atomic
def start_meeting(by: Actor, organization: Organization, content: MeetingInput) -> Meeting:
    """Begin a record as a draft of ``organization`` (a 党小组 stands for its branch and itself).

    ActionError names what cannot be: a stranger on the roll, an unknown kind, a text too long.
    """
    place = building.place_of(organization, content)
    require(permissions.can_record(by, place.organization, place.leading_group))
    meeting = Meeting(organization=place.organization, created_at=clock.now(), created_by=by.user, version=1)
    written = _write(meeting, place, content)
    tell(by, "新建会议记录", meeting, after={"会议日期": meeting.held_on})
    return written


@transaction.atomic
def save_meeting(by: Actor, meeting: Meeting, content: MeetingInput, version: int) -> Meeting:
    """Rewrite a draft that still has ``version``; StaleRecord when somebody saved in between."""
    fresh = take(meeting, version)
    require(permissions.can_edit(by, fresh))
    place = building.place_of(fresh.organization, content, fresh)
    if place.leading_group != fresh.group:  # else it is what can_edit has just asked
        require(permissions.can_record(by, place.organization, place.leading_group))
    before = {"标题": fresh.title, "会议日期": fresh.held_on}
    written = _write(fresh, place, content)
    after = {"标题": fresh.title, "会议日期": fresh.held_on, "修改次数": fresh.version}
    tell(by, "修改会议记录", fresh, before=before, after=after)
    return written


@transaction.atomic
def discard_draft(by: Actor, meeting: Meeting) -> None:
    """Delete a draft; the audit trail keeps that there was one. A filed record is never deleted."""
    fresh = take(meeting)
    require(permissions.can_discard(by, fresh))
    tell(by, "删除会议草稿", fresh, before={"标题": fresh.title, "会议日期": fresh.held_on})
    files = Attachment.objects.filter(subject=fresh.subject, removed_at__isnull=True)
    files.update(removed_at=clock.now())
    fresh.delete()


def _write(meeting: Meeting, place: Place, content: MeetingInput) -> Meeting:
    """Fill the row from ``content``, save it and what of its parts changed; the record as it stands."""
    register = register_on(place.organization, content.held_on)
    due = register.due(place.bodies, place.group.pk if place.group else None)
    roll = building.roll_rows(content.roll, register, due, content.held_on)
    items = building.item_rows(content.agenda)
    _fill(meeting, place, content)
    for name, person in (("chair", content.chair_id), ("recorder", content.recorder_id)):
        if person is not None and person not in register.known:
            raise ActionError("所选人员不在当日党员名册内，请重新选择。", field=name)
        setattr(meeting, f"{name}_id", person)
    for name, count in building.counters(roll).items():
        setattr(meeting, name, count)
    exempt = register.exempt_from(place.bodies, place.group.pk if place.group else None)
    meeting.left_out = [[person, register.expected(person).name] for person in exempt]
    meeting.search = building.search_of(meeting, items)
    checked(meeting, "", None, leave=POINTERS)
    if meeting.pk is None:
        meeting.save()
    else:
        advance(meeting, State.DRAFT, **{name: getattr(meeting, name) for name in WRITTEN})
    if not place.kept:
        meeting.kinds.set(place.kinds)
    parts.write(meeting, roll, items)
    if any(rows.vote and rows.vote.passed for rows in items):
        refuse_unlawful(meeting, register)
    return meeting


def _fill(meeting: Meeting, place: Place, content: MeetingInput) -> None:
    """The plain fields."""
    first, last = content.starts_at, content.ends_at
    if first and last and last <= first:
        raise ActionError("结束时间应晚于开始时间，请修改。", field="ends_at")
    meeting.group = place.group
    meeting.title = building.title_of(content, place.kinds)
    for name in PLAIN:
        setattr(meeting, name, getattr(content, name))
    for name in TEXTS:
        setattr(meeting, name, tidy(getattr(content, name)))

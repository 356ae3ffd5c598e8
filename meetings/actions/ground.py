"""What the actions share: the row under lock, its steps, the record and the news of an act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model

from core import audit, rollups
from core.decisions import ActionError, StaleRecord
from core.text import tidy
from meetings.models import Meeting
from meetings.signals import changed

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.actor import Actor
    from meetings.choices import State
    from meetings.querysets import MeetingQuerySet

GONE = "这份草稿刚才已被删除，请返回会议列表查看。"
MOVED_ON = "这份会议记录刚才已由他人办理，请刷新页面查看最新状态。"
EDITED = "这份会议记录刚才已被他人修改，本次填写没有保存，请刷新页面核对后再填。"


def take(meeting: Meeting, version: int | None = None) -> Meeting:
    """``meeting`` read again under lock, to the end of the transaction.

    StaleRecord when it is gone, no longer in the state in which the caller saw it, or (where
    ``version`` is given) edited since.
    """
    return _taken(Meeting.objects.all(), meeting, version)


def take_whole(meeting: Meeting, version: int | None = None) -> Meeting:
    """:func:`take` with all that the check-up and the chain read of it."""
    return _taken(Meeting.objects.for_check(), meeting, version)


def _taken(rows: MeetingQuerySet, meeting: Meeting, version: int | None) -> Meeting:
    """Of ``rows`` the one of ``meeting``, under lock."""
    locked = rows.select_for_update(of=("self",))
    found = locked.select_related("organization", "group").filter(pk=meeting.pk)
    fresh: Meeting | None = found.first()
    if fresh is None:
        raise StaleRecord(GONE)
    if fresh.state != meeting.state:
        raise StaleRecord(MOVED_ON)
    if version is not None and fresh.version != version:
        raise StaleRecord(EDITED)
    return fresh


def advance(meeting: Meeting, to: State, **values: Any) -> None:
    """Bring row and ``meeting`` from the state and version that it shows to ``to``; or StaleRecord.

    The condition is part of the UPDATE, so that of two who are at it only one gets through.
    """
    same = Meeting.objects.filter(pk=meeting.pk, state=meeting.state, version=meeting.version)
    if not same.update(state=to, version=F("version") + 1, **values):
        raise StaleRecord(MOVED_ON)
    meeting.state, meeting.version = to, meeting.version + 1
    for name, value in values.items():
        setattr(meeting, name, value)


def page(meeting: Meeting) -> Meeting:
    """The record as it now stands, with all that hangs on it."""
    fresh: Meeting = Meeting.objects.for_page().get(pk=meeting.pk)
    return fresh


def tell(by: Actor, words: str, meeting: Meeting, *, news: str = "", **details: Any) -> None:
    """Keep the act in the audit trail and, where upper rooms count on it, send ``news`` of it."""
    audit.record(by, words, meeting, organization=meeting.organization, **details)
    if news:
        rollups.mark(meeting.organization_id, rollups.month_of(meeting.held_on))
        changed.send(
            Meeting,
            verb=news,
            subject=meeting,
            organization=meeting.organization,
            on=meeting.held_on,
        )


def reason_of(text: str, field: str = "reason", longest: int = 200) -> str:
    """A reason as it is kept; ActionError when there is none or it is too long."""
    reason = tidy(text)
    if not reason:
        raise ActionError("请填写原因。", field=field)
    if len(reason) > longest:
        raise ActionError(f"原因不能超过 {longest} 字，请压缩后再提交。", field=field)
    return reason


def checked(row: Model, where: str, field: str | None, leave: Collection[str] = ()) -> None:
    """Raise ActionError with the first thing that the columns of ``row`` cannot hold."""
    try:
        row.clean_fields(exclude=set(leave))
    except ValidationError as error:
        name, words = next(iter(error.message_dict.items()))
        label = getattr(row._meta.get_field(name), "verbose_name", name)
        raise ActionError(f"{where}“{label}”填写有误：{words[0]}", field=field or name) from error

"""The elements of minutes, there before a record is handed over (practice: MT-17 has no rule)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.queries import parameter
from core import clock
from core.decisions import ActionError
from meetings.choices import Presence, RollRole
from meetings.queries import bodies_met, register_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from meetings.models import Attendance, Meeting
    from meetings.queries import Register

NAMES_AT_MOST = 5
"""Names that a sentence lists before it says 等."""


def lacking(meeting: Meeting, register: Register | None = None) -> list[ActionError]:
    """What is missing before the record can be handed over, each with the field that it concerns.

    Also the reason for a record written later than CK-02 says; nobody is punished for it. ``register``
    is that of its day, where it is in hand.
    """
    roll = list(meeting.roll.all())
    here = {row.person_id for row in roll if row.presence == Presence.PRESENT}
    lesson = [kind for kind in meeting.kinds.all() if kind.needs_lecturer]
    found = [*_people(meeting, here)]
    if lesson and not meeting.lecturer:
        found.append(ActionError(f"请填写{lesson[0].name}的主讲人。", field="lecturer"))
    if not meeting.agenda.all() and not lesson:
        found.append(ActionError("请至少填写一项议题。", field="agenda"))
    return [*found, *_roll(meeting, roll, register), *_late(meeting, meeting.recorded_on or clock.today())]


def require_elements(meeting: Meeting, register: Register) -> None:
    """Raise ActionError with what is missing first: chair, recorder, lecturer, agenda, roll, late reason."""
    for error in lacking(meeting, register):
        raise error


def _people(meeting: Meeting, here: set[int]) -> Iterator[ActionError]:
    for field, word in (("chair", "主持人"), ("recorder", "记录人")):
        person = getattr(meeting, f"{field}_id")
        if person is None:
            yield ActionError(f"请选择{word}。", field=field)
        elif person not in here:
            words = f"{word}没有登记为到会，请修改到会情况或者改选{word}。"
            yield ActionError(words, field=field)


def _roll(meeting: Meeting, roll: list[Attendance], register: Register | None) -> Iterator[ActionError]:
    """Everybody due that day stands on the roll, and every excuse has its kind."""
    if not roll:
        yield ActionError("请登记到会情况。", field="roll")
        return
    register = register or register_on(meeting.organization, meeting.held_on)
    bodies = bodies_met(meeting.kinds.all())
    due = register.due(bodies, meeting.group_id)
    listed = {row.person_id for row in roll}
    missing = [register.expected(person).name for person in due if person not in listed]
    if missing:
        yield ActionError(f"请登记以下人员的到会情况：{_names(missing)}。", field="roll")
    exempt = set(register.exempt_from(bodies, meeting.group_id))
    counted = [row.name for row in roll if row.person_id in exempt and row.role != RollRole.OBSERVER]
    if counted:
        words = f"以下人员已不计入应到会，请重新保存到会名单：{_names(counted)}。"
        yield ActionError(words, field="roll")
    bare = [row.name for row in roll if row.presence == Presence.EXCUSED and not row.excuse]
    if bare:
        yield ActionError(f"请为以下请假人员选择请假种类：{_names(bare)}。", field="roll")


def _names(names: list[str]) -> str:
    tail = f"等 {len(names)} 人" if len(names) > NAMES_AT_MOST else ""
    return "、".join(names[:NAMES_AT_MOST]) + tail


def _late(meeting: Meeting, recorded_on: date) -> Iterator[ActionError]:
    if meeting.late_reason:
        return
    allowed = parameter("CK-02.days", meeting.organization, meeting.held_on)
    days = (recorded_on - meeting.held_on).days
    if not allowed.admits(days):
        words = f"会议已过去 {days} 天，超过 {allowed.count} 天的按补录登记，请填写补录原因。"
        yield ActionError(words, field="late_reason")

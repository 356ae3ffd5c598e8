"""Who may log, submit, file, correct and void a meeting; by current posts only.

Rights come first, the state of the record second: a stranger learns nothing from a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.choices import COMMITTEE_OFFICES, Office
from branches.queries import holds, secretary_on
from core import clock
from core.decisions import Allowed, Decision, Denied
from meetings.choices import State

if TYPE_CHECKING:
    from branches.models import Organization
    from core.actor import Actor
    from meetings.models import Meeting, Resolution

NOT_RECORDER = "会议记录由本支部委员或者本小组组长办理，请联系本支部支委会成员。"
NOT_FILER = "会议记录由书记或者本次会议的主持人归档，请提交后交其归档。"
ONLY_SECRETARY = "作废会议记录须由本支部书记办理。"
FROZEN = "会议记录已归档，不能直接修改；确有错误的，请办理更正。"
VOID = "会议记录已作废，不能再办理。"
SUBMITTED = "会议记录已提交，需要修改的，请先退回。"
NOT_SUBMITTED = "会议记录尚未提交，请先提交。"
NOT_FILED = "会议记录尚未归档，请直接修改草稿。"
REPLACED = "此版本已被更正后的版本替代，请在最新版本上办理。"
CORRECTION_OPEN = "已有一份更正稿尚未归档，请先归档或者删除更正稿。"
TOO_EARLY = "会议日期还没有到，请在会后提交。"


def can_record(by: Actor, organization: Organization, group: Organization | None = None) -> Decision:
    """Log a meeting of ``organization``: its committee; of its ``group`` also the group's leader."""
    if by.user is None:
        return Denied(NOT_RECORDER)
    if holds(by.user, organization, COMMITTEE_OFFICES):
        return Allowed()
    if group is not None and holds(by.user, group, (Office.GROUP_LEADER,)):
        return Allowed()
    return Denied(NOT_RECORDER)


def can_edit(by: Actor, meeting: Meeting) -> Decision:
    """Write in a draft, add and take away attachments."""
    return _recorder(by, meeting) and _in_state(meeting, State.DRAFT)


def can_submit(by: Actor, meeting: Meeting) -> Decision:
    """Hand a draft over for filing once its day has come."""
    decision = can_edit(by, meeting)
    if decision and meeting.held_on > clock.today():
        return Denied(TOO_EARLY)
    return decision


def can_file(by: Actor, meeting: Meeting) -> Decision:
    """File a submitted record: the secretary or the chair of the meeting; no superior approves."""
    return _filer(by, meeting) and _in_state(meeting, State.SUBMITTED)


def can_submit_and_file(by: Actor, meeting: Meeting) -> Decision:
    """Submit and file in one tap: whoever may do both, so also the only one of a small branch."""
    return _filer(by, meeting) and can_submit(by, meeting)


def can_return(by: Actor, meeting: Meeting) -> Decision:
    """Take a submitted record back to the draft: those who log, and those who file."""
    return _recorder(by, meeting) and _in_state(meeting, State.SUBMITTED)


def can_discard(by: Actor, meeting: Meeting) -> Decision:
    """Throw a draft away; nothing that was ever filed can be."""
    return can_edit(by, meeting)


def can_correct(by: Actor, meeting: Meeting) -> Decision:
    """Begin a corrected version of the filed record in force, one at a time."""
    return _recorder(by, meeting) and _in_force(meeting)


def can_void(by: Actor, meeting: Meeting) -> Decision:
    """Void the filed record in force: the secretary."""
    if by.user is None or not _is_head(by, meeting.organization):
        return Denied(ONLY_SECRETARY)
    return _in_force(meeting)


def can_explain(by: Actor, meeting: Meeting) -> Decision:
    """Explain a finding, before filing or after it."""
    decision = _recorder(by, meeting)
    return Denied(VOID) if decision and meeting.state == State.VOIDED else decision


def can_close_resolution(by: Actor, resolution: Resolution) -> Decision:
    """Note that a resolution of a filed meeting was carried out."""
    meeting = resolution.item.meeting
    decision = _recorder(by, meeting)
    if decision and not meeting.in_force:
        return Denied(REPLACED if meeting.replaced_by_id else NOT_SUBMITTED)
    return decision


def _recorder(by: Actor, meeting: Meeting) -> Decision:
    return can_record(by, meeting.organization, meeting.group)


def _filer(by: Actor, meeting: Meeting) -> Decision:
    """The secretary, or the chair while holding an office that logs."""
    if by.user is None:
        return Denied(NOT_FILER)
    if _is_head(by, meeting.organization):
        return Allowed()
    chaired = meeting.chair_id is not None and meeting.chair_id == by.user.person_id
    return Allowed() if chaired and _recorder(by, meeting) else Denied(NOT_FILER)


def _is_head(by: Actor, organization: Organization) -> bool:
    """The secretary; the deputy while there is no secretary."""
    if holds(by.user, organization, (Office.SECRETARY,)):
        return True
    vacant = secretary_on(organization, clock.today()) is None
    return vacant and holds(by.user, organization, (Office.DEPUTY_SECRETARY,))


def _in_state(meeting: Meeting, state: State) -> Decision:
    """Whether the record stands at ``state``, else what to do first."""
    if meeting.state == state:
        return Allowed()
    words = {
        State.DRAFT: NOT_SUBMITTED,
        State.SUBMITTED: SUBMITTED,
        State.FILED: FROZEN,
        State.VOIDED: VOID,
    }
    return Denied(words[State(meeting.state)])


def _in_force(meeting: Meeting) -> Decision:
    """Whether the record is filed, not replaced and has no correction under way."""
    if meeting.state == State.VOIDED:
        return Denied(VOID)
    if meeting.state != State.FILED:
        return Denied(NOT_FILED)
    if meeting.replaced_by_id is not None:
        return Denied(REPLACED)
    if type(meeting).objects.filter(corrects=meeting).exists():
        return Denied(CORRECTION_OPEN)
    return Allowed()

"""Who may be left out of those due (XA-01–08)."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.rules.conduct import organization
from meetings.rules.facts import Exclusion, Meeting
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law

CATEGORIES = ("XA-01", "XA-02", "XA-03", "XA-04", "XA-05", "XA-06", "XA-07")
"""The rules of the categories; each knows the code of its reason."""


def exclusions(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """XA-01–07: leaving somebody out needs the superior's consent and the meeting's approval."""
    rules = {law.value(f"{rule}.reason").value: rule for rule in CATEGORIES}
    if meeting.excluded_from_due is UNKNOWN:
        yield from law.lacks(CATEGORIES[0], "不计入应到会的人员情况")
    listed = () if meeting.excluded_from_due is UNKNOWN else meeting.excluded_from_due
    for exclusion in listed:
        if exclusion.count == 0:
            continue
        if exclusion.reason is UNKNOWN:
            yield from law.lacks(CATEGORIES[0], "不计入应到会的原因")
        else:
            yield from _exclusion(exclusion, law, rules[exclusion.reason])


def _exclusion(exclusion: Exclusion, law: Law, rule: str) -> Iterator[Finding]:
    """Both conditions of one exclusion."""
    conditions = {
        "上级党组织同意": exclusion.superior_consent,
        "党员大会通过": exclusion.meeting_approved,
    }
    lacking = [name for name, given in conditions.items() if given is False]
    unknown = [name for name, given in conditions.items() if given is UNKNOWN]
    if lacking:
        yield law.breaks(rule, f"不计入应到会的人员未经{'、'.join(lacking)}，应当计入应到会人数")
    elif unknown:
        yield from law.lacks(rule, f"不计入应到会的{'、'.join(unknown)}情况")


def absent_still_count(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """XA-08: those on duty, on leave, in training or ill stay among those due."""
    due, present, absent = meeting.voting_due, meeting.voting_present, absences(meeting)
    if due is UNKNOWN or present is UNKNOWN or absent is None:
        yield from law.lacks("XA-08", "应到会、实到会或者缺席人数")
    elif absent > 0 and present + absent > due:
        message = f"实到 {present} 人、缺席 {absent} 人，多于应到会 {due} 人：缺席的仍应计入应到会"
        yield law.breaks("XA-08", message, due=due, present=present, absent=absent)


def nobody_dropped(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """XA-08 for a members' meeting: full members less the listed exclusions are those due."""
    due, full = meeting.voting_due, organization(meeting).full_members
    if due is UNKNOWN or full is UNKNOWN or due >= full:
        return
    left_out = excluded(meeting)
    if left_out is None:
        yield from law.lacks("XA-08", "不计入应到会的人数和原因")
    elif full - left_out > due:
        message = f"正式党员 {full} 人，除外 {left_out} 人，应到会只计了 {due} 人：其他人都应计入"
        yield law.breaks("XA-08", message, due=due, full_members=full, excluded=left_out)


def absences(meeting: Meeting) -> int | None:
    """How many voters were absent; None when unknown."""
    if meeting.absences is UNKNOWN:
        return None
    counts = [absence.count for absence in meeting.absences]
    return None if UNKNOWN in counts else sum(count for count in counts if isinstance(count, int))


def excluded(meeting: Meeting) -> int | None:
    """How many members were left out of those due; None when unknown."""
    if meeting.excluded_from_due is UNKNOWN:
        return None
    counts = [exclusion.count for exclusion in meeting.excluded_from_due]
    return None if UNKNOWN in counts else sum(count for count in counts if isinstance(count, int))

"""Plain consistency of a record (CK-01–05): advice, always a warning."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.rules.due import absences
from meetings.rules.facts import Item, Meeting
from meetings.rules.items import has_ballots, has_decision, numbered
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def tallies(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CK-01: votes add up to the ballots returned; these ≤ issued ≤ present."""
    for place, item in numbered(meeting):
        counted, returned, issued = votes_counted(item), item.returned, item.issued
        present = meeting.voting_present
        if counted is not None and returned is not UNKNOWN and counted != returned:
            message = f"{place}赞成、反对、弃权、无效共 {counted} 票，与收回 {returned} 票不一致"
            yield law.breaks("CK-01", message, counted=counted, returned=returned)
        if returned is not UNKNOWN and issued is not UNKNOWN and returned > issued:
            message = f"{place}收回 {returned} 票，多于发出的 {issued} 票"
            yield law.breaks("CK-01", message, returned=returned, issued=issued)
        if issued is not UNKNOWN and present is not UNKNOWN and issued > present:
            message = f"{place}发出 {issued} 票，多于有表决权的到会 {present} 人"
            yield law.breaks("CK-01", message, issued=issued, present=present)


def votes_counted(item: Item) -> int | None:
    """For, against, abstain and void together; None when one is unknown."""
    parts = (item.in_favour, item.against, item.abstain, item.void)
    known = [part for part in parts if isinstance(part, int)]
    return sum(known) if len(known) == len(parts) else None


def recorded_late(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CK-02: a record made more than three days after the meeting is a late one."""
    days, most = days_late(meeting), law.value("CK-02.days")
    if days is not None and not most.admits(days):
        message = f"会后第 {days} 天才记录，超过 {most.count} 天，属于补记"
        yield law.breaks("CK-02", message, days=days)


def days_late(meeting: Meeting) -> int | None:
    """Days from the meeting to its record; None when either is unknown or has not happened."""
    held, recorded = meeting.held_on, meeting.recorded_on
    if held is UNKNOWN or held is None or recorded is UNKNOWN or recorded is None:
        return None
    return (recorded - held).days


def decision_has_owner(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CK-03: a decision names who answers for it and until when."""
    for place, item in numbered(meeting):
        if not has_decision(item):
            continue
        nobody = item.owner is not UNKNOWN and not (item.owner or "").strip()
        lacking = ["责任人"] * nobody + ["完成时限"] * (item.due is None)
        if lacking:
            yield law.breaks("CK-03", f"{place}的决议没有写明{'和'.join(lacking)}")


def more_than_one_spoke(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CK-04: more than one person spoke on an item that was voted on."""
    least = law.value("CK-04.speakers")
    for place, item in numbered(meeting):
        if item.speakers is not UNKNOWN and has_ballots(item) and not least.admits(item.speakers):
            message = f"{place}进行了表决，但只记了 {item.speakers} 人发言"
            yield law.breaks("CK-04", message, speakers=item.speakers)


def present_and_absent(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CK-05: voters present and absent make up those due."""
    due, present, absent = meeting.voting_due, meeting.voting_present, absences(meeting)
    if due is UNKNOWN or present is UNKNOWN or absent is None:
        return
    if present + absent != due:
        message = f"实到 {present} 人加缺席 {absent} 人，与应到会 {due} 人不一致"
        yield law.breaks("CK-05", message, due=due, present=present, absent=absent)

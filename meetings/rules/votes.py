"""Quorum and majority (MT-02, 03, 07, 08; DP-18, 19, 21; EL-09, 13, 14, 18; PC-03, 05; DL-04)."""

from __future__ import annotations

from collections.abc import Iterator

from branches.rules import elections
from branches.rules.facts import Result
from meetings.choices import Topic
from meetings.rules.facts import Item, Meeting
from meetings.rules.items import ELECTION, concerns, falls_under, is_rejected, numbered
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law

NO_VOTE_KNOWN = "议题和表决情况"


def quorum(meeting: Meeting, law: Law, rule: str, topics: frozenset[Topic]) -> Iterator[Finding]:
    """MT-02, DP-18, PC-03, PC-05: enough voters are present for the votes on ``topics``."""
    concerned = concerns(meeting, topics)
    if concerned is None:
        yield from law.lacks(rule, NO_VOTE_KNOWN)
    elif concerned:
        yield from attendance(meeting, law, rule)


def attendance(meeting: Meeting, law: Law, rule: str) -> Iterator[Finding]:
    """MT-07, DL-04: enough of those due are present for the meeting to be held."""
    share, due, present = law.value(f"{rule}.quorum"), meeting.voting_due, meeting.voting_present
    if due is UNKNOWN or present is UNKNOWN:
        yield from law.lacks(rule, "应到会或者实到会人数")
    elif not share.admits_share(present, due):
        needed = share.least_of(due)
        message = f"应到会 {due} 人，实到 {present} 人，须{share.words}（至少 {needed} 人）"
        yield law.breaks(rule, message, due=due, present=present, needed=needed)


def majority(
    meeting: Meeting, law: Law, rule: str, topics: frozenset[Topic], *, written: bool = False
) -> Iterator[Finding]:
    """MT-03, MT-08, DP-19, PC-03, PC-05: what is shown as decided has votes enough of those due.

    ``written``: opinions handed in before the meeting count as votes in favour (admissions only).
    """
    if meeting.agenda is UNKNOWN:
        yield from law.lacks(rule, NO_VOTE_KNOWN)
    for place, item in numbered(meeting):
        under = falls_under(item, topics)
        if under is None:
            yield from law.lacks(rule, f"{place}的类型或者票数")
        elif under and not is_rejected(item):
            yield from _majority(meeting, law, rule, place, item, written)


def _majority(
    meeting: Meeting, law: Law, rule: str, place: str, item: Item, written: bool
) -> Iterator[Finding]:
    """The majority of one item."""
    due, votes = meeting.voting_due, item.in_favour
    if due is UNKNOWN or votes is UNKNOWN:
        yield from law.lacks(rule, f"应到会人数或者{place}的赞成票数")
        return
    share = law.value(f"{rule}.majority")
    least, most = written_votes(meeting, item, due) if written else (0, 0)
    if share.admits_share(votes + least, due):
        return
    if share.admits_share(votes + most, due):
        yield from law.lacks(rule, f"{place}的书面意见票数")
        return
    votes, needed = votes + least, share.least_of(due)
    message = f"{place}赞成 {votes} 票，应到会 {due} 人，须{share.words}（至少 {needed} 票）"
    yield law.breaks(rule, message, votes=votes, due=due, needed=needed)


def written_votes(meeting: Meeting, item: Item, due: int) -> tuple[int, int]:
    """The least and the most written votes: when unknown, at most one of each absent voter."""
    if item.written_in_favour is not UNKNOWN:
        return item.written_in_favour, item.written_in_favour
    present = 0 if meeting.voting_present is UNKNOWN else meeting.voting_present
    return 0, max(due - present, 0)


def secrecy(meeting: Meeting, law: Law, rule: str, topics: frozenset[Topic]) -> Iterator[Finding]:
    """DP-19, EL-13: admissions and elections are voted in secret."""
    for place, item in numbered(meeting):
        if not falls_under(item, topics):
            continue
        if item.secret is UNKNOWN:
            yield from law.lacks(rule, f"{place}的表决方式")
        elif not item.secret:
            yield law.breaks(rule, f"{place}没有采用无记名投票")


def one_by_one(meeting: Meeting, law: Law, topics: frozenset[Topic]) -> Iterator[Finding]:
    """DP-21: candidates for admission are voted on one by one."""
    single = law.value("DP-21.candidates")
    for place, item in numbered(meeting):
        if item.topic is UNKNOWN or item.topic not in topics:
            continue
        if item.candidates is UNKNOWN:
            yield from law.lacks("DP-21", f"{place}一张选票上的人数")
        elif not single.admits(item.candidates):
            message = f"{place}一张选票上有 {item.candidates} 人，应当逐个讨论、逐个表决"
            yield law.breaks("DP-21", message, candidates=item.candidates)


def election_quorum(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """EL-09 in a meeting that elects."""
    concerned = concerns(meeting, ELECTION)
    if concerned is None:
        yield from law.lacks("EL-09", NO_VOTE_KNOWN)
    elif concerned:
        yield from elections.quorum(meeting.voting_due, meeting.voting_present, law)


def no_absent_vote(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """EL-14 in a meeting that elects: written opinions are no votes."""
    for _, item in numbered(meeting):
        if falls_under(item, ELECTION):
            yield from elections.proxies(item.written_in_favour, law)


def single_candidate(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """EL-18 where one person stood: with several, the totals do not tell who got what."""
    for _, item in numbered(meeting):
        if falls_under(item, ELECTION) and item.candidates == 1 and not is_rejected(item):
            result = Result(in_favour=item.in_favour)
            yield from elections.majority(result, meeting.voting_due, meeting.voting_present, law)


def leader_last(meeting: Meeting, law: Law, rule: str, topics: frozenset[Topic]) -> Iterator[Finding]:
    """PC-05, PC-07: the head speaks last."""
    for place, item in numbered(meeting):
        if not falls_under(item, topics):
            continue
        if item.leader_spoke_last is UNKNOWN:
            yield from law.lacks(rule, f"{place}主要负责人是否末位表态")
        elif not item.leader_spoke_last:
            yield law.breaks(rule, f"{place}主要负责人没有末位表态")

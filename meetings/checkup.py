"""The check-up of a meeting: every rule that concerns its kind over one record of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from meetings.rules import conduct, consistency, due, votes, yearly
from meetings.rules.facts import Item, Meeting
from meetings.rules.items import ADMISSION, CADRES, ELECTION, ORDINARY, falls_under, numbered
from regulations.facts import UNKNOWN, parse
from regulations.rules import Book, Finding, Law, in_order

Check = Callable[[Meeting, Law], Iterable[Finding]]
Checked = tuple[list[Finding], dict[str, Any]]
"""The findings by rule, and what was derived from the facts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: its id, what it does, and the kinds of meeting it concerns (none named: all)."""

    id: str
    check: Check
    kinds: frozenset[str] = frozenset()


MEMBERS = frozenset({"members_meeting"})
COMMITTEE = frozenset({"committee_meeting"})
GROUP = frozenset({"group_meeting"})
PARTY_COMMITTEE = frozenset({"party_committee"})
DEMOCRATIC_LIFE = frozenset({"democratic_life"})
WEIGHTY = ORDINARY - CADRES
"""Ordinary votes of a 党委会; those on cadres stand under PC-05."""

RULES: tuple[Rule, ...] = (
    Rule("MT-02", partial(votes.quorum, rule="MT-02", topics=ORDINARY), MEMBERS),
    Rule("MT-03", partial(votes.majority, rule="MT-03", topics=ORDINARY), MEMBERS),
    Rule("MT-04", conduct.reserved_powers, COMMITTEE | GROUP),
    Rule("MT-05", conduct.discussed, MEMBERS),
    Rule("MT-07", partial(votes.attendance, rule="MT-07"), COMMITTEE),
    Rule("MT-08", partial(votes.majority, rule="MT-08", topics=ORDINARY | ADMISSION), COMMITTEE),
    Rule("CM-04", conduct.small_branch, COMMITTEE),
    Rule("CM-20", partial(conduct.chair, allowed="branch_chairs"), MEMBERS | COMMITTEE),
    Rule("CM-20", partial(conduct.chair, allowed="group_chairs"), GROUP),
    Rule("DP-18", partial(votes.quorum, rule="DP-18", topics=ADMISSION), MEMBERS),
    Rule("DP-19", partial(votes.majority, rule="DP-19", topics=ADMISSION, written=True), MEMBERS),
    Rule("DP-19", partial(votes.secrecy, rule="DP-19", topics=ADMISSION), MEMBERS),
    Rule("DP-21", partial(votes.one_by_one, topics=ADMISSION), MEMBERS),
    Rule("EL-09", votes.election_quorum),
    Rule("EL-13", partial(votes.secrecy, rule="EL-13", topics=ELECTION)),
    Rule("EL-14", votes.no_absent_vote),
    Rule("EL-18", votes.single_candidate),
    Rule("XA-01", due.exclusions),
    Rule("XA-08", due.absent_still_count),
    Rule("XA-08", due.nobody_dropped, MEMBERS),
    Rule("BR-10", conduct.temporary_branch),
    Rule("OL-01", yearly.organisation_life, frozenset({"organisation_life"})),
    Rule("DL-01", conduct.democratic_life, DEMOCRATIC_LIFE),
    Rule("DL-02", yearly.democratic_life, DEMOCRATIC_LIFE),
    Rule("DL-04", partial(votes.attendance, rule="DL-04"), DEMOCRATIC_LIFE),
    Rule("TS-04", conduct.study_group, frozenset({"study_group"})),
    Rule("PC-03", partial(votes.quorum, rule="PC-03", topics=WEIGHTY), PARTY_COMMITTEE),
    Rule("PC-03", partial(votes.majority, rule="PC-03", topics=WEIGHTY), PARTY_COMMITTEE),
    Rule("PC-05", partial(votes.quorum, rule="PC-05", topics=CADRES)),
    Rule("PC-05", partial(votes.majority, rule="PC-05", topics=CADRES)),
    Rule("PC-05", partial(votes.leader_last, rule="PC-05", topics=CADRES)),
    Rule("CK-01", consistency.tallies),
    Rule("CK-02", consistency.recorded_late),
    Rule("CK-03", consistency.decision_has_owner),
    Rule("CK-04", consistency.more_than_one_spoke),
    Rule("CK-05", consistency.present_and_absent),
)


def check_meeting(meeting: Meeting, on: date, book: Book) -> list[Finding]:
    """Findings on one record of a meeting under the law of the day ``on``."""
    return in_order(_findings(meeting, book.on(on)))


def _findings(meeting: Meeting, law: Law) -> Iterator[Finding]:
    for rule in RULES:
        if not rule.kinds or meeting.kind in rule.kinds:
            yield from rule.check(meeting, law)
        elif meeting.kind is UNKNOWN:
            yield from law.lacks(rule.id, "会议类型")


def meeting_facts(meeting: Meeting, law: Law) -> dict[str, Any]:
    """What follows from the facts: absences, exclusions, days to the record, and each vote."""
    return {
        "absent": due.absences(meeting),
        "excluded": due.excluded(meeting),
        "days_to_record": consistency.days_late(meeting),
        "votes": [_vote(meeting, item, law) for _, item in numbered(meeting)],
    }


def _vote(meeting: Meeting, item: Item, law: Law) -> dict[str, Any]:
    """The rule of one vote, the votes needed and those that count; nulls where nothing is known."""
    rule, base = majority_rule(meeting, item), meeting.voting_due
    written = item.written_in_favour if falls_under(item, ADMISSION) and rule == "DP-19" else 0
    votes_for = item.in_favour
    if rule is None or not isinstance(base, int):
        return {"rule": rule, "needed": None, "counted": None, "carried": None}
    share = law.value(f"{rule}.majority")
    counted = (
        None if not isinstance(votes_for, int) else votes_for + (written if isinstance(written, int) else 0)
    )
    carried = None if counted is None else share.admits_share(counted, base)
    return {"rule": rule, "needed": share.least_of(base), "counted": counted, "carried": carried}


def majority_rule(meeting: Meeting, item: Item) -> str | None:
    """The rule whose majority an item needs; None when not settled or not known."""
    if falls_under(item, CADRES):
        return "PC-05"
    if falls_under(item, ELECTION):
        return "EL-18"
    if meeting.kind == "members_meeting":
        names = (("DP-19", ADMISSION), ("MT-03", ORDINARY))
        return next((name for name, topics in names if falls_under(item, topics)), None)
    kinds = {"committee_meeting": "MT-08", "party_committee": "PC-03"}
    settled = falls_under(item, ORDINARY | ADMISSION)
    return kinds.get(str(meeting.kind)) if settled else None


def _checked_meeting(record: object, on: date, book: Book) -> Checked:
    facts = parse(Meeting, record)
    return check_meeting(facts, on, book), meeting_facts(facts, book.on(on))


CHECKS: dict[str, Callable[[object, date, Book], Checked]] = {"meeting": _checked_meeting}
"""Kind of record → parse and check; raises ``FactsError`` for facts of another form."""

"""Elections: time, candidates, quorum, ballots, result (EL-01–22, CM-11)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from branches.rules.facts import Election, Result
from core.periods import add_months
from regulations.choices import Level
from regulations.facts import UNKNOWN, Unknown
from regulations.rules import Finding, Law, by_readings


def shift(election: Election, law: Law, rule: str) -> Iterator[Finding]:
    """EL-01, CM-11: an early or late election needs approval, generally within one year."""
    ends, held = election.term_ends, held_on(election, law)
    if ends is UNKNOWN or ends is None or held is None:
        return
    approved = approved_days(election)
    if approved is not None and abs((held - ends).days) > approved:
        word = "延期" if held > ends else "提前"
        yield law.breaks(rule, f"任期 {ends} 届满，{word}至 {held} 换届，没有上级党组织的相应批准")
    most = law.value(f"{rule}.months")
    earliest, latest = add_months(ends, -most.count), add_months(ends, most.count)
    granted = ends + timedelta(days=approved or 0)
    if not earliest <= held <= latest or granted > latest:
        yield law.breaks(rule, f"提前或者延期换届一般{most.words}")


def overdue(election: Election, law: Law) -> Iterator[Finding]:
    """EL-22: a term that has run out is overdue until an extension is approved."""
    ends, held, approved = election.term_ends, held_on(election, law), approved_days(election)
    if ends is UNKNOWN or election.on is UNKNOWN:
        yield from law.lacks("EL-22", "任期届满日期或者选举日期")
    elif ends is None or held is None or held <= ends:
        return
    elif approved is None:
        yield from law.lacks("EL-22", "上级党组织批准延期的情况")
    elif held > ends + timedelta(days=approved):
        yield law.breaks("EL-22", f"任期已于 {ends} 届满，逾期换届", term_ends=ends)


def congress(election: Election, law: Law) -> Iterator[Finding]:
    """EL-02: generally the members elect; delegates only from five hundred members on."""
    body, least = election.organization, law.value("EL-02.members")
    if election.purpose != "delegates" or body is UNKNOWN or body.full_members is UNKNOWN:
        return
    if not least.admits(body.full_members):
        message = f"党员 {body.full_members} 名，{least.words}或者驻地分散的才开代表大会"
        yield law.breaks("EL-02", message, level=Level.WARNING, members=body.full_members)


def surplus(election: Election, law: Law, rule: str) -> Iterator[Finding]:
    """EL-05, EL-06: a fifth more candidates than seats, counted up."""
    seats, candidates = election.seats, election.candidates
    if seats is UNKNOWN or candidates is UNKNOWN:
        yield from law.lacks(rule, "应选人数或者候选人数")
    elif candidates < (needed := candidates_needed(seats, law, rule)):
        message = f"应选 {seats} 人，候选人 {candidates} 人，至少需要 {needed} 人"
        yield law.breaks(rule, message, seats=seats, candidates=candidates, needed=needed)


def equal_number(election: Election, law: Law) -> Iterator[Finding]:
    """EL-08: secretary and deputy are elected with as many candidates as seats."""
    seats, candidates = election.seats, election.candidates
    if seats is UNKNOWN or candidates is UNKNOWN:
        yield from law.lacks("EL-08", "应选人数或者候选人数")
    elif not law.value("EL-08.surplus").admits(candidates - seats):
        message = f"书记、副书记实行等额选举：应选 {seats} 人，候选人 {candidates} 人"
        yield law.breaks("EL-08", message, seats=seats, candidates=candidates)


def quorum(due: int | Unknown, present: int | Unknown, law: Law) -> Iterator[Finding]:
    """EL-09: four fifths of the electors due are present, in both readings, ``≥`` and ``>``."""
    if due is UNKNOWN or present is UNKNOWN:
        yield from law.lacks("EL-09", "应到会或者实到会的选举人数")
        return
    readings = law.value("EL-09.quorum"), law.value("EL-09.stricter_quorum")
    level = by_readings([reading.admits_share(present, due) for reading in readings])
    if level is not None:
        message = f"应到会选举人 {due} 人，实到 {present} 人，须{readings[0].words}"
        if level == Level.WARNING:
            message = f"实到 {present} 人恰为应到会 {due} 人的 {readings[0].value}，另有须超过的说法"
        yield law.breaks("EL-09", message, level=level, due=due, present=present)


def scrutineers(election: Election, law: Law) -> Iterator[Finding]:
    """EL-12: no candidate is a scrutineer."""
    if election.scrutineers_are_candidates is UNKNOWN:
        yield from law.lacks("EL-12", "监票人是否为候选人")
    elif election.scrutineers_are_candidates:
        yield law.breaks("EL-12", "监票人是候选人，应由非候选人担任")


def proxies(votes: int | Unknown, law: Law) -> Iterator[Finding]:
    """EL-14: nobody who is absent votes through another, nor in writing."""
    if votes is UNKNOWN:
        yield from law.lacks("EL-14", "委托和会外投票的票数")
    elif not law.value("EL-14.votes").admits(votes):
        message = f"有 {votes} 票为委托或者会外投票，未到会的不能投票"
        yield law.breaks("EL-14", message, votes=votes)


def ballots(election: Election, law: Law) -> Iterator[Finding]:
    """EL-16: no more ballots come back than electors vote; older wording: than were issued."""
    returned, present, issued = election.returned, election.present, election.issued
    if returned is UNKNOWN or present is UNKNOWN:
        yield from law.lacks("EL-16", "收回票数或者实到会人数")
    elif returned > present:
        message = f"收回选票 {returned} 张，多于投票的 {present} 人，选举无效"
        yield law.breaks("EL-16", message, returned=returned, present=present)
    elif issued is not UNKNOWN and returned > issued:
        message = f"收回选票 {returned} 张，多于发出的 {issued} 张，请核对"
        yield law.breaks("EL-16", message, level=Level.WARNING, returned=returned, issued=issued)


def majorities(election: Election, law: Law) -> Iterator[Finding]:
    """EL-18: each person declared elected has more than half of the votes."""
    if election.results is UNKNOWN:
        yield from law.lacks("EL-18", "当选人和得票数")
        return
    for result in election.results:
        yield from majority(result, election.due, election.present, law)


def majority(result: Result, due: int | Unknown, present: int | Unknown, law: Law) -> Iterator[Finding]:
    """EL-18 for one person: both readings, of those due and of those present, are kept."""
    votes, share = result.in_favour, law.value("EL-18.majority")
    name = "当选人" if result.name is UNKNOWN else result.name
    if votes is UNKNOWN or due is UNKNOWN or present is UNKNOWN:
        yield from law.lacks("EL-18", f"{name}的得票数或者到会人数")
        return
    bases = {"应到会": due, "实到会": present}
    level = by_readings([share.admits_share(votes, base) for base in bases.values()])
    if level is not None:
        short = "、".join(
            f"{word} {base} 人" for word, base in bases.items() if not share.admits_share(votes, base)
        )
        message = f"{name}得赞成票 {votes} 张，没有超过{short}的半数"
        yield law.breaks("EL-18", message, level=level, votes=votes, due=due, present=present)


def seats_filled(election: Election, law: Law) -> Iterator[Finding]:
    """EL-19: no more are elected than seats; fewer need a further vote or an agreement."""
    if election.results is UNKNOWN or election.seats is UNKNOWN:
        yield from law.lacks("EL-19", "当选人或者应选人数")
        return
    elected, seats = len(election.results), election.seats
    if elected > seats:
        message = f"应选 {seats} 人，当选 {elected} 人，应取得票多的，票数相等的再次投票"
        yield law.breaks("EL-19", message, elected=elected, seats=seats)
    elif elected < seats:
        message = f"应选 {seats} 人，当选 {elected} 人，不足的另选，或经过半数选举人同意减少名额"
        yield law.breaks("EL-19", message, level=Level.WARNING, elected=elected, seats=seats)


def held_on(election: Election, law: Law) -> date | None:
    """The day to compare with the end of the term: of the vote, or today when it is overdue."""
    if election.on is UNKNOWN:
        return None
    if election.on is not None:
        return election.on
    late = isinstance(election.term_ends, date) and law.day > election.term_ends
    return law.day if late else None


def approved_days(election: Election) -> int | None:
    """The days of shift that the superior approved, either way; None when unknown."""
    if election.approved_shift_days is UNKNOWN:
        return None
    return abs(election.approved_shift_days or 0)


def candidates_needed(seats: int, law: Law, rule: str = "EL-06") -> int:
    """The least number of candidates for ``seats``: 3 → 4, 5 → 6, 7 → 9."""
    return math.ceil(seats * (1 + law.value(f"{rule}.surplus").number))


def latest(ends: date, law: Law) -> date:
    """The last day to which an approved extension generally goes."""
    return add_months(ends, law.value("EL-01.months").count)

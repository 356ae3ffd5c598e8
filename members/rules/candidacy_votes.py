"""The votes of an admission case: quorum, secret ballot, majority, one person a ballot."""

from __future__ import annotations

from collections.abc import Iterator

from members.rules.candidacy import Vote
from members.rules.candidacy_case import Case
from regulations.choices import Level
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def admission_vote(case: Case) -> Iterator[Finding]:
    """DP-18, DP-19, DP-21 (2014 arts 20–21, 2026 arts 19–20) at the meeting that admits."""
    vote, after = case.facts.admission_vote, case.later("admission_meeting")
    if vote is None and after and case.day("admission_meeting"):
        message = f"党员大会没有表决，后面的步骤已经进行（{after}）"
        yield case.law(after).breaks("DP-19", message, level=Level.ERROR)
    elif isinstance(vote, Vote):
        yield from judge(vote, case.law(case.judged("admission_meeting")), "接收预备党员")


def full_vote(case: Case) -> Iterator[Finding]:
    """DP-31 (2014 art 33, 2026 art 32): the same quorum, ballot and majority for 转正."""
    vote, after = case.facts.full_vote, case.later("full_meeting")
    law = case.law(case.judged("full_meeting"))
    if vote is None and after:
        message = f"讨论转正没有表决，上级党委已经审批（{after}）"
        yield law.breaks("DP-31", message, level=Level.ERROR)
    elif isinstance(vote, Vote):
        found = list(judge(vote, law, "讨论转正"))
        yield from found
        if any(finding.level == Level.ERROR for finding in found):
            yield law.breaks("DP-31", "转正的表决没有达到与接收预备党员相同的要求")


def judge(vote: Vote, law: Law, title: str) -> Iterator[Finding]:
    """The rules of one vote; ``title`` says what was voted on."""
    yield from quorum(vote, law, title)
    yield from secret(vote, law, title)
    yield from majority(vote, law, title)
    yield from one_by_one(vote, law, title)


def quorum(vote: Vote, law: Law, title: str) -> Iterator[Finding]:
    """DP-18: more than half of the voting members due are present in person."""
    due, present = vote.due, vote.present
    if not isinstance(due, int) or not isinstance(present, int):
        yield from law.lacks("DP-18", f"{title}的应到会、实到会有表决权人数")
        return
    share = law.value("DP-18.quorum")
    if not share.admits_share(present, due):
        message = f"{title}：应到会有表决权党员 {due} 人，到会 {present} 人，应{share.words}"
        yield law.breaks("DP-18", message, due=due, present=present)


def secret(vote: Vote, law: Law, title: str) -> Iterator[Finding]:
    """DP-19: the ballot is secret."""
    if vote.secret is UNKNOWN:
        yield from law.lacks("DP-19", f"{title}是否无记名投票")
    elif not vote.secret:
        yield law.breaks("DP-19", f"{title}应当采取无记名投票")


def majority(vote: Vote, law: Law, title: str) -> Iterator[Finding]:
    """DP-19: votes in favour, written ones included, are more than half of the members due."""
    due, cast, written = vote.due, vote.in_favour, vote.written_for
    share = law.value("DP-19.majority")
    if not isinstance(due, int) or not isinstance(cast, int):
        yield from law.lacks("DP-19", f"{title}的应到会人数或者赞成票数")
        return
    favour = cast + (written if isinstance(written, int) else 0)
    if share.admits_share(favour, due):
        return
    if written is UNKNOWN:
        yield from law.lacks("DP-19", f"{title}的会前书面赞成意见数")
    else:
        votes = f"赞成 {favour} 票（含书面意见 {written or 0}）"
        message = f"{title}：应到会 {due} 人，{votes}，应{share.words}"
        yield law.breaks("DP-19", message, due=due, in_favour=favour, needed=share.least_of(due))


def one_by_one(vote: Vote, law: Law, title: str) -> Iterator[Finding]:
    """DP-21 (2014 art 21): each person is discussed and voted on alone."""
    persons = vote.candidates_in_ballot
    if not isinstance(persons, int):
        yield from law.lacks("DP-21", f"{title}一张选票上的人数")
    elif not law.value("DP-21.candidates").admits(persons):
        message = f"{title}：一张选票上有 {persons} 人，应当逐个讨论、逐个表决"
        yield law.breaks("DP-21", message, persons=persons)

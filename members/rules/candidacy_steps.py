"""The order of the steps: what was left out, what is not known, which version judged what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from members.rules.candidacy import LABELS, ORDER
from members.rules.candidacy_case import Case, compulsory
from regulations.facts import UNKNOWN
from regulations.rules import Finding


class Demand(NamedTuple):
    """A step that may not be left out, and the rule (2014, 2026) that asks for it."""

    step: str
    old: str
    new: str
    message: str


COMPULSORY = (
    Demand("applied", "DP-01", "DP-01", "没有本人递交入党申请书的日期"),
    Demand("talked", "DP-03", "DP-03", "收到申请后没有派人谈话"),
    Demand("activist", "DP-08", "DP-08", "没有确定为入党积极分子，培养教育时间无从起算"),
    Demand("candidate_agreed", "DP-09", "DV-02", "没有上级党委的意见（同意或者备案）"),
    Demand("candidate", "DP-08", "DP-08", "没有列为发展对象"),
    Demand("political_review", "DP-12", "DP-12", "没有进行政治审查"),
    Demand("training", "DP-13", "DP-13", "没有经过集中培训"),
    Demand("pre_review", "DP-15", "DP-15", "没有经过上级党委预审"),
    Demand("admission_meeting", "DP-19", "DP-19", "没有经过支部党员大会讨论表决"),
    Demand("committee_talk", "DP-24", "DP-24", "审批前没有派党委委员或者组织员谈话"),
    Demand("approved", "DP-26", "DP-26", "没有经过上级党委审批"),
    Demand("oath", "DP-27", "DV-05", "没有进行入党宣誓"),
    Demand("full_application", "DP-31", "DP-31", "没有本人书面转正申请"),
    Demand("full_meeting", "DP-31", "DP-31", "没有经过支部党员大会讨论转正"),
)
"""Steps that may not be left out; the public notice and the reviews have rules of their own."""


def skipped(case: Case) -> Iterator[Finding]:
    """A compulsory step that is known not to have happened although a later one is dated."""
    for demand in COMPULSORY:
        after = case.later(demand.step)
        if case.is_null(demand.step) and after:
            law, rule = case.law(after), case.rule(demand.old, demand.new, after)
            message = f"{demand.message}，后面的步骤已经进行（{after}）"
            yield law.breaks(rule, message, level=compulsory(law, rule))


class Need(NamedTuple):
    """The facts that a rule (2014, 2026; empty: none) asks for once ``trigger`` has come."""

    old: str
    new: str
    trigger: str
    facts: tuple[str, ...]


NEEDS = (
    Need("DP-01", "DP-01", "applied", ("born", "applied")),
    Need("DP-03", "DP-03", "applied", ("applied", "talked")),
    Need("DP-05", "DP-05", "activist", ("contacts",)),
    Need("DP-06", "DP-06", "activist", ("activist", "reviews")),
    Need("DP-08", "DP-08", "candidate", ("activist", "candidate")),
    Need("DP-09", "DV-02", "candidate", ("candidate_agreed", "candidate")),
    Need("", "DV-01", "candidate", ("notice_from", "notice_to", "candidate")),
    Need("DP-10", "DP-10", "admission_meeting", ("introducers",)),
    Need("DP-12", "DP-12", "admission_meeting", ("political_review", "political_review_passed")),
    Need("DP-13", "DP-13", "admission_meeting", ("training",)),
    Need("DP-15", "DP-15", "admission_meeting", ("pre_review", "admission_meeting")),
    Need("DP-17", "DV-03", "admission_meeting", ("pre_review", "admission_meeting")),
    Need("DP-18", "DP-18", "admission_meeting", ("admission_vote",)),
    Need("DP-19", "DP-19", "admission_meeting", ("admission_vote",)),
    Need("DP-21", "DP-21", "admission_meeting", ("admission_vote",)),
    Need("DP-23", "DP-23", "approved", ("approver",)),
    Need("DP-24", "DP-24", "approved", ("committee_talk", "approved")),
    Need("DP-26", "DP-26", "admission_meeting", ("admission_meeting", "approved")),
    Need("DP-27", "DV-05", "approved", ("oath",)),
    Need("DP-28", "DP-28", "full_meeting", ("admission_meeting", "full_meeting")),
    Need("DP-29", "DP-29", "full_meeting", ("extensions", "extension_months")),
    Need("DP-31", "DP-31", "full_meeting", ("full_application", "full_meeting", "full_vote")),
    Need("DP-32", "DP-32", "full_meeting", ("full_meeting", "full_approved")),
    Need("DP-33", "DP-33", "full_meeting", ("admission_meeting",)),
    Need("DP-35", "DP-35", "admission_meeting", ("admission_meeting",)),
)
"""What each hard rule must know; a step that has not happened yet asks for nothing."""


def unknown(case: Case) -> Iterator[Finding]:
    """A note for each hard rule that lacks a fact (contract, “Facts”)."""
    for need in NEEDS:
        day = case.judged(need.trigger)
        rule = case.rule(need.old, need.new, day)
        gaps = [LABELS[name] for name in need.facts if case.fact(name) is UNKNOWN]
        if rule and gaps and not case.is_null(need.trigger):
            yield from case.law(day).lacks(rule, "、".join(gaps))


def versions(case: Case) -> dict[str, str]:
    """Step → the version by which it was judged, for the steps that are dated."""
    days = {step: case.day(step) for step in ORDER}
    return {step: case.version(day) for step, day in days.items() if day}


def transition(case: Case) -> Iterator[Finding]:
    """DV-07: how a case begun under 2014 goes on is not known; the version of each step is kept.

    A case on both sides of the change, or judged by another version, is pointed out.
    """
    days = [day for step in ORDER if (day := case.day(step))]
    own = {day >= case.changed_on for day in days}
    asked = case.facts.rule_version
    law = case.book.on(max([*days, case.changed_on]))
    if asked and any(new != (asked == "2026") for new in own):
        message = f"按指定的 {asked} 年版核对，其中有的步骤当日适用另一版本；衔接办法未见原文"
        yield law.breaks("DV-07", message)
    elif not asked and len(own) > 1:
        change = f"本案跨新旧两版（{case.changed_on} 起用 2026 年修订）"
        message = f"{change}，衔接办法未见原文，已按各步骤当日的版本核对"
        yield law.breaks("DV-07", message)

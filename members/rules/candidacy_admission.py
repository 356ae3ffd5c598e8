"""From candidate to probationary member: introducers, review, training, meeting, approval."""

from __future__ import annotations

from collections.abc import Iterator

from core.periods import add_months
from members.rules.candidacy import APPROVERS, Introducer, Training
from members.rules.candidacy_case import Case, late, not_before, too_early, within
from regulations.choices import Level
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def introducers(case: Case) -> Iterator[Finding]:
    """DP-10 (art 14): exactly two introducers, full members, none under 留党察看."""
    people = case.facts.introducers
    law = case.law(case.judged("admission_meeting"))
    if people is UNKNOWN or (not people and case.waits("admission_meeting")):
        return
    needed, count = law.value("DP-10.introducers"), len(people or ())
    if not needed.admits(count):
        message = f"入党介绍人 {count} 名，应为 {needed.count} 名正式党员"
        yield law.breaks("DP-10", message, introducers=count)
    yield from _introducer_standing(people or (), law)


def _introducer_standing(people: tuple[Introducer, ...], law: Law) -> Iterator[Finding]:
    """DP-10: what each introducer must be, and must not be."""
    full = [person.full_member for person in people]
    punished = [person.under_probation_of_discipline for person in people]
    if False in full:
        yield law.breaks("DP-10", "入党介绍人应当是正式党员")
    elif UNKNOWN in full:
        yield from law.lacks("DP-10", "入党介绍人是否正式党员")
    if True in punished:
        yield law.breaks("DP-10", "受留党察看处分、尚未恢复党员权利的，不能做入党介绍人")
    elif UNKNOWN in punished:
        yield from law.lacks("DP-10", "入党介绍人是否受留党察看处分")


def political_review(case: Case) -> Iterator[Finding]:
    """DP-12 (art 16): reviewed, passed, and both before the pre-review and the meeting."""
    passed, met = case.facts.political_review_passed, case.day("admission_meeting")
    law = case.law(case.judged("political_review"))
    if passed is False and not case.waits("political_review"):
        yield law.breaks("DP-12", "政治审查不合格，不能发展入党")
    elif passed is None and met:
        yield law.breaks("DP-12", "政治审查没有形成结论，不能发展入党")
    yield from not_before(case, "DP-12", "pre_review", "political_review")
    yield from not_before(case, "DP-12", "admission_meeting", "political_review")


def training(case: Case) -> Iterator[Finding]:
    """DP-13 (art 17): three days or 24 hours (soft); untrained nobody is admitted (hard)."""
    given = case.facts.steps.training
    yield from not_before(case, "DP-13", "admission_meeting", "training")
    if not isinstance(given, Training) or case.waits("training"):
        return
    law = case.law(case.judged("training"))
    days, hours = law.value("DP-13.days"), law.value("DP-13.hours")
    had = [(given.days, days), (given.hours, hours)]
    if any(isinstance(fact, int) and least.admits(fact) for fact, least in had):
        return
    if UNKNOWN in (given.days, given.hours):
        yield from law.lacks("DP-13", "集中培训的天数或者学时")
        return
    amount = f"{given.days or 0} 天、{given.hours or 0} 学时"
    message = f"集中培训 {amount}，一般{days.words}或者{hours.words}"
    untrained = not given.days and not given.hours
    yield law.breaks("DP-13", message, level=Level.ERROR if untrained else Level.WARNING)


def training_valid(case: Case) -> Iterator[Finding]:
    """DP-14 (local): trained more than a year before the meeting, train again."""
    ended = case.day("training")
    if ended is None:
        return
    law = case.law(case.judged("admission_meeting"))
    until = add_months(ended, law.value("DP-14.months").count)
    if case.overdue("admission_meeting", until):
        message = f"集中培训 {ended} 结束，{until} 后仍未接收，应当重新培训"
        yield law.breaks("DP-14", message, valid_until=until)


def pre_review(case: Case) -> Iterator[Finding]:
    """DP-15 (2014 art 19, 2026 art 18): pre-review of a candidate, before the meeting."""
    yield from not_before(case, "DP-15", "pre_review", "candidate")
    yield from not_before(case, "DP-15", "admission_meeting", "pre_review")


def to_the_meeting(case: Case) -> Iterator[Finding]:
    """DV-03 (2026 art 19), earlier DP-17 (local): a month from the pre-review to the meeting."""
    begun, met = case.day("pre_review"), case.day("admission_meeting")
    if begun and met and met < begun:
        return  # DP-15 says so
    rule = case.rule("DP-17", "DV-03", case.judged("admission_meeting"))
    yield from within(case, rule, "pre_review", "admission_meeting")


def approver(case: Case) -> Iterator[Finding]:
    """DP-23 (2014 art 23): only a 党委 approves; not a 总支, 党组 or temporary body."""
    body = case.facts.approver
    law = case.law(case.judged("approved"))
    if body is None and not case.waits("approved"):
        yield from law.lacks("DP-23", "审批的党组织")
    elif isinstance(body, str) and not law.value("DP-23.approvers").lists(body):
        message = f"预备党员由党委审批，{APPROVERS.get(body, body)}不能审批"
        yield law.breaks("DP-23", message, approver=body)


def committee_talk(case: Case) -> Iterator[Finding]:
    """DP-24 (2014 art 24): a committee member or organiser talks with the candidate first."""
    yield from not_before(case, "DP-24", "approved", "committee_talk")


def approval(case: Case) -> Iterator[Finding]:
    """DP-26 (2014 art 26, 2026 art 25): within three months, in special cases six.

    Whether the case was special is not in the facts: between the two the finding is a warning.
    """
    met, done = case.day("admission_meeting"), case.day("approved")
    if met is None:
        return
    law = case.law(case.judged("approved"))
    usual, special = law.value("DP-26.months"), law.value("DP-26.special_months")
    latest, last = add_months(met, usual.count), add_months(met, special.count)
    if done and done < met:
        yield too_early(law, "DP-26", "approved", done, "admission_meeting", met)
    elif case.overdue("approved", last):
        message = late("approved", done, "admission_meeting", met, last, special.words)
        yield law.breaks("DP-26", message, level=Level.ERROR, latest=last)
    elif case.overdue("approved", latest):
        message = late("approved", done, "admission_meeting", met, latest, usual.words)
        words = f"{message}（特殊情况可至 {last}）"
        yield law.breaks("DP-26", words, level=Level.WARNING, latest=latest)

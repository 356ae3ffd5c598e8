"""From application to candidate: age, talk, contacts, reviews, cultivation, agreement, notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from core.periods import add_months, full_years
from core.workdays import Calendar
from members.rules.candidacy_case import Case, compulsory, not_before, too_early, within
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def applicant_age(case: Case) -> Iterator[Finding]:
    """DP-01 (art 5): at least eighteen on the day of application; reached on the birthday."""
    born, applied = case.day("born"), case.day("applied")
    if born is None or applied is None:
        return
    law = case.law(applied)
    least, age = law.value("DP-01.age"), full_years(born, applied)
    if not least.admits(age):
        adult = add_months(born, least.count * 12)
        message = f"申请入党时 {age} 岁，应{least.words}（{adult} 起方可申请）"
        yield law.breaks("DP-01", message, age=age, adult_on=adult)


def first_talk(case: Case) -> Iterator[Finding]:
    """DP-03 (art 7): somebody talks with the applicant within a month of the application."""
    yield from within(case, "DP-03", "applied", "talked")


def contacts(case: Case) -> Iterator[Finding]:
    """DP-05 (art 9): one or two contacts, all of them full members."""
    people = case.facts.contacts
    law = case.law(case.judged("activist"))
    if people is UNKNOWN or (not people and case.waits("activist")):
        return
    count, flags = len(people or ()), [person.full_member for person in people or ()]
    least, most = law.value("DP-05.least"), law.value("DP-05.most")
    if not (least.admits(count) and most.admits(count)):
        message = f"培养联系人 {count} 名，应为 {least.count} 至 {most.count} 名正式党员"
        yield law.breaks("DP-05", message, contacts=count)
    if False in flags:
        yield law.breaks("DP-05", "培养联系人应当是正式党员")
    elif UNKNOWN in flags:
        yield from law.lacks("DP-05", "培养联系人是否正式党员")


def reviews(case: Case) -> Iterator[Finding]:
    """DP-06 (art 11): a review every six months, from activist to candidate or the check's day."""
    begun, given = case.day("activist"), case.facts.steps.reviews
    if begun is None or given is UNKNOWN:
        return
    end = case.day("candidate") or case.later("candidate")
    if end is None and case.is_null("candidate"):
        end = case.on
    until = date.max if end is None else max(end, begun)
    held = sorted(day for day in given or () if day and begun <= day <= until)
    marks = [begun, *held] if end is None else [begun, *held, until]
    for last, following in pairwise(marks):
        law = case.law(following)
        limit = law.value("DP-06.review_months")
        due = add_months(last, limit.count)
        if following > due:
            often = f"每 {limit.count} {limit.unit}一次"
            message = f"{last} 之后应在 {due} 前考察（{often}），到 {following} 没有考察"
            yield law.breaks("DP-06", message, due=due)


def cultivation(case: Case) -> Iterator[Finding]:
    """DP-08 (art 13): at least a year from activist to candidate."""
    begun, listed = case.day("activist"), case.day("candidate")
    if begun is None or listed is None:
        return
    law = case.law(listed)
    least = law.value("DP-08.months")
    earliest = add_months(begun, least.count)
    if listed < earliest:
        span = f"{begun} 成为积极分子，{listed} 列为发展对象"
        message = f"{span}；培养教育应{least.words}，最早 {earliest}"
        yield law.breaks("DP-08", message, earliest=earliest)


def activist_after_application(case: Case) -> Iterator[Finding]:
    """DP-04 (art 8): activists are chosen among applicants, so after the application."""
    yield from not_before(case, "DP-04", "activist", "applied")


def agreement(case: Case) -> Iterator[Finding]:
    """DP-09 (2014 art 13), DV-02 (2026 art 13): agreed, or filed, before listed as a candidate.

    Sources of 2026 differ between agreement and filing, so that DV-02 warns.
    """
    agreed, listed = case.day("candidate_agreed"), case.day("candidate")
    if agreed and listed and listed < agreed:
        rule = case.rule("DP-09", "DV-02", listed)
        yield too_early(case.law(listed), rule, "candidate", listed, "candidate_agreed", agreed)


def notice(case: Case) -> Iterator[Finding]:
    """DV-01 (2026 art 13): five working days of notice, after the agreement, before listing."""
    first, last = case.day("notice_from"), case.day("notice_to")
    listed = case.later("notice_to")
    day = listed or last or first
    if day is None or case.version(day) == "2014":
        return
    law = case.law(day)
    if (case.is_null("notice_from") or case.is_null("notice_to")) and listed:
        message = f"列为发展对象前没有公示，或者公示没有起止日期（{listed} 已进行后面的步骤）"
        yield law.breaks("DV-01", message, level=compulsory(law, "DV-01"))
    if first and last:
        yield from _notice_length(law, case.calendar, first, last)
    yield from _notice_order(case, law, first, last)


def _notice_length(law: Law, calendar: Calendar, first: date, last: date) -> Iterator[Finding]:
    """DV-01: working days by the official calendar, both ends counted."""
    least, days = law.value("DV-01.workdays"), calendar.count(first, last)
    if not least.admits(days):
        sure = calendar.certain_between(first, max(first, last))
        how = "按国家工作日历" if sure else "工作日历未公布，按周末推算"
        counted = f"公示 {first} 至 {last} 为 {days} 个工作日（首尾两日计入，{how}）"
        message = f"{counted}，应{least.words}"
        yield law.breaks("DV-01", message, workdays=days)


def _notice_order(case: Case, law: Law, first: date | None, last: date | None) -> Iterator[Finding]:
    """DV-01: the notice follows the agreement, the listing the last day of the notice."""
    agreed, listed = case.day("candidate_agreed"), case.day("candidate")
    if agreed and first and first < agreed:
        yield too_early(law, "DV-01", "notice_from", first, "candidate_agreed", agreed)
    if listed and last and listed <= last:
        message = f"公示到 {last} 才结束，{listed} 不能列为发展对象"
        yield law.breaks("DV-01", message, notice_to=last)

"""Every date that follows from an admission case: the first and the last day of each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.periods import add_months, full_years
from members.rules.candidacy import ORDER
from members.rules.candidacy_case import Case
from members.rules.candidacy_probation import probation_ends
from members.rules.candidacy_steps import versions

Bounds = tuple[date | None, date | None]
"""The earliest and the latest day of a step; ``None`` where no rule gives one."""


def derive(case: Case) -> dict[str, Any]:
    """All dates and ages, by name; a date that cannot be counted yet is ``None``."""
    return {
        "versions": versions(case),
        **_ages(case),
        **_notice(case),
        **_probation(case),
        "next_step": next_step(case),
        "steps": {name: bounds for name in ORDER if (bounds := _bounds(case, name))},
    }


def next_step(case: Case) -> str | None:
    """The first step after the last dated one; ``None`` when the case is complete."""
    dated = [place for place, name in enumerate(ORDER) if case.day(name)]
    following = max(dated, default=-1) + 1
    return ORDER[following] if following < len(ORDER) else None


def _ages(case: Case) -> dict[str, Any]:
    """The eighteenth birthday, and the age at application and at admission."""
    born = case.day("born")
    if born is None:
        return {"adult_on": None, "age_applied": None, "age_admitted": None}
    applied, met = case.day("applied"), case.day("admission_meeting")
    return {
        "adult_on": _after(case, born, "DP-01.age", 12),
        "age_applied": full_years(born, applied) if applied else None,
        "age_admitted": full_years(born, met) if met else None,
    }


def _notice(case: Case) -> dict[str, Any]:
    """The length of the public notice, and whether the calendar of its years is published."""
    first, last = case.day("notice_from"), case.day("notice_to")
    if first is None or last is None:
        return {"notice_workdays": None, "calendar_certain": None}
    return {
        "notice_workdays": case.calendar.count(first, last),
        "calendar_certain": case.calendar.certain_between(first, max(first, last)),
    }


def _probation(case: Case) -> dict[str, Any]:
    """DP-28, DP-29, DP-33, DP-35: probation, 党龄 and dues; 党龄 starts as probation ends."""
    ends, met = probation_ends(case), case.day("admission_meeting")
    trained = case.day("training")
    return {
        "training_valid_until": _after(case, trained, "DP-14.months"),
        "approval_special_latest": _after(case, met, "DP-26.special_months"),
        "probation_starts": met,
        "probation_ends": ends,
        "probation_ends_unextended": probation_ends(case, extended=False),
        "party_age_starts": ends,
        "dues_start": met,
    }


def _bounds(case: Case, name: str) -> dict[str, date | None] | None:
    """The first and last day of one step, where a rule gives either."""
    earliest, latest = BOUNDS[name](case)
    return {"earliest": earliest, "latest": latest} if earliest or latest else None


def _after(case: Case, day: date | None, code: str, factor: int = 1) -> date | None:
    """``day`` and the months of the parameter ``code`` (``factor`` 12 for years)."""
    if day is None:
        return None
    law = case.law(case.on)
    return add_months(day, law.value(code).count * factor)


def _latest_of(*days: date | None) -> date | None:
    """The last of the days that are known."""
    return max((day for day in days if day), default=None)


def _applied(case: Case) -> Bounds:
    """DP-01: from the eighteenth birthday."""
    return _after(case, case.day("born"), "DP-01.age", 12), None


def _talked(case: Case) -> Bounds:
    """DP-03."""
    applied = case.day("applied")
    return applied, _after(case, applied, "DP-03.months")


def _activist(case: Case) -> Bounds:
    """DP-04: among applicants."""
    return case.day("applied"), None


def _reviews(case: Case) -> Bounds:
    """DP-06: the next review, while the case waits for the listing."""
    last = _latest_of(case.day("activist"), case.day("reviews"))
    if case.day("activist") is None or case.day("candidate"):
        return None, None
    return last, _after(case, last, "DP-06.review_months")


def _notice_from(case: Case) -> Bounds:
    """DV-01: the notice follows the agreement."""
    return (case.day("candidate_agreed"), None) if _notice_needed(case) else (None, None)


def _notice_to(case: Case) -> Bounds:
    """DV-01: the fifth working day of the notice, its first day counted."""
    first = case.day("notice_from")
    if first is None or not _notice_needed(case):
        return None, None
    days = case.law(case.changed_on).value("DV-01.workdays").count
    return case.calendar.add(first - timedelta(days=1), days), None


def _candidate(case: Case) -> Bounds:
    """DP-08, DV-01, DV-02: a year cultivated, agreed, and the day after the notice ended."""
    ended = case.day("notice_to") or _notice_to(case)[0]
    after_notice = ended + timedelta(days=1) if ended and _notice_needed(case) else None
    cultivated = _after(case, case.day("activist"), "DP-08.months")
    return _latest_of(cultivated, case.day("candidate_agreed"), after_notice), None


def _notice_needed(case: Case) -> bool:
    """Whether the listing falls, or would fall, under the version that asks for a notice."""
    return case.version(case.judged("candidate")) == "2026"


def _from(*names: str) -> Callable[[Case], Bounds]:
    """A step whose first day is the last of the named steps."""
    return lambda case: (_latest_of(*(case.day(name) for name in names)), None)


def _within(code: str, start: str, *others: str) -> Callable[[Case], Bounds]:
    """A step that follows ``start`` (and ``others``) and has a deadline counted from ``start``."""

    def bounds(case: Case) -> Bounds:
        begun = case.day(start)
        first = _latest_of(begun, *(case.day(name) for name in others))
        return first, _after(case, begun, code)

    return bounds


def _oath(case: Case) -> Bounds:
    """DV-05 for a version with a deadline, else only after the approval."""
    approved, law = case.day("approved"), case.law(case.judged("oath"))
    if approved is None or case.version(law.day) == "2014":
        return approved, None
    return approved, add_months(approved, law.value("DV-05.months").count)


def _full_meeting(case: Case) -> Bounds:
    """DP-28, DP-31: probation has ended and the person has applied."""
    return _latest_of(probation_ends(case), case.day("full_application")), None


BOUNDS: dict[str, Callable[[Case], Bounds]] = {
    "applied": _applied,
    "talked": _talked,
    "activist": _activist,
    "reviews": _reviews,
    "candidate_agreed": _from("activist"),
    "notice_from": _notice_from,
    "notice_to": _notice_to,
    "candidate": _candidate,
    "political_review": _from("candidate"),
    "training": _from("candidate"),
    "pre_review": _from("candidate", "political_review"),
    "admission_meeting": _within("DP-17.months", "pre_review", "training"),
    "committee_talk": _within("DP-26.months", "admission_meeting"),
    "approved": _within("DP-26.months", "admission_meeting", "committee_talk"),
    "oath": _oath,
    "full_application": _from("admission_meeting"),
    "full_meeting": _full_meeting,
    "full_approved": _within("DP-32.months", "full_meeting"),
}
"""Step → its first and last day; the deadline of DP-17 is local before 2026."""

"""From approval to full member: oath, probation, extension, becoming full, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.periods import add_months
from members.rules.candidacy_case import Case, not_before, within
from regulations.choices import Level
from regulations.facts import UNKNOWN
from regulations.rules import Finding


def oath(case: Case) -> Iterator[Finding]:
    """DV-05 (2026 art 29): the oath follows the approval, generally within a month.

    DP-27 (2014 art 30) has no deadline.
    """
    if case.rule("DP-27", "DV-05", case.judged("oath")) == "DV-05":
        yield from within(case, "DV-05", "approved", "oath")
    else:
        yield from not_before(case, "DP-27", "oath", "approved")


def probation_ends(case: Case, *, extended: bool = True) -> date | None:
    """DP-28, DP-29: the day on which probation ends, counted in calendar months from the meeting.

    ``None`` without a meeting; an extension that is not known is not counted.
    """
    met, extension = case.day("admission_meeting"), case.facts.steps.extension_months
    if met is None:
        return None
    months = case.law(met).value("DP-28.months").count
    return add_months(met, months + (extension if extended and isinstance(extension, int) else 0))


def probation(case: Case) -> Iterator[Finding]:
    """DP-28 (2014 art 32, 2026 art 31): a year from the meeting, nobody becomes full earlier."""
    ends, met = probation_ends(case), case.day("full_meeting")
    if ends and met and met < ends:
        message = f"预备期到 {ends} 才满（自党员大会通过之日起算），{met} 不能讨论转正"
        yield case.law(met).breaks("DP-28", message, probation_ends=ends)
    yield from _no_start(case, "DP-28", "预备期")


def extension(case: Case) -> Iterator[Finding]:
    """DP-29 (same article): extended once at most, by six to twelve months."""
    times, months = case.facts.extensions, case.facts.steps.extension_months
    law = case.law(case.judged("full_meeting"))
    once, least, most = (law.value(f"DP-29.{name}") for name in ("times", "least_months", "most_months"))
    if isinstance(times, int) and not once.admits(times):
        yield law.breaks("DP-29", f"延长预备期 {times} 次，只能延长 {once.count} 次", times=times)
    extended = isinstance(times, int) and times > 0
    if months is UNKNOWN or (not months and not extended):
        return
    if not (least.admits(months or 0) and most.admits(months or 0)):
        message = f"延长预备期 {months or 0} 个月，应{least.words}、{most.words}"
        yield law.breaks("DP-29", message, months=months or 0)


def becoming_full(case: Case) -> Iterator[Finding]:
    """DP-31 (2014 art 33, 2026 art 32): written application, then the meeting."""
    yield from not_before(case, "DP-31", "full_meeting", "full_application")
    yield from not_before(case, "DP-31", "full_application", "admission_meeting")


def full_approval(case: Case) -> Iterator[Finding]:
    """DP-32 (2014 art 34, 2026 art 33): approved within three months of the meeting."""
    yield from within(case, "DP-32", "full_meeting", "full_approved")


def party_age(case: Case) -> Iterator[Finding]:
    """DP-33 (same article): 党龄 runs from the end of probation, so it needs the meeting."""
    yield from _no_start(case, "DP-33", "党龄")


def dues(case: Case) -> Iterator[Finding]:
    """DP-35 (党费规定 art 8): dues run from the day on which the meeting admits."""
    yield from _no_start(case, "DP-35", "党费")


def _no_start(case: Case, rule: str, what: str) -> Iterator[Finding]:
    """Without the meeting that admits, what counts from it has no start."""
    after = case.later("admission_meeting")
    if case.is_null("admission_meeting") and after:
        message = f"没有党员大会通过的日期，{what}无从起算"
        yield case.law(after).breaks(rule, message, level=Level.ERROR)

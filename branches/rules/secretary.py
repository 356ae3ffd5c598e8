"""The secretary: party age, training, report on duty (CM-12–16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from branches.rules.facts import Secretary
from core.periods import add_months
from regulations.choices import Level
from regulations.facts import UNKNOWN, Unknown
from regulations.rules import Finding, Law


def party_age(secretary: Secretary, law: Law) -> Iterator[Finding]:
    """CM-12: generally one year as a full member when appointed."""
    since, appointed = secretary.full_member_since, secretary.appointed_on
    if since is UNKNOWN or appointed is UNKNOWN or appointed is None:
        return
    months = law.value("CM-12.months").count
    if since is None:
        yield law.breaks("CM-12", "书记还不是正式党员，一般应有一年以上党龄")
    elif appointed < (ready := add_months(since, months)):
        message = f"书记任职时党龄不足 {months} 个月（{ready} 起满足）"
        yield law.breaks("CM-12", message, from_day=ready)


def post_training(secretary: Secretary, law: Law) -> Iterator[Finding]:
    """CM-14: a new secretary is trained within six months of taking office."""
    trained, appointed = secretary.trained_since_appointment, secretary.appointed_on
    if trained is True or appointed is None:
        return
    if appointed is UNKNOWN:
        yield from law.lacks("CM-14", "书记任职日期")
    elif law.day <= (deadline := training_deadline(appointed, law)):
        return
    elif trained is UNKNOWN:
        yield from law.lacks("CM-14", "书记任职培训情况")
    else:
        message = f"书记应在 {deadline} 前参加任职培训，至今没有参加"
        yield law.breaks("CM-14", message, deadline=deadline)


def yearly_training(secretary: Secretary, law: Law) -> Iterator[Finding]:
    """CM-15: the secretary attends rotation training every year."""
    done, what = secretary.trained_this_year, "参加县级以上党组织举办的轮训"
    yield from _yearly("CM-15", done, what, secretary.appointed_on, law)


def yearly_report(secretary: Secretary, law: Law) -> Iterator[Finding]:
    """CM-16: the secretary reports on duty every year and is evaluated."""
    done, what = secretary.reported_this_year, "向上级党组织和党员大会述职"
    yield from _yearly("CM-16", done, what, secretary.appointed_on, law)


def _yearly(
    rule: str, done: bool | Unknown, what: str, appointed: date | None | Unknown, law: Law
) -> Iterator[Finding]:
    """A yearly obligation of the secretary: an error once the year is over, a warning before."""
    if done is UNKNOWN:
        yield from law.lacks(rule, f"书记本年度{what}的情况")
    elif not done and year_is_over(rule, appointed, law):
        yield law.breaks(rule, f"书记上一年度没有{what}")
    elif not done:
        yield law.breaks(rule, f"书记本年度尚未{what}", level=Level.WARNING)


def year_is_over(rule: str, appointed: date | None | Unknown, law: Law) -> bool:
    """Whether “this year” of a record is a year that has ended.

    The record names no year. In the first months of a year the year before is meant, as reports
    and training are settled then, but not for a secretary appointed since. Later it is the present.
    """
    closing = law.value(f"{rule}.closing_months")
    since_new_year = isinstance(appointed, date) and appointed.year == law.day.year
    return closing.admits(law.day.month) and not since_new_year


def training_deadline(appointed: date, law: Law) -> date:
    """The last day for the training of a new secretary."""
    return add_months(appointed, law.value("CM-14.months").count)

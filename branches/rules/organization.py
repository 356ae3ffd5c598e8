"""Size, committee and term of an organisation (BR-01–08, CM-01–10, EL-22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from branches.rules.facts import Standing
from core.periods import add_months
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def enough_members(record: Standing, law: Law) -> Iterator[Finding]:
    """BR-01: a branch has at least three full members; probationary ones do not count."""
    least = law.value("BR-01.full_members")
    if record.full_members is UNKNOWN:
        yield from law.lacks("BR-01", "正式党员人数")
    elif not least.admits(record.full_members):
        message = f"正式党员 {record.full_members} 人，设立党支部应当{least.words}"
        yield law.breaks("BR-01", message, full_members=record.full_members, needed=least.count)


def not_too_many_members(record: Standing, law: Law) -> Iterator[Finding]:
    """BR-02: a branch has generally no more than fifty members, probationary ones included."""
    most = law.value("BR-02.members")
    members = headcount(record)
    if members is not None and not most.admits(members):
        yield law.breaks("BR-02", f"党员 {members} 人，一般{most.words}", members=members)


def joint_branch(record: Standing, law: Law) -> Iterator[Finding]:
    """BR-03: too few full members call for a joint branch, generally of up to five units."""
    units, few = law.value("BR-03.units"), law.value("BR-03.full_members")
    if record.units_covered is UNKNOWN:
        return
    if not units.admits(record.units_covered):
        message = f"联合党支部覆盖 {record.units_covered} 个单位，一般{units.words}"
        yield law.breaks("BR-03", message, units=record.units_covered)
    alone = record.units_covered <= 1 and record.temporary is not True
    if alone and record.full_members is not UNKNOWN and few.admits(record.full_members):
        message = f"正式党员只有 {record.full_members} 人，应与邻近单位成立联合党支部"
        yield law.breaks("BR-03", message, full_members=record.full_members)


def temporary_is_approved(record: Standing, law: Law) -> Iterator[Finding]:
    """BR-08: a temporary branch needs the approval of the superior organisation."""
    if record.temporary is UNKNOWN:
        yield from law.lacks("BR-08", "是否临时党支部")
    elif record.temporary and record.approved_by_superior is UNKNOWN:
        yield from law.lacks("BR-08", "上级党组织批准成立临时党支部的情况")
    elif record.temporary and not record.approved_by_superior:
        yield law.breaks("BR-08", "临时党支部未经上级党组织批准")


def committee_exists(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-01: from seven full members on a branch has a committee."""
    least = law.value("CM-01.full_members")
    if record.full_members is UNKNOWN:
        yield from law.lacks("CM-01", "正式党员人数")
    elif not least.admits(record.full_members):
        return
    elif record.committee_members is UNKNOWN:
        yield from law.lacks("CM-01", "支部委员人数")
    elif record.committee_members == 0:
        message = f"正式党员 {record.full_members} 人，{least.words}的应当设立支部委员会"
        yield law.breaks("CM-01", message, full_members=record.full_members)


def committee_size(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-02: a committee has three to five members, generally no more than seven."""
    least, most = law.value("CM-02.least"), law.value("CM-02.most")
    seats = record.committee_members
    if seats is UNKNOWN or seats == 0:
        return
    if not (least.admits(seats) and most.admits(seats)):
        usual = law.value("CM-02.usual").count
        message = f"支部委员 {seats} 人，应由 {least.count} 至 {usual} 人组成，一般{most.words}"
        yield law.breaks("CM-02", message, committee_members=seats)


def committee_posts(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-03: a committee has a secretary, and at most one deputy."""
    deputies = law.value("CM-03.deputies")
    if record.deputies is UNKNOWN:
        yield from law.lacks("CM-03", "副书记人数")
    elif not deputies.admits(record.deputies):
        message = f"副书记 {record.deputies} 人，{deputies.words}"
        yield law.breaks("CM-03", message, deputies=record.deputies)
    if record.has_secretary is UNKNOWN:
        yield from law.lacks("CM-03", "书记配备情况")
    elif not record.has_secretary and is_small(record, law) is False:
        yield law.breaks("CM-03", "支部委员会没有书记")


def small_branch(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-04: below seven full members there is one secretary, at most one deputy, no committee."""
    small = is_small(record, law)
    if small is None:
        yield from law.lacks("CM-04", "正式党员人数")
    if not small:
        return
    if record.committee_members is UNKNOWN:
        yield from law.lacks("CM-04", "支部委员人数")
    elif record.committee_members > 0:
        few = law.value("CM-04.full_members").words
        message = f"正式党员 {record.full_members} 人，{few}的不设支部委员会"
        yield law.breaks("CM-04", message, full_members=record.full_members)
    yield from _small_branch_posts(record, law)


def _small_branch_posts(record: Standing, law: Law) -> Iterator[Finding]:
    """The second half of CM-04: who leads a small branch."""
    deputies = law.value("CM-04.deputies")
    if record.deputies is not UNKNOWN and not deputies.admits(record.deputies):
        message = f"不设委员会的党支部有副书记 {record.deputies} 人，{deputies.words}"
        yield law.breaks("CM-04", message, deputies=record.deputies)
    if record.has_secretary is UNKNOWN:
        yield from law.lacks("CM-04", "书记配备情况")
    elif not record.has_secretary:
        yield law.breaks("CM-04", "不设委员会的党支部应当设一名书记")


def odd_committee(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-05: an odd number of committee members is advised."""
    seats = record.committee_members
    if seats is not UNKNOWN and seats > 0 and seats % law.value("CM-05.divisor").count == 0:
        yield law.breaks("CM-05", f"支部委员 {seats} 人，宜为单数", committee_members=seats)


def term_length(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-06: a term of three years; five only in villages, which the force has not."""
    years = law.value("CM-06.years")
    if record.term_years is UNKNOWN or record.temporary is True:
        return
    if not years.admits(record.term_years):
        message = f"任期 {record.term_years} 年，除村和社区外一般为 {years.count} 年"
        yield law.breaks("CM-06", message, term_years=record.term_years)


def term_reminder(record: Standing, law: Law) -> Iterator[Finding]:
    """CM-10: in the six months before the term ends the superior has given a reminder."""
    ends = term_ends(record)
    if ends is not None and reminder_from(ends, law) <= law.day <= ends:
        months = law.value("CM-10.months").count
        message = f"任期将于 {ends} 届满，上级党组织一般提前 {months} 个月提醒换届"
        yield law.breaks("CM-10", message, term_ends=ends)


def term_overdue(record: Standing, law: Law) -> Iterator[Finding]:
    """EL-22: after its end a term is overdue; a temporary branch holds no term elections."""
    ends = term_ends(record)
    if record.temporary is True:
        return
    if record.term_started is UNKNOWN or record.term_years is UNKNOWN:
        yield from law.lacks("EL-22", "本届任期起止时间")
    elif ends is not None and law.day > ends:
        yield law.breaks("EL-22", f"任期已于 {ends} 届满，逾期未换届", term_ends=ends)


def headcount(record: Standing) -> int | None:
    """Full and probationary members together; None when the full members are unknown."""
    if record.full_members is UNKNOWN:
        return None
    return record.full_members + (0 if record.probationary is UNKNOWN else record.probationary)


def is_small(record: Standing, law: Law) -> bool | None:
    """Whether the branch has too few full members for a committee; None when unknown."""
    if record.full_members is UNKNOWN:
        return None
    return law.value("CM-04.full_members").admits(record.full_members)


def term_ends(record: Standing) -> date | None:
    """The last day of the term; None when unknown, not begun, or of a temporary organisation."""
    begun, years = record.term_started, record.term_years
    if begun is UNKNOWN or begun is None or years is UNKNOWN or record.temporary is True:
        return None
    return add_months(begun, 12 * years)


def reminder_from(ends: date, law: Law) -> date:
    """The day from which the superior reminds of the end of a term."""
    return add_months(ends, -law.value("CM-10.months").count)

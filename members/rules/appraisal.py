"""The yearly appraisal of members (民主评议党员): year, order, ratings, cap on 优秀."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from core.periods import Period
from regulations.facts import UNKNOWN, Unknown
from regulations.rules import Finding, Law

Stage = Literal["self", "mutual", "test", "decision"]
Count = int | None | Unknown

STAGES = {"self": "个人自评", "mutual": "党员互评", "test": "民主测评", "decision": "确定等次"}
RATINGS = {"excellent": "优秀", "qualified": "合格", "basic": "基本合格", "unqualified": "不合格"}


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The record of kind ``appraisal``; ``members`` includes the probationary ones."""

    work_year: int | Unknown = UNKNOWN
    held_on: date | None | Unknown = UNKNOWN
    members: Count = UNKNOWN
    probationary: Count = UNKNOWN
    rated: Count = UNKNOWN
    excellent: Count = UNKNOWN
    qualified: Count = UNKNOWN
    basic: Count = UNKNOWN
    unqualified: Count = UNKNOWN
    order: tuple[Stage, ...] | None | Unknown = UNKNOWN


def window(record: Appraisal, law: Law) -> tuple[date, date] | None:
    """OL-03: from the first day of the work year to the end of March of the next."""
    year = record.work_year
    if not isinstance(year, int) or not date.min.year <= year < date.max.year:
        return None
    last = Period("month", year + 1, law.value("OL-03.months").count)
    return Period("year", year).start, last.end


def work_year(record: Appraisal, law: Law) -> Iterator[Finding]:
    """OL-03 (practice): held in the work year, or in January to March of the next."""
    bounds = window(record, law)
    if bounds is None or record.held_on is UNKNOWN:
        return
    first, last = bounds
    if record.held_on is None:
        if law.day > last:
            message = f"{record.work_year} 年度的评议最迟 {last} 进行，至今没有进行"
            yield law.breaks("OL-03", message)
    elif not first <= record.held_on <= last:
        message = f"{record.held_on} 评议，不在 {record.work_year} 工作年度（{first} 至 {last}）"
        yield law.breaks("OL-03", message)


def order(record: Appraisal, law: Law) -> Iterator[Finding]:
    """OL-05 (支部条例 art 18): self, mutual, test, decision; all of them once it was held."""
    if record.order is UNKNOWN:
        yield from law.lacks("OL-05", "评议的步骤")
        return
    given, fixed = record.order or (), law.value("OL-05.order").items
    begun = given == fixed[: len(given)]
    if record.held_on is UNKNOWN and begun and given != fixed:
        yield from law.lacks("OL-05", "评议的日期")
    elif not begun or (record.held_on is not None and given != fixed):
        names = " → ".join(STAGES[stage] for stage in fixed)
        done = " → ".join(STAGES[stage] for stage in given) or "没有记录"
        yield law.breaks("OL-05", f"评议应按 {names} 的顺序进行，实际：{done}")


def ratings(record: Appraisal, law: Law) -> Iterator[Finding]:
    """OL-07 (12371 guidance): each member rated has one of the four ratings."""
    given = total(record)
    if given is None or not isinstance(record.rated, int):
        yield from law.lacks("OL-07", "参加评定的人数或者各等次人数")
    elif given != record.rated:
        names = "、".join(RATINGS[name] for name in law.value("OL-07.ratings").items)
        message = f"{names}合计 {given} 人，与评定 {record.rated} 人不一致"
        yield law.breaks("OL-07", message, total=given, rated=record.rated)


def total(record: Appraisal) -> int | None:
    """The sum of the four ratings; ``None`` while one of them is not known."""
    counts = [record.excellent, record.qualified, record.basic, record.unqualified]
    known = [count for count in counts if isinstance(count, int)]
    return sum(known) if len(known) == len(counts) else None


def excellent(record: Appraisal, law: Law) -> Iterator[Finding]:
    """OL-08 (soft): 优秀 for a third of all members at most; probationary ones are in the base."""
    share = law.value("OL-08.share")
    if not isinstance(record.members, int) or not isinstance(record.excellent, int):
        return
    if not share.admits_share(record.excellent, record.members):
        most = cap(record.members, law)
        members = f"党员 {record.members} 人（含预备党员）"
        message = f"优秀 {record.excellent} 人，{members}，一般最多 {most} 人"
        yield law.breaks("OL-08", message, most=most)


def cap(members: int, law: Law) -> int:
    """OL-08: floor(members × 1/3)."""
    return int(law.value("OL-08.share").number * members)


def probationary_unrated(record: Appraisal, law: Law) -> Iterator[Finding]:
    """OL-09 (one notice): probationary members take part but get no rating."""
    able = rateable(record)
    if able is not None and isinstance(record.rated, int) and record.rated > able:
        message = f"评定 {record.rated} 人，正式党员 {able} 人；预备党员参加评议，一般不定等次"
        yield law.breaks("OL-09", message, rateable=able)


def rateable(record: Appraisal) -> int | None:
    """Members without the probationary ones; ``None`` while either is not known."""
    if not isinstance(record.members, int) or not isinstance(record.probationary, int):
        return None
    return max(record.members - record.probationary, 0)


RULES = (work_year, order, ratings, excellent, probationary_unrated)


def derive(record: Appraisal, law: Law) -> dict[str, Any]:
    """The cap on 优秀, the sum of the ratings, who may be rated, the time in which it is held."""
    first, last = window(record, law) or (None, None)
    members = record.members
    return {
        "excellent_cap": cap(members, law) if isinstance(members, int) else None,
        "rated_total": total(record),
        "rateable": rateable(record),
        "held_from": first,
        "held_until": last,
    }

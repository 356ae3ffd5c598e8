"""Counted facts in, sentences out: what a bulletin says before anybody words it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from core.periods import Period
from core.workdays import Calendar

KINDS = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}
"""Cycle kind → period kind."""

TITLES = {"monthly": "月度通报", "quarterly": "季度算账通报", "yearly": "年度交账通报"}


@dataclass(frozen=True, slots=True)
class Count:
    """What one organisation did of one duty in the period; ``rows`` are the ids behind it."""

    organization: int
    name: str
    duty: str
    title: str
    owed: int
    done: int
    late: int
    waived: int
    recorded_late: int = 0
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a bulletin: ``facts`` are locked sentences, ``wording`` is the department's own text."""

    key: str
    heading: str
    facts: tuple[str, ...] = ()
    wording: str = ""
    table: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The form kept in the database."""
        return {
            "key": self.key,
            "heading": self.heading,
            "facts": list(self.facts),
            "wording": self.wording,
            "table": self.table,
        }


def freeze_day(period: Period, working_day: int, calendar: Calendar) -> date:
    """The ``working_day``-th working day after the period's last day."""
    return calendar.add(period.end, working_day)


def rate(done: int, owed: int) -> str:
    """``96.2%`` with one decimal, or ``—`` where nothing was owed."""
    return f"{100 * done / owed:.1f}%" if owed else "—"


def add(counts: Sequence[Count]) -> Count:
    """The sum of counts (names are dropped)."""
    return Count(
        organization=0,
        name="合计",
        duty="",
        title="合计",
        owed=sum(c.owed for c in counts),
        done=sum(c.done for c in counts),
        late=sum(c.late for c in counts),
        waived=sum(c.waived for c in counts),
        recorded_late=sum(c.recorded_late for c in counts),
    )


def draft(period: Period, counts: Sequence[Count], before: Sequence[Count]) -> list[Section]:
    """The sections of a bulletin for ``period``; ``before`` are the counts of the period before."""
    return [
        overall(period, counts, before),
        by_duty(counts),
        by_unit(counts),
        problems(counts),
        Section("practice", "典型做法"),
        Section("next", "下步要求", wording=default_wording(counts)),
    ]


def overall(period: Period, counts: Sequence[Count], before: Sequence[Count]) -> Section:
    """一、总体情况: owed, done, overdue, waived, and the change against the period before."""
    total, last = add(counts), add(before)
    first = (
        f"{period.label}，所属各级党组织应落实组织生活{total.owed}项，已落实{total.done}项，"
        f"落实率{rate(total.done, total.owed)}；逾期未落实{total.late}项，"
        f"经批准免办{total.waived}项，补录{total.recorded_late}项。"
    )
    return Section("overall", "总体情况", (first, *_change(total, last)))


def _change(total: Count, last: Count) -> tuple[str, ...]:
    if not last.owed or not total.owed:
        return ()
    points = 100 * total.done / total.owed - 100 * last.done / last.owed
    if abs(points) < 0.05:
        return ("落实率与上期持平。",)
    return (f"落实率比上期{'提高' if points > 0 else '下降'}{abs(points):.1f}个百分点。",)


def by_duty(counts: Sequence[Count]) -> Section:
    """二、分项落实情况: one sentence a duty."""
    duties = {c.duty: c.title for c in counts}
    facts = []
    for duty, title in duties.items():
        total = add([c for c in counts if c.duty == duty])
        tail = f"，逾期{total.late}项" if total.late else ""
        facts.append(
            f"{title}：应落实{total.owed}项，已落实{total.done}项，"
            f"落实率{rate(total.done, total.owed)}{tail}。"
        )
    return Section("duties", "分项落实情况", tuple(facts))


def by_unit(counts: Sequence[Count]) -> Section:
    """三、各单位落实情况: a table in the order of the establishment, no ranking."""
    rows = []
    for organization, name in {c.organization: c.name for c in counts}.items():
        total = add([c for c in counts if c.organization == organization])
        rows.append(
            [
                name,
                str(total.owed),
                str(total.done),
                str(total.late),
                str(total.waived),
                rate(total.done, total.owed),
            ]
        )
    whole = add(counts)
    table = {
        "columns": ["单位", "应落实", "已落实", "逾期", "免办", "落实率"],
        "rows": rows,
        "total": [
            "合计",
            str(whole.owed),
            str(whole.done),
            str(whole.late),
            str(whole.waived),
            rate(whole.done, whole.owed),
        ],
    }
    return Section("units", "各单位落实情况", ("按编制序列排列，不作排名。",), table=table)


def problems(counts: Sequence[Count]) -> Section:
    """四、存在问题: what is overdue, unit by unit; nothing is said where nothing is late."""
    late = [c for c in counts if c.late]
    if not late:
        return Section("problems", "存在问题", ("本期没有逾期未落实事项。",))
    units: dict[str, list[str]] = {}
    for count in late:
        units.setdefault(count.name, []).append(f"{count.title}{count.late}项")
    facts = tuple(f"{name}：{'、'.join(items)}逾期未落实。" for name, items in units.items())
    return Section("problems", "存在问题", facts)


def default_wording(counts: Sequence[Count]) -> str:
    """A first wording of the last section, for the department to change."""
    if any(c.late for c in counts):
        return (
            "请有关党组织对照逾期事项逐项说明原因，抓紧落实并及时补录，确因执勤备战不能按期落实的按规定申请免办。\n"
            "各级党组织要把组织生活质量放在首位，防止以记录代替落实，不得要求基层重复报送本平台已有的内容。"
        )
    return (
        "请各级党组织继续按时保质落实组织生活制度，注重解决实际问题，不得要求基层重复报送本平台已有的内容。"
    )


def grant_state(since: date, until: date | None, today: date, soon: int) -> str:
    """Where an authorisation stands: the first day counts, the day of leaving not (branches rule 10).

    ``future``, ``past``, ``ending`` (held, and over within ``soon`` days) or ``current``.
    """
    if since > today:
        return "future"
    if until is None:
        return "current"
    if until <= today:
        return "past"
    return "ending" if until <= today + timedelta(days=soon) else "current"

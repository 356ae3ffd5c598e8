"""Transfer of membership (组织关系转接): when it is due, the letter, in transit, the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.periods import add_months
from regulations.facts import UNKNOWN, Span, Unknown
from regulations.rules import Finding, Law, by_readings

Day = date | None | Unknown


@dataclass(frozen=True, slots=True)
class Transfer:
    """The record of kind ``transfer``; ``direct`` is the way between committees (TR-02)."""

    sent_on: Day = UNKNOWN
    received_on: Day = UNKNOWN
    letter_valid_days: Span | None | Unknown = UNKNOWN
    reason: str | None | Unknown = UNKNOWN
    direct: bool | Unknown = UNKNOWN
    receipt_on: Day = UNKNOWN
    away_since: Day = UNKNOWN
    member_full: bool | Unknown = UNKNOWN
    probation_ends: Day = UNKNOWN


def day(value: Day) -> date | None:
    """The day, ``None`` where it has not come or is not known."""
    return value if isinstance(value, date) else None


def must_move(record: Transfer, law: Law) -> Iterator[Finding]:
    """TR-01 (教育管理条例 art 25): away for six months or more, the membership moves."""
    least, away = law.value("TR-01.months"), day(record.away_since)
    after = day(record.received_on) or day(record.receipt_on)
    if record.sent_on is UNKNOWN:
        yield from law.lacks("TR-01", "转出日期")
    elif record.sent_on is None and after:
        yield law.breaks("TR-01", f"没有转出组织关系，后面的步骤已有日期（{after}）")
    elif record.sent_on is None and record.away_since is UNKNOWN:
        yield from law.lacks("TR-01", "外出或者变动的起始日期")
    elif record.sent_on is None and away and law.day >= (due := add_months(away, least.count)):
        message = f"{away} 起外出，到 {due} 满 {least.count} {least.unit}，应当转移组织关系"
        yield law.breaks("TR-01", message, due=due)


def in_transit(record: Transfer, law: Law) -> Iterator[Finding]:
    """TR-03 (same article): until the acceptance the old organisation stays responsible."""
    sent, received, receipt = day(record.sent_on), day(record.received_on), day(record.receipt_on)
    if record.received_on is UNKNOWN and record.sent_on is not None:
        yield from law.lacks("TR-03", "接收日期")
    elif record.received_on is None and receipt:
        message = f"还没有接收就开具了回执（{receipt}）；接收前由原党组织继续负责"
        yield law.breaks("TR-03", message)
    elif sent and received and received < sent:
        yield law.breaks("TR-03", f"接收日期（{received}）早于转出日期（{sent}）")


def readings(record: Transfer, law: Law) -> list[date]:
    """TR-04: the last days of the letter by each reading: as written on it, and by each source."""
    sent, days = day(record.sent_on), record.letter_valid_days
    if sent is None:
        return []
    written = [sent + timedelta(days=days)] if isinstance(days, int) else []
    return [*written, *_limits(sent, law)]


def _limits(sent: date, law: Law) -> list[date]:
    """TR-04: how long a letter may be valid by each source: 90 days, three months, six."""
    names = ("TR-04.months", "TR-04.longest_months")
    months = [add_months(sent, law.value(name).count) for name in names]
    return [sent + timedelta(days=law.value("TR-04.days").count), *months]


def letter_period(record: Transfer, law: Law) -> Iterator[Finding]:
    """TR-04 (sources differ): a letter is valid for three months, by one page six."""
    sent, days = day(record.sent_on), record.letter_valid_days
    if record.sent_on is UNKNOWN or (sent and days is UNKNOWN):
        yield from law.lacks("TR-04", "转出日期或者介绍信有效天数")
    if sent is None or not isinstance(days, int):
        return
    until, limits = sent + timedelta(days=days), _limits(sent, law)
    level = by_readings([until <= limit for limit in limits])
    if level:
        bounds = f"各种说法最短到 {min(limits)}、最长到 {max(limits)}"
        message = f"介绍信有效期 {days} 天，到 {until}；{bounds}"
        yield law.breaks("TR-04", message, level=level)


def letter_used(record: Transfer, law: Law) -> Iterator[Finding]:
    """TR-04: accepted, or still on its way, after the letter ran out by some or all readings."""
    if record.received_on is UNKNOWN and record.sent_on is not None:
        yield from law.lacks("TR-04", "接收日期")
    if record.received_on is UNKNOWN or not (lasts := readings(record, law)):
        return
    done = day(record.received_on) or law.day
    level = by_readings([done <= last for last in lasts])
    if level:
        word = "接收" if day(record.received_on) else "仍未接收"
        message = f"介绍信最早 {min(lasts)}、最迟 {max(lasts)} 失效，{done} {word}"
        yield law.breaks("TR-04", message, level=level, latest=max(lasts))


def receipt(record: Transfer, law: Law) -> Iterator[Finding]:
    """TR-05 (组通字〔2015〕33号): the receipt goes back within a month of the acceptance."""
    received, back = day(record.received_on), day(record.receipt_on)
    if received is None:
        if record.received_on is UNKNOWN and record.sent_on is not None:
            yield from law.lacks("TR-05", "接收日期")
        return
    limit = law.value("TR-05.months")
    latest = add_months(received, limit.count)
    if record.receipt_on is UNKNOWN:
        yield from law.lacks("TR-05", "回执日期")
    elif back and back < received:
        yield law.breaks("TR-05", f"回执日期（{back}）早于接收日期（{received}）")
    elif (back or law.day) > latest:
        done = f"{back} 才寄回" if back else "至今没有寄回"
        yield law.breaks("TR-05", f"{received} 接收，回执最迟 {latest} 寄回，{done}", latest=latest)


RULES = (must_move, in_transit, letter_period, letter_used, receipt)


def derive(record: Transfer, law: Law) -> dict[str, Any]:
    """Where the member stands, who is responsible, and the days that follow."""
    away, received = day(record.away_since), day(record.received_on)
    ends = day(record.probation_ends)
    lasts = readings(record, law)
    return {
        "state": state(record),
        "responsible": "new" if received else "old",
        "transfer_due": add_months(away, law.value("TR-01.months").count) if away else None,
        "letter_ends": min(lasts, default=None),
        "letter_ends_latest": max(lasts, default=None),
        "receipt_due": add_months(received, law.value("TR-05.months").count) if received else None,
        "discussion_latest": add_months(ends, law.value("DP-34.months").count) if ends else None,
    }


def state(record: Transfer) -> str:
    """TR-03: ``not_sent``, ``in_transit`` (the old organisation answers) or ``received``."""
    if day(record.received_on):
        return "received"
    return "in_transit" if day(record.sent_on) else "not_sent"

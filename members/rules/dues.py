"""Party dues (党费) of a month: the amount by band, arrears, what is forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from regulations.choices import Level
from regulations.facts import UNKNOWN, Month, Span, Unknown
from regulations.rules import Finding, Law, Parameter

Staff = Literal["active", "retired", "student"]
Amount = Decimal | None | Unknown

CENT = Decimal("0.01")
RULE: dict[Staff, str] = {"active": "DU-02", "retired": "DU-03", "student": "DU-04"}
"""The rule that gives the amount for each kind of member."""


@dataclass(frozen=True, slots=True)
class Dues:
    """The record of kind ``dues``: amounts in yuan, ``months_in_arrears`` in a row."""

    staff: Staff | Unknown = UNKNOWN
    monthly_base: Amount = UNKNOWN
    paid: Amount = UNKNOWN
    paid_on: date | None | Unknown = UNKNOWN
    month: Month | None | Unknown = UNKNOWN
    months_in_arrears: Span | None | Unknown = UNKNOWN
    arrears_without_reason: bool | Unknown = UNKNOWN
    deducted_from_pay: bool | Unknown = UNKNOWN


def due(record: Dues, law: Law) -> Decimal | None:
    """DU-02–04: the amount that the rule gives, half up to a cent; ``None`` while unknown."""
    if record.staff == "student":
        return cents(Decimal(law.value("DU-04.amount").value))
    if isinstance(record.staff, Unknown) or not isinstance(record.monthly_base, Decimal):
        return None
    bands = law.value(f"{RULE[record.staff]}.bands")
    return cents(record.monthly_base * rate(record.monthly_base, bands))


def rate(base: Decimal, bands: Parameter) -> Decimal:
    """The rate of the band of ``base``; a band includes its upper end, for the whole base."""
    for upper, share in bands.items:
        if not upper or base <= Decimal(upper):
            return Decimal(share)
    raise ValueError(f"{bands.code} 没有不设上限的档次")


def cents(amount: Decimal) -> Decimal:
    """Half up to two decimals (contract, “Sums”)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def amount(record: Dues, law: Law) -> Iterator[Finding]:
    """DU-02 (党费规定 art 2), DU-03 (art 5), DU-04 (art 6): paid as the band says.

    Less is an error; more may be given of free will (art 11) and is only pointed out.
    """
    if isinstance(record.staff, Unknown):
        for rule in RULE.values():
            yield from law.lacks(rule, "人员类别")
        return
    rule, owed = RULE[record.staff], due(record, law)
    if owed is None:
        yield from law.lacks(rule, "党费计算基数")
    elif record.paid is UNKNOWN:
        yield from law.lacks(rule, "实交金额")
    elif record.paid is not None and record.paid != owed:
        less = record.paid < owed
        words = "少交" if less else "多交；自愿多交的应当注明"
        message = f"应交 {owed} 元，实交 {record.paid} 元，{words}"
        yield law.breaks(rule, message, level=None if less else Level.WARNING, due=str(owed))


def arrears(record: Dues, law: Law) -> Iterator[Finding]:
    """DU-07 (art 12, soft): paid monthly; arrears generally of six months at most."""
    most, months = law.value("DU-07.months"), months_late(record, law.day)
    if months is not None and not most.admits(months):
        message = f"拖欠 {months} 个月，补交党费一般{most.words}"
        yield law.breaks("DU-07", message, months=months)


def months_late(record: Dues, on: date) -> int | None:
    """Months in arrears: as recorded, else from the month to the payment, or to ``on``."""
    if isinstance(record.months_in_arrears, int):
        return record.months_in_arrears
    until = on if record.paid_on is None else record.paid_on
    if not isinstance(record.month, Month) or not isinstance(until, date):
        return None
    return max((until.year - record.month.year) * 12 + until.month - record.month.month, 0)


def lapse(record: Dues, law: Law) -> Iterator[Finding]:
    """DU-08 (art 13): six months in a row unpaid without reason; people decide what follows."""
    least, months = law.value("DU-08.months"), record.months_in_arrears
    if months is UNKNOWN:
        yield from law.lacks("DU-08", "连续未交党费的月数")
    elif not least.admits(months or 0):
        return
    elif record.arrears_without_reason is UNKNOWN:
        yield from law.lacks("DU-08", "未交党费有无正当理由")
    elif record.arrears_without_reason:
        what = f"没有正当理由连续 {months} 个月未交党费"
        message = f"{what}；{least.words}的，由党组织按自行脱党研究处理"
        yield law.breaks("DU-08", message, months=months)


def deduction(record: Dues, law: Law) -> Iterator[Finding]:
    """DU-09 (art 14): never deducted from pay."""
    if record.deducted_from_pay is UNKNOWN:
        yield from law.lacks("DU-09", "是否从工资中代扣")
    elif record.deducted_from_pay:
        yield law.breaks("DU-09", "党费不得从工资中代扣，应由本人主动交纳")


RULES = (amount, arrears, lapse, deduction)


def derive(record: Dues, law: Law) -> dict[str, Any]:
    """The amount due as a decimal text, the rate applied, the months late."""
    owed, base = due(record, law), record.monthly_base
    staff = record.staff
    banded = staff in ("active", "retired") and isinstance(base, Decimal)
    return {
        "due": None if owed is None else f"{owed:.2f}",
        "rate": str(rate(base, law.value(f"{RULE[staff]}.bands")))
        if banded and isinstance(base, Decimal) and not isinstance(staff, Unknown)
        else None,
        "months_late": months_late(record, law.day),
    }

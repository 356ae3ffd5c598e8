"""不计入应到会: recorded once as a dated fact, completed with consent and approval, ended (XA-01–07)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from branches.queries import parameter
from core.decisions import ActionError, StaleRecord, require
from core.periods import add_months
from core.text import tidy
from members.actions import ground
from members.choices import IN_PARTY, Exempt
from members.models import Exemption
from members.permissions import can_edit, can_settle
from members.queries import last_exemption

if TYPE_CHECKING:
    from core.actor import Actor
    from members.models import Member

LEAST = {Exempt.ABROAD: "XA-02.months", Exempt.AWAY_HALF_YEAR: "XA-05.months"}
"""The reasons that ask for a least time, and the parameter that says how long."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The two conditions: who of the superiors consented when, and when the members' meeting approved."""

    consented_on: date | None = None
    consented_by: str = ""
    consent_number: str = ""
    approved_on: date | None = None


@transaction.atomic
def exempt(
    by: Actor,
    member: Member,
    *,
    reason: str,
    since: date,
    until: date | None = None,
    consent: Consent | None = None,
) -> Exemption:
    """Record that a member need not be counted as due from ``since`` until ``until`` (the first day again).

    The reason stays out of the audit trail: it may tell of an illness or a case.
    """
    fresh = ground.locked(member)
    require(can_edit(by, fresh, "exempt"))
    if fresh.stage not in IN_PARTY:
        raise ActionError("只有党员计入应到会人数，不需要登记。", field="reason")
    if reason not in Exempt.values:
        raise ActionError("请选择不计入应到会的情形。", field="reason")
    ground.check_past(since, "since")
    _check_time(fresh, reason, since, until)
    rows = Exemption.objects.filter(person_id=fresh.person_id, organization=fresh.organization_id)
    if rows.overlapping(since, until).exists():
        raise ActionError("这段时间已有不计入应到会的登记，请先办理恢复计入。", field="since")
    values = _checked(consent or Consent())
    row = Exemption.objects.create(
        person_id=fresh.person_id,
        organization_id=fresh.organization_id,
        reason=reason,
        since=since,
        until=until,
        **values,
    )
    after = {"since": since, "until": until} | values
    ground.tell(by, "exempt", "登记不计入应到会", fresh, since, after=after)
    return row


@transaction.atomic
def complete_exemption(
    by: Actor, member: Member, consent: Consent, *, row: Exemption | None = None
) -> Exemption:
    """Enter or correct consent and approval of the latest entry; filed meetings stay as they are.

    ``row``: the entry that is meant, which must be the latest one.
    """
    fresh, row = _settled(by, member, "consent", row)
    values = _checked(consent)
    before = {name: getattr(row, name) for name in values}
    _write(row, values)
    ground.tell(by, "consent", "登记不计入应到会的同意和通过", fresh, row.since, before=before, after=values)
    return row


@transaction.atomic
def count_again(
    by: Actor, member: Member, *, until: date, reason: str, row: Exemption | None = None
) -> Exemption:
    """Count the member again from ``until`` on; the day on which it began takes the entry back.

    ``row``: the entry that is meant, which must be the latest one.
    """
    fresh, row = _settled(by, member, "recount", row)
    ground.check_past(until, "until")
    if until < row.since:
        raise ActionError(f"恢复日期不能早于开始日期 {row.since}。", field="until")
    if row.until and row.until <= until:
        raise ActionError(f"已从 {row.until} 起恢复计入应到会。", field="until")
    before = {"until": row.until}
    _write(row, {"until": until})
    ground.tell(
        by,
        "recount",
        "恢复计入应到会",
        fresh,
        until,
        before=before,
        after={"until": until},
        reason=reason,
    )
    return row


def _settled(by: Actor, member: Member, verb: str, meant: Exemption | None) -> tuple[Member, Exemption]:
    """The member under lock and the latest entry; NotAllowed without one, stale where another is meant."""
    fresh = ground.locked(member)
    row = last_exemption(fresh)
    require(can_settle(by, fresh, row, verb))
    assert row is not None  # can_settle denies without one
    if meant is not None and meant.pk != row.pk:
        raise StaleRecord("这不是本支部最近一次登记，不能再修改，请刷新后核对。")
    return fresh, row


def _check_time(member: Member, reason: str, since: date, until: date | None) -> None:
    """The end comes after the beginning, and not before the least time that the clause names."""
    if until and until <= since:
        raise ActionError("恢复日期应晚于开始日期。", field="until")
    code = LEAST.get(Exempt(reason))
    if code is None or until is None:
        return
    least = parameter(code, member.organization, since)
    if until < add_months(since, least.count):
        words = f"这种情形须{least.words}；不到的仍计入应到会，请按次登记请假。"
        raise ActionError(words, field="until")


def _checked(consent: Consent) -> dict[str, Any]:
    """Dates that have come, and a consent with whose it is."""
    values = asdict(consent)
    for name in ("consented_on", "approved_on"):
        if values[name]:
            ground.check_past(values[name], name)
    for name in ("consented_by", "consent_number"):
        values[name] = tidy(values[name])
        if len(values[name]) > 100:
            raise ActionError("不能超过 100 字。", field=name)
    if consent.consented_on and not values["consented_by"]:
        raise ActionError("请写明是哪个上级党组织同意的。", field="consented_by")
    if not consent.consented_on and values["consent_number"]:
        raise ActionError("请填写上级同意的日期。", field="consented_on")
    if not consent.consented_on:
        values["consented_by"] = ""  # the form proposes a name before there is a consent
    return values


def _write(row: Exemption, values: dict[str, Any]) -> None:
    Exemption.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)

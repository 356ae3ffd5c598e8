"""临时参加组织生活: a member takes part in another branch for a time, the relation stays at home (MT-14, BR-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from branches.models import Organization
from core.decisions import ActionError, StaleRecord, require
from core.text import tidy
from members.actions import ground
from members.choices import IN_PARTY, StayKind
from members.models import Member, Stay
from members.permissions import can_lend, can_recall

if TYPE_CHECKING:
    from core.actor import Actor

LONGEST = 100
"""Letters of a reason or a number of approval."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a stay is for: kind, from when until when (the day of going home), why, on which paper."""

    kind: str
    since: date
    until: date | None = None
    reason: str = ""
    approval: str = ""


@transaction.atomic
def lend(by: Actor, member: Member, organization: Organization, terms: Terms) -> Stay:
    """Let a member take part in the organisational life of ``organization``; the relation stays where it is."""
    fresh = ground.locked(member)
    require(can_lend(by, fresh, organization))
    host = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    _check_host(fresh, host)
    reason, approval = _checked(terms)
    rows = Stay.objects.filter(person_id=fresh.person_id).overlapping(terms.since, terms.until)
    other = rows.select_related("organization").first()
    if other is not None:
        words = f"这段时间已登记在{other.organization}参加组织生活，请先办理结束。"
        raise ActionError(words, field="since")
    stay = Stay.objects.create(
        person_id=fresh.person_id,
        organization=host,
        kind=terms.kind,
        since=terms.since,
        until=terms.until,
        reason=reason,
        approval=approval,
    )
    after = {"organization": host, "kind": stay.get_kind_display(), "since": terms.since}
    ground.tell(
        by,
        "lend",
        "登记临时参加组织生活",
        fresh,
        terms.since,
        after=after | {"until": terms.until},
        reason=reason,
    )
    return stay


@transaction.atomic
def recall(by: Actor, stay: Stay, *, until: date, reason: str) -> Stay:
    """The member takes part at home again from ``until`` on; the first day takes the entry back."""
    fresh = ground.locked(Member.objects.get(person=stay.person_id))
    row = Stay.objects.select_related("organization").get(pk=stay.pk)
    require(can_recall(by, fresh, row))
    ground.check_past(until, "until")
    if until < row.since:
        raise ActionError(f"结束日期不能早于开始日期 {row.since}。", field="until")
    why = _words(reason, "reason")
    before = row.until
    if not Stay.objects.filter(pk=row.pk, until=before).update(until=until):
        raise StaleRecord("这条登记刚才已被他人更改，请刷新页面核对。")
    row.until = until
    ground.tell(
        by,
        "recall",
        "结束临时参加组织生活",
        fresh,
        until,
        before={"organization": row.organization, "until": before},
        after={"until": until},
        reason=why,
    )
    return row


def _check_host(member: Member, organization: Organization) -> None:
    """A party member, and another branch that exists."""
    ground.check_branch(organization)
    if member.stage not in IN_PARTY:
        raise ActionError("只有党员可以编入其他党支部参加组织生活。", field="organization")
    if organization.pk == member.organization_id:
        raise ActionError("组织关系就在这个支部，请另选党支部。", field="organization")


def _checked(terms: Terms) -> tuple[str, str]:
    """Reason and number of approval, tidied; dates in order."""
    if terms.kind not in StayKind.values:
        raise ActionError("请选择情形。", field="kind")
    ground.check_past(terms.since, "since")
    if terms.until and terms.until <= terms.since:
        raise ActionError("结束日期应晚于开始日期。", field="until")
    reason = _words(terms.reason, "reason")
    approval = tidy(terms.approval)
    if len(approval) > LONGEST:
        raise ActionError(f"不能超过 {LONGEST} 字。", field="approval")
    return reason, approval


def _words(text: str, field: str) -> str:
    words = tidy(text)
    if not words:
        raise ActionError("请写明原因。", field=field)
    if len(words) > LONGEST:
        raise ActionError(f"不能超过 {LONGEST} 字。", field=field)
    return words

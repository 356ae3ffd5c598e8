"""Dated changes: stage, branch, group, rights. Each function is one transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from core.decisions import ActionError, require
from members.actions import ground
from members.choices import Precision, Stage
from members.models import Member, Membership, RightsSuspension, Standing, Stay
from members.permissions import can_edit, can_manage, can_transfer

if TYPE_CHECKING:
    from branches.models import Organization
    from core.actor import Actor


@transaction.atomic
def change_stage(
    by: Actor, member: Member, *, stage: str, since: date, reason: str = "", precision: str = Precision.DAY
) -> Member:
    """Put a member at ``stage`` from the day ``since``; 入党 and 转正 dates follow from it."""
    fresh = ground.locked(member)
    require(can_manage(by, fresh, "stage"))
    ground.check_past(since, "since")
    if fresh.stage == stage:
        raise ActionError(f"此人已是{fresh.get_stage_display()}。", field="stage")
    _close(Standing.objects.filter(person_id=fresh.person_id), since)
    Standing.objects.create(person_id=fresh.person_id, stage=stage, since=since, precision=precision)
    before, changes = fresh.get_stage_display(), {"stage": stage} | _dates(stage, since, precision)
    _save(fresh, changes)
    ground.tell(
        by,
        "stage",
        "变更党员身份",
        fresh,
        since,
        before={"stage": before},
        after={"stage": fresh.get_stage_display(), "since": since},
        reason=reason,
    )
    return fresh


@transaction.atomic
def transfer(
    by: Actor,
    member: Member,
    *,
    organization: Organization,
    since: date,
    reason: str,
    group: Organization | None = None,
) -> Member:
    """Move a member to another branch of the portal from the day ``since``."""
    fresh = ground.locked(member)
    require(can_transfer(by, fresh, organization))
    ground.check_branch(organization)
    ground.check_group(group, organization.pk)
    ground.check_past(since, "since")
    if fresh.organization_id == organization.pk:
        raise ActionError("此人已在这个支部，请另选党支部。", field="organization")
    old = fresh.organization
    ground.end_exemptions(fresh, since)
    ground.end_stays(fresh, since, organization)
    _rehouse(fresh, organization, group, since, reason)
    ground.tell(
        by,
        "transfer",
        "组织关系转接",
        fresh,
        since,
        before={"organization": old},
        after={"organization": organization, "since": since},
        reason=reason,
    )
    return fresh


@transaction.atomic
def assign_group(by: Actor, member: Member, *, group: Organization | None, since: date) -> Member:
    """Put a member into a group of the own branch (None: into none) from the day ``since``."""
    fresh = ground.locked(member)
    require(can_edit(by, fresh, "group"))
    ground.check_group(group, fresh.organization_id)
    ground.check_past(since, "since")
    if fresh.group == group:
        return fresh
    old = fresh.group
    _rehouse(fresh, fresh.organization, group, since, "调整党小组")
    ground.tell(
        by,
        "group",
        "调整党小组",
        fresh,
        since,
        before={"group": old},
        after={"group": group, "since": since},
    )
    return fresh


@transaction.atomic
def suspend_rights(
    by: Actor, member: Member, *, kind: str, since: date, until: date | None = None
) -> RightsSuspension:
    """Record that a full member may not vote or stand for a time (选举条例 art 5); no case contents."""
    fresh = ground.locked(member)
    require(can_manage(by, fresh, "suspend"))
    if fresh.stage != Stage.FULL:
        raise ActionError("只有正式党员有表决权、选举权和被选举权。", field="kind")
    if until and until <= since:
        raise ActionError("恢复日期应晚于开始日期。", field="until")
    rows = RightsSuspension.objects.filter(person_id=fresh.person_id)
    if rows.filter(until__isnull=True).exists():
        raise ActionError("已有尚未恢复的权利中止记录。", field="since")
    row = RightsSuspension.objects.create(person_id=fresh.person_id, kind=kind, since=since, until=until)
    ground.tell(by, "suspend", "中止党员权利", fresh, since, after={"since": since, "until": until})
    return row


@transaction.atomic
def restore_rights(by: Actor, member: Member, *, until: date) -> Member:
    """End the open suspension; ``until`` is the first day with full rights again."""
    fresh = ground.locked(member)
    require(can_manage(by, fresh, "restore"))
    rows = RightsSuspension.objects.filter(person_id=fresh.person_id, until__isnull=True)
    if rows.filter(since__gt=until).exists():
        raise ActionError("恢复日期不能早于开始日期。", field="until")
    if not rows.update(until=until):
        raise ActionError("没有尚未恢复的权利中止记录。", field="until")
    ground.tell(by, "restore", "恢复党员权利", fresh, until, after={"until": until})
    return fresh


def close_branch(organization: Organization, on: date) -> None:
    """A branch ends (news from the room below): refused while it has members; guests go home on that day (BR-11)."""
    require_no_members(organization)
    Stay.objects.filter(organization=organization).overlapping(on, None).filter(since__lte=on).update(
        until=on
    )


def require_no_members(organization: Organization) -> None:
    """Refuse the end of a branch that still has members."""
    rows = Membership.objects.filter(organization=organization, until__isnull=True)
    grouped = Membership.objects.filter(group=organization, until__isnull=True)
    if rows.exists() or grouped.exists():
        raise ActionError("还有在册人员，请先办理组织关系转接或调整党小组。")


def _dates(stage: str, since: date, precision: str) -> dict[str, Any]:
    """The dates of a member that follow from a new stage."""
    if stage == Stage.PROBATIONARY:
        return {"joined_on": since, "joined_precision": precision}
    if stage == Stage.FULL:
        return {"full_on": since, "full_precision": precision}
    return {}


def _rehouse(
    member: Member, organization: Organization, group: Organization | None, since: date, reason: str
) -> None:
    """End the open membership on ``since`` and open the next one."""
    _close(Membership.objects.filter(person_id=member.person_id), since)
    Membership.objects.create(
        person_id=member.person_id,
        organization=organization,
        group=group,
        since=since,
        reason=reason[:100],
    )
    _save(member, {"organization": organization, "group": group})


def _close(rows: Any, since: date) -> None:
    """End the open dated row on ``since``; refused when that row began later."""
    opened = rows.filter(until__isnull=True)
    last = opened.values_list("since", flat=True).first()
    if last and last > since:
        raise ActionError(f"日期不能早于上一次变动的日期 {last}。", field="since")
    opened.update(until=since)


def _save(member: Member, changes: dict[str, Any]) -> None:
    """Write the caches of a member under lock and raise its version."""
    Member.objects.filter(pk=member.pk).update(version=F("version") + 1, **changes)
    for name, value in changes.items():
        setattr(member, name, value)
    member.version += 1

"""The tree: found, rename, move, dissolve. Each function is one transaction."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from branches.actions.ground import assign, current, lock_tree, tell
from branches.choices import Kind
from branches.models import Organization, Placement
from branches.permissions import can_edit, can_found, can_move
from branches.querysets import STEP, step
from core import clock, rollups
from core.decisions import ActionError, require
from core.pinyin import spell

if TYPE_CHECKING:
    from core.actor import Actor

DEPTH = 20
"""Steps that fit into the path column (140 digits)."""
BELOW_BRANCH = (Kind.GROUP, Kind.YOUTH)
DETAILS = frozenset({"level", "temporary", "joint", "founded_on", "position", "approval", "study_group"})


@transaction.atomic
def found(
    by: Actor,
    *,
    code: str,
    name: str,
    short_name: str,
    kind: str,
    parent: Organization | None,
    level: str = "",
    unit_name: str = "",
    bureau_name: str = "",
    temporary: bool = False,
    joint: bool = False,
    founded_on: date | None = None,
    duties_from: date | None = None,
    position: int = 0,
    approval: str = "",
    study_group: bool = False,
) -> Organization:
    """Found an organisation under ``parent`` (None: the root, only at the first start).

    ``duties_from`` is the first day it uses the portal (default: today); the path comes from the id.
    Raises ActionError when the code is taken or the kind does not fit under the parent.
    """
    lock_tree()
    parent = current(parent) if parent else None
    require(can_found(by, parent, kind))
    day = duties_from or clock.today()
    _check_place(kind, parent)
    if Organization.objects.filter(code=code).exists():
        raise ActionError("这个编号已被使用，请换一个编号。", field="code")
    pinyin, initials = spell(name)
    organization = Organization.objects.create(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        parent=parent,
        level=level,
        unit_name=unit_name,
        bureau_name=bureau_name,
        temporary=temporary,
        joint=joint,
        founded_on=founded_on,
        duties_from=day,
        position=position,
        approval=approval,
        study_group=study_group,
        pinyin=pinyin,
        initials=initials,
        path=f"new-{uuid.uuid4().hex}",
    )
    organization.path = (parent.path if parent else "") + step(organization.pk)
    organization.save(update_fields=["path"])
    since = min(founded_on or day, day)
    Placement.objects.create(organization=organization, parent=parent, since=since, reason=approval)
    after = {"code": code, "name": name, "kind": kind, "parent": parent, "founded_on": founded_on}
    tell(by, "found", "建立组织", organization, organization, day, after=after)
    return organization


@transaction.atomic
def rename(
    by: Actor,
    organization: Organization,
    *,
    name: str,
    short_name: str,
    unit_name: str = "",
    bureau_name: str = "",
    reason: str = "",
    **details: Any,
) -> Organization:
    """Change names and, by ``details``, the fields in ``DETAILS``; writes nothing when all is as before."""
    organization = current(organization)
    require(can_edit(by, organization, "rename"))
    if not details.keys() <= DETAILS:
        raise TypeError(f"not a detail: {details.keys() - DETAILS}")
    pinyin, initials = spell(name)
    names = {"name": name, "short_name": short_name, "unit_name": unit_name, "bureau_name": bureau_name}
    before, after = assign(organization, names | details)
    if not after:
        return organization
    organization.pinyin, organization.initials = pinyin, initials
    organization.save()
    tell(
        by,
        "rename",
        "修改组织信息",
        organization,
        organization,
        clock.today(),
        before=before,
        after=after,
        reason=reason,
    )
    return organization


@transaction.atomic
def move(
    by: Actor, organization: Organization, *, parent: Organization, on: date, reason: str
) -> Organization:
    """Put ``organization`` with its subtree under ``parent`` from the day ``on`` (not in the future).

    The old placement ends on that day and stays in the history.
    """
    lock_tree()
    parent = current(parent)
    organization = current(organization)
    require(can_move(by, organization, parent))
    if parent.path.startswith(organization.path):
        raise ActionError("不能移到本组织或其下级组织之下，请另选上级组织。", field="parent")
    _check_place(organization.kind, parent)
    old_parent, placement = organization.parent, _open_placement(organization, on)
    Placement.objects.filter(pk=placement.pk).update(until=on)
    Placement.objects.create(organization=organization, parent=parent, since=on, reason=reason[:200])
    _repath(organization, parent)
    organization.refresh_from_db()
    rollups.mark_moved(Organization.objects.under(organization.path).values("pk"))
    tell(
        by,
        "move",
        "调整隶属关系",
        organization,
        organization,
        on,
        before={"parent": old_parent},
        after={"parent": parent, "on": on},
        reason=reason,
    )
    return organization


@transaction.atomic
def dissolve(by: Actor, organization: Organization, *, on: date, reason: str) -> Organization:
    """Dissolve on the day ``on``: posts and placement end, the record and its history stay.

    Refused while other organisations stand under it; rooms above refuse while it has members.
    """
    lock_tree()
    organization = current(organization)
    require(can_edit(by, organization, "dissolve"))
    if organization.parent is None:
        raise ActionError("根组织不能撤销。")
    if on > clock.today():
        raise ActionError("撤销日期不能晚于今天。", field="on")
    if organization.children.current().exists():
        raise ActionError("下面还有组织，请先撤销或调整其隶属关系。")
    placement = _open_placement(organization, on)
    Placement.objects.filter(pk=placement.pk).update(until=on)
    posts = organization.appointments.filter(Q(until__isnull=True) | Q(until__gt=on))
    posts.filter(since__lte=on).update(until=on)
    posts.filter(since__gt=on).update(until=F("since"))
    organization.dissolved_on = on
    organization.save(update_fields=["dissolved_on"])
    tell(
        by,
        "dissolve",
        "撤销组织",
        organization,
        organization,
        on,
        after={"dissolved_on": on},
        reason=reason,
    )
    return organization


def _check_place(kind: str, parent: Organization | None) -> None:
    """What may stand under what: groups under a branch, nothing but groups and youth under a branch."""
    if parent is None:
        return
    if kind == Kind.GROUP and parent.kind != Kind.BRANCH:
        raise ActionError("党小组应设在党支部之下，请另选上级组织。", field="parent")
    if parent.kind == Kind.GROUP or (parent.kind == Kind.BRANCH and kind not in BELOW_BRANCH):
        raise ActionError("党支部、党小组之下不能再设这一类组织，请另选上级组织。", field="parent")
    if len(parent.path) // STEP >= DEPTH:
        raise ActionError("层级过多，请另选上级组织。", field="parent")


def _open_placement(organization: Organization, on: date) -> Placement:
    """The placement in force, which may end on ``on``."""
    if on > clock.today():
        raise ActionError("生效日期不能晚于今天。", field="on")
    placement = organization.placements.get(until__isnull=True)
    if on < placement.since:
        raise ActionError(f"生效日期不能早于现隶属关系的起始日期 {placement.since}。", field="on")
    return placement


def _repath(organization: Organization, parent: Organization) -> None:
    """Write the new parent and the new paths of the subtree in two statements."""
    old, new = organization.path, parent.path + step(organization.pk)
    deepest = Organization.objects.under(old).order_by("-path").values_list("path", flat=True)
    longest = max(len(path) for path in deepest)
    if (longest - len(old) + len(new)) // STEP > DEPTH:
        raise ActionError("移动后层级过多，请另选上级组织。", field="parent")
    Organization.objects.under(old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    Organization.objects.filter(pk=organization.pk).update(parent=parent)

"""Who may keep the register; by current posts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.choices import POLITICAL_OFFICES, Kind
from branches.permissions import BRANCH_KEEPERS
from branches.queries import holds, holds_above
from core import clock
from core.decisions import Allowed, Decision, Denied

if TYPE_CHECKING:
    from branches.models import Organization
    from branches.queries import Viewer
    from core.actor import Actor
    from core.models import ImportBatch
    from members.models import Exemption, Member, Stay

SYSTEM_VERBS = frozenset(
    {
        "register",
        "stage",
        "transfer",
        "group",
        "update",
        "suspend",
        "restore",
        "exempt",
        "consent",
        "recount",
        "lend",
        "recall",
        "deactivate",
        "import",
        "undo_import",
    }
)
"""What a job of the system (first start, demo, the import command) may do here."""

NEEDS_POLITICAL = "需要本级或上级党委政治部门的职务，请联系上级政治部门办理。"
NEEDS_KEEPER = "需要本支部书记、副书记、组织委员或上级政治部门的职务。"
NOT_EXEMPT = "没有不计入应到会的登记，请先登记。"
INACTIVE = "此人已不在册，不能再修改。"


def is_political(by: Actor, organization: Organization, verb: str) -> bool:
    """Whether ``by`` keeps the register of ``organization``: its political offices, those above, or a job."""
    if by.is_system:
        return verb in SYSTEM_VERBS
    return holds_above(by.user, organization, POLITICAL_OFFICES)


def can_register(by: Actor, organization: Organization, verb: str = "register") -> Decision:
    """Add to the register, import a roster, undo the import: the political offices of the line."""
    return Allowed() if is_political(by, organization, verb) else Denied(NEEDS_POLITICAL)


def can_register_at(by: Actor, organization: Organization | None) -> Decision:
    """As :func:`can_register` for the organisation acted for, if there is one."""
    return can_register(by, organization) if organization else Denied(NEEDS_POLITICAL)


def keeps_register(viewer: Viewer) -> bool:
    """Whether the post acted for keeps a register and may see masks of personal numbers."""
    post = viewer.chosen
    return (
        post is not None
        and post.office in (*POLITICAL_OFFICES, *BRANCH_KEEPERS)
        and (post.office in POLITICAL_OFFICES or post.organization.kind == Kind.BRANCH)
    )


def can_import(by: Actor, organization: Organization) -> Decision:
    """Bring in a roster workbook for ``organization`` and what is under it."""
    return can_register(by, organization, "import")


def can_undo(by: Actor, batch: ImportBatch) -> Decision:
    """Take a confirmed import back; the time limit and later changes are judged by the action."""
    if batch.state != batch.State.CONFIRMED:
        return Denied("这一批次没有导入，或者已经撤销。")
    return can_register(by, batch.organization, "undo_import")


def can_manage(by: Actor, member: Member, verb: str) -> Decision:
    """Change stage, branch or rights, or take off the register."""
    if not member.active:
        return Denied(INACTIVE)
    return can_register(by, member.organization, verb)


def can_transfer(by: Actor, member: Member, target: Organization | None = None) -> Decision:
    """Move between branches: the political office must stand above both."""
    decision = can_manage(by, member, "transfer")
    if not decision or target is None:
        return decision
    if is_political(by, target, "transfer"):
        return Allowed()
    return Denied("转入的支部不在本人管理范围内，请由双方共同的上级政治部门办理。")


def can_edit(by: Actor, member: Member, verb: str = "update") -> Decision:
    """Correct details and the group: also the secretary and organisation member of the own branch."""
    if not member.active:
        return Denied(INACTIVE)
    if is_political(by, member.organization, verb):
        return Allowed()
    if holds(by.user, member.organization, BRANCH_KEEPERS):
        return Allowed()
    return Denied(NEEDS_KEEPER)


def can_settle(by: Actor, member: Member, row: Exemption | None, verb: str) -> Decision:
    """Complete or end that a member is not counted as due: whoever corrects details, once there is one."""
    decision = can_edit(by, member, verb)
    return Denied(NOT_EXEMPT) if decision and row is None else decision


def can_lend(by: Actor, member: Member, host: Organization | None = None) -> Decision:
    """Let a member take part in ``host`` for a time: the political office must stand above both (MT-14, BR-08)."""
    decision = can_manage(by, member, "lend")
    if not decision or host is None:
        return decision
    if is_political(by, host, "lend"):
        return Allowed()
    return Denied("编入的支部不在本人管理范围内，请由双方共同的上级政治部门办理。")


def can_take(by: Actor, host: Organization) -> Decision:
    """Enter at the host's page who takes part there: the political offices of its line."""
    return can_register(by, host, "lend")


def can_recall(by: Actor, member: Member, stay: Stay) -> Decision:
    """End a stay: keepers of home and host, who see the member come and go, and the offices above either."""
    if stay.until is not None and stay.until <= clock.today():
        return Denied(f"已于 {stay.until} 结束，不能再办理。")
    for place in (stay.organization, member.organization):
        if is_political(by, place, "recall") or holds(by.user, place, BRANCH_KEEPERS):
            return Allowed()
    return Denied(NEEDS_KEEPER)


def can_reveal(by: Actor, member: Member) -> Decision:
    """See a personal number in full, with a reason: those who keep the record, and the person."""
    if by.user is not None and by.user.person_id == member.person_id:
        return Allowed()
    if is_political(by, member.organization, "reveal"):
        return Allowed()
    if holds(by.user, member.organization, BRANCH_KEEPERS):
        return Allowed()
    return Denied(NEEDS_KEEPER)


def can_export(by: Actor) -> Decision:
    """Take the list away: whoever holds a post; the numbers in it are masked."""
    if by.post_id is None:
        return Denied("没有党内职务，不能导出花名册。")
    return Allowed()

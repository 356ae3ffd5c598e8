"""Who may change the tree, the posts and the local values; by current posts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.choices import POLITICAL_OFFICES, Kind, Office
from branches.queries import holds, holds_above
from core.decisions import Allowed, Decision, Denied

if TYPE_CHECKING:
    from branches.models import Appointment, Organization
    from core.actor import Actor

SYSTEM_VERBS = frozenset(
    {
        "found",
        "rename",
        "move",
        "dissolve",
        "start_term",
        "appoint",
        "end_appointment",
        "set_local_value",
    }
)
"""What a job of the system (first start, demo) may do here."""

BRANCH_KEEPERS = (Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.ORGANISATION_MEMBER)
"""Those of a branch who keep its groups and register."""

NEEDS_POLITICAL = "需要本级或上级党委政治部门的职务，请联系上级政治部门办理。"
NOT_ONESELF = "不能给本人任免职务，请由上级政治部门办理。"
ROOT_ONLY_AT_START = "根组织只在首次启用时建立。"


def is_political(by: Actor, organization: Organization, verb: str) -> bool:
    """Whether ``by`` keeps the tree of ``organization``: its political offices, those above, or a job."""
    if by.is_system:
        return verb in SYSTEM_VERBS
    return holds_above(by.user, organization, POLITICAL_OFFICES)


def can_found(by: Actor, parent: Organization | None, kind: str = "") -> Decision:
    """Found an organisation under ``parent``; a branch founds its own 党小组 itself."""
    if parent is None:
        return Allowed() if by.is_system else Denied(ROOT_ONLY_AT_START)
    if is_political(by, parent, "found"):
        return Allowed()
    if kind == Kind.GROUP and holds(by.user, parent, BRANCH_KEEPERS):
        return Allowed()
    return Denied(NEEDS_POLITICAL)


def can_edit(by: Actor, organization: Organization, verb: str = "rename") -> Decision:
    """Rename, dissolve, start a term, set a local value: the political offices of the line."""
    if is_political(by, organization, verb):
        return Allowed()
    return Denied(NEEDS_POLITICAL)


def can_move(by: Actor, organization: Organization, parent: Organization | None = None) -> Decision:
    """Move to ``parent``: the political office must stand above both places."""
    if organization.parent is None:
        return Denied("根组织没有上级，不能调整隶属关系。")
    if not is_political(by, organization.parent, "move"):
        return Denied(NEEDS_POLITICAL)
    if parent is not None and not is_political(by, parent, "move"):
        return Denied("新的上级组织不在本人管理范围内。")
    return Allowed()


def can_appoint(by: Actor, organization: Organization, office: str = "") -> Decision:
    """Appoint in ``organization``; a branch names the leaders of its own groups itself."""
    if is_political(by, organization, "appoint"):
        return Allowed()
    own_group = organization.kind == Kind.GROUP and organization.parent is not None
    if own_group and office in ("", Office.GROUP_LEADER):
        assert organization.parent is not None
        if holds(by.user, organization.parent, BRANCH_KEEPERS):
            return Allowed()
    return Denied(NEEDS_POLITICAL)


def can_appoint_person(by: Actor, organization: Organization, person_id: int, office: str) -> Decision:
    """As :func:`can_appoint`, and nobody appoints oneself."""
    if by.user is not None and by.user.person_id == person_id:
        return Denied(NOT_ONESELF)
    return can_appoint(by, organization, office)


def can_end(by: Actor, appointment: Appointment) -> Decision:
    """End a post: whoever may appoint to it, but not one's own."""
    return can_appoint_person(by, appointment.organization, appointment.person_id, appointment.office)

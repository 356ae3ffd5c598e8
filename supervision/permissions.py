"""Who may waive and reopen duties."""

from __future__ import annotations

from branches.choices import POLITICAL_OFFICES
from branches.queries import holds_above
from core.actor import Actor
from core.decisions import Allowed, Decision, Denied
from supervision.choices import State
from supervision.models import Occurrence


def can_waive(by: Actor, occurrence: Occurrence) -> Decision:
    """A political department at or above the organisation may waive an open duty, with a reason."""
    if occurrence.state != State.OPEN:
        return Denied("此项不在待办状态，不能免办")
    if by.is_system or holds_above(by.user, occurrence.organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("免办须由本级或上级政治部门批准")


def can_reopen(by: Actor, occurrence: Occurrence) -> Decision:
    """The same department may take a waiver back."""
    if occurrence.state != State.WAIVED:
        return Denied("此项没有免办，无须恢复")
    if by.is_system or holds_above(by.user, occurrence.organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("恢复免办事项须由本级或上级政治部门批准")

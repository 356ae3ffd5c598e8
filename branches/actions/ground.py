"""What the actions of this room share: fresh rows under lock, the record and the news of an act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from branches.models import Organization
from branches.signals import changed
from core import audit, clock
from core.decisions import ActionError

if TYPE_CHECKING:
    from core.actor import Actor

GONE = "该组织已撤销，不能再办理。"


def lock_tree() -> None:
    """Take the lock of the whole tree: places change one at a time."""
    list(Organization.objects.select_for_update().filter(parent__isnull=True).values_list("pk"))


def current(organization: Organization) -> Organization:
    """``organization`` read again and locked; refused when it is dissolved."""
    fresh = (
        Organization.objects.select_for_update(of=("self",)).select_related("parent").get(pk=organization.pk)
    )
    if fresh.dissolved_on and fresh.dissolved_on <= clock.today():
        raise ActionError(GONE)
    return fresh


def assign(organization: Organization, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set ``values`` on the row; answers what changed, before and after."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field, value in values.items():
        old = getattr(organization, field)
        if old != value:
            before[field], after[field] = old, value
            setattr(organization, field, value)
    return before, after


def tell(
    by: Actor,
    verb: str,
    words: str,
    organization: Organization,
    subject: Any,
    on: date,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record the act and send the news of it."""
    audit.record(by, words, subject, organization=organization, before=before, after=after, reason=reason)
    changed.send(type(subject), verb=verb, subject=subject, organization=organization, on=on)

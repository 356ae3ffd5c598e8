"""What both halves of a bulk import share: columns, stages, corrections, audit entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.actions import bulk as persons
from core import audit
from core.bulk import save_all
from core.models import AuditEntry
from members.actions import ground
from members.imports import Entry
from members.imports.compare import DETAILS, precision_field, show_moment
from members.imports.parse import DATES
from members.models import Member

if TYPE_CHECKING:
    from core.actor import Actor

REASON = "花名册导入"
KEPT = (
    "organization_id",
    "group_id",
    "stage",
    "active",
    *DETAILS,
    *DATES,
    *(precision_field(key) for key in DATES),
)
"""Columns of a member that an import may change; what undo puts back."""
PERSONAL = ("name", "sex", "born_on", "phone")


def facts_of(entry: Entry) -> dict[str, Any]:
    """The columns of a member that a line tells of."""
    facts = {key: entry.facts[key] for key in (*DETAILS, "stage") if key in entry.facts}
    for key in DATES:
        if key in entry.facts:
            facts[key], facts[precision_field(key)] = entry.facts[key]
    for key in ("organization", "group"):
        if key in entry.facts:
            facts[f"{key}_id"] = entry.facts[key]
    return facts


def assign(member: Member, values: dict[str, Any]) -> None:
    """Set columns on an unsaved state of a member."""
    for key, value in values.items():
        setattr(member, key, value)


def columns(member: Member) -> dict[str, Any]:
    """The columns as they are, as JSON holds them."""
    return audit.plain({key: getattr(member, key) for key in KEPT})


def save(members: list[Member]) -> None:
    """Write the columns an import may change."""
    save_all(members, [*(key.removesuffix("_id") for key in KEPT), "version"])


def stages_of(member: Member, since: date) -> list[ground.Step]:
    """The dated stages that a member's own dates tell of."""
    joined = member.joined_on, member.joined_precision
    full = member.full_on, member.full_precision
    return ground.steps(member.stage, since, joined, full)


def correct(by: Actor, entries: list[Entry]) -> None:
    """Name, sex, birth date and phone of persons on record."""
    wanted = {
        entry.person.pk: {key: entry.facts[key] for key in PERSONAL if key in entry.changes}
        for entry in entries
    }
    wanted = {pk: values for pk, values in wanted.items() if values}
    if wanted:
        persons.correct_persons(by, wanted)


def told(by: Actor, verb: str, member: Member, entry: Entry) -> AuditEntry:
    """The audit entry of one line, not saved."""
    before = {key: old for key, (old, _) in entry.changes.items()}
    after = {key: new for key, (_, new) in entry.changes.items()} or {
        "stage": member.get_stage_display(),
        "joined_on": show_moment(entry.facts.get("joined_on")),
    }
    return audit.draft(
        by,
        verb,
        member,
        organization=member.organization_id,
        before=before,
        after=after,
        reason=REASON,
    )

"""New lines of a roster: persons, members, memberships, stages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.actions import bulk as persons
from branches.models import Organization
from core import audit, clock
from core.bulk import insert_all
from members.actions import ground
from members.actions.bulk_rows import (
    PERSONAL,
    REASON,
    assign,
    columns,
    correct,
    facts_of,
    save,
    stages_of,
    told,
)
from members.imports import Entry
from members.models import Member, Membership

if TYPE_CHECKING:
    from core.actor import Actor


def add(by: Actor, entries: list[Entry]) -> dict[int, dict[str, Any]]:
    """Write new lines; answers by line what undo needs. The transaction is the caller's."""
    correct(by, [entry for entry in entries if entry.known is not None])
    returned = [entry for entry in entries if entry.known and entry.known.member]
    undo = {
        entry.line: {
            "before": columns(entry.member),
            "person_before": persons.kept(entry.person),
            "returned": True,
        }
        for entry in returned
    }
    members = _first(by, [entry for entry in entries if entry.line not in undo])
    members |= _back(returned)
    _place(members, returned_lines=undo.keys())
    audit.record_all([told(by, "登记党员", members[entry.line], entry) for entry in entries])
    for entry in entries:
        member = members[entry.line]
        undo[entry.line] = undo.get(entry.line, {}) | {
            "member": member.pk,
            "version": member.version,
            "person": member.person_id,
            "made_person": entry.known is None,
        }
    return undo


def _first(by: Actor, entries: list[Entry]) -> dict[int, Member]:
    """Members who were never on the register, with their persons where these are unknown."""
    unknown = [entry for entry in entries if entry.known is None]
    rows = [{key: e.facts.get(key, "") for key in (*PERSONAL, "id_number")} for e in unknown]
    made = dict(zip((e.line for e in unknown), persons.create_persons(by, rows), strict=True))
    members = {
        entry.line: Member(person=made.get(entry.line) or entry.person, **facts_of(entry))
        for entry in entries
    }
    insert_all(members.values())
    return members


def _back(entries: list[Entry]) -> dict[int, Member]:
    """Members who had left the register; the old history stays."""
    for entry in entries:
        version = entry.member.version + 1
        assign(entry.member, {"group_id": None} | facts_of(entry) | {"active": True, "version": version})
    save([entry.member for entry in entries])
    return {entry.line: entry.member for entry in entries}


def _place(members: dict[int, Member], returned_lines: Any) -> None:
    """Memberships and stages: from the branch's first day here, or from today for those who come back."""
    today = clock.today()
    branches = {member.organization_id for member in members.values()}
    first = dict(Organization.objects.filter(pk__in=branches).values_list("pk", "duties_from"))
    memberships, standings = [], []
    for line, member in members.items():
        back = line in returned_lines
        since = today if back else min(first[member.organization_id], today)
        memberships.append(_membership(member, since))
        steps = ground.steps(member.stage, since) if back else stages_of(member, since)
        standings += ground.standings(member.person_id, steps)
    insert_all(memberships)
    insert_all(standings)


def _membership(member: Member, since: date) -> Membership:
    """An unsaved open membership."""
    return Membership(
        person_id=member.person_id,
        organization_id=member.organization_id,
        group_id=member.group_id,
        since=since,
        reason=REASON,
    )

"""Changed lines of a roster: corrections, transfers, new stages of people on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.actions import bulk as persons
from core import audit, clock
from core.bulk import insert_all, save_all
from core.decisions import StaleRecord
from members.actions import ground
from members.actions.bulk_rows import (
    REASON,
    assign,
    columns,
    correct,
    facts_of,
    save,
    stages_of,
    told,
)
from members.choices import IN_PARTY
from members.imports import Entry
from members.imports.parse import DATES
from members.models import Member, Membership, Standing

if TYPE_CHECKING:
    from core.actor import Actor

MOVED = "核对之后有人员的信息被他人修改，请重新核对。"
Undo = dict[int, dict[str, Any]]


def change(by: Actor, entries: list[Entry]) -> Undo:
    """Write changed lines; answers by line what undo needs. The transaction is the caller's."""
    members = _locked(entries)
    undo: Undo = {}
    for entry in entries:
        member = members[entry.line]
        undo[entry.line] = {
            "before": columns(member),
            "person_before": persons.kept(entry.person),
            "member": member.pk,
            "person": member.person_id,
            "version": member.version + 1,
        }
        gone = {"group_id": None} if "organization" in entry.changes else {}
        assign(member, gone | facts_of(entry) | {"version": member.version + 1})
    correct(by, entries)
    save(list(members.values()))
    _rehouse(members, [e for e in entries if {"organization", "group"} & e.changes.keys()], undo)
    _restage(members, [e for e in entries if {"stage", *DATES} & e.changes.keys()], undo)
    audit.record_all([told(by, "修改党员信息", members[e.line], e) for e in entries])
    return undo


def _locked(entries: list[Entry]) -> dict[int, Member]:
    """The members by line, locked; refused when somebody changed one since it was compared."""
    rows = Member.objects.select_for_update(of=("self",)).select_related("person")
    found = rows.in_bulk([entry.member.pk for entry in entries])
    for entry in entries:
        if found[entry.member.pk].version != entry.member.version:
            raise StaleRecord(MOVED)
    return {entry.line: found[entry.member.pk] for entry in entries}


def _rehouse(members: dict[int, Member], entries: list[Entry], undo: Undo) -> None:
    """End the open memberships today and open the new ones."""
    today = clock.today()
    by_person = {members[entry.line].person_id: entry.line for entry in entries}
    ended = list(Membership.objects.filter(person__in=by_person, until__isnull=True))
    for row in ended:
        undo[by_person[row.person_id]]["membership"] = row.pk
        row.until = max(today, row.since)
    save_all(ended, ["until"])
    insert_all(
        Membership(
            person_id=person_id,
            organization_id=members[line].organization_id,
            group_id=members[line].group_id,
            since=today,
            reason=REASON,
        )
        for person_id, line in by_person.items()
    )


def _restage(members: dict[int, Member], entries: list[Entry], undo: Undo) -> None:
    """Lay the dated stages anew where stage or dates changed."""
    lines = {members[entry.line].person_id: entry.line for entry in entries}
    rows = Standing.objects.filter(person__in=lines, until__isnull=True)
    opened = dict(rows.values_list("person_id", "since"))
    wanted = {}
    for entry in entries:
        member, new = members[entry.line], "stage" in entry.changes
        if new or member.stage in IN_PARTY:
            since = clock.today() if new else opened[member.person_id]
            wanted[member.person_id] = stages_of(member, since)
    for person_id, before in ground.relay(wanted).items():
        undo[lines[person_id]]["standings"] = [
            [r.stage, r.since.isoformat(), r.until and r.until.isoformat(), r.precision] for r in before
        ]

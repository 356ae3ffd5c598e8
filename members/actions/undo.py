"""Taking an import back: all of it or nothing, as long as nobody has built on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from accounts.actions import bulk as persons
from accounts.models import Person
from branches.queries import parameter
from core import audit, clock
from core.bulk import CHUNK
from core.decisions import ActionError, StaleRecord, require
from core.models import ImportBatch, ImportRow
from members.actions.bulk_rows import REASON, assign, save
from members.models import Member, Membership, Standing
from members.permissions import can_undo
from members.signals import changed

if TYPE_CHECKING:
    from core.actor import Actor

OWN = {Person, Member, Membership, Standing}
"""Tables whose rows an import makes; anything else that hangs on them was added by somebody since."""


@transaction.atomic
def undo_import(by: Actor, batch: ImportBatch) -> ImportBatch:
    """Put the register back as it was before ``batch``.

    Refused after the time limit (HS-02), or when a row was changed or used since; then nothing is written.
    """
    batch = ImportBatch.objects.select_for_update().select_related("organization").get(pk=batch.pk)
    require(can_undo(by, batch))
    hours = parameter("HS-02.undo_hours", batch.organization).count
    if batch.confirmed_at and clock.now() > batch.confirmed_at + timedelta(hours=hours):
        raise ActionError(f"导入已超过 {hours} 小时，不能撤销；请逐人更正。")
    rows = {row.undo["member"]: row for row in batch.rows.exclude(undo={})}
    members = Member.objects.select_for_update(of=("self",)).select_related("person").in_bulk(list(rows))
    _check_untouched(rows, members)
    _put_back(by, [row for row in rows.values() if "before" in row.undo], members)
    _take_away([row for row in rows.values() if "before" not in row.undo])
    taken = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.CONFIRMED)
    if not taken.update(state=ImportBatch.State.UNDONE, undone_at=clock.now()):
        raise StaleRecord("这一批次已经撤销，请刷新页面核对。")
    batch.refresh_from_db()
    audit.record(by, "撤销导入", batch, organization=batch.organization, after={"行数": len(rows)})
    changed.send(
        ImportBatch, verb="undo_import", subject=batch, organization=batch.organization, on=clock.today()
    )
    return batch


def _check_untouched(rows: dict[int, ImportRow], members: dict[int, Member]) -> None:
    """Every row is as the import left it."""
    for pk, row in rows.items():
        member = members.get(pk)
        if member is None or member.version != row.undo["version"]:
            who = member.person.name if member else ""
            raise ActionError(f"第 {row.number} 行 {who} 导入后又有修改，不能整批撤销；请逐人更正。")


def _put_back(by: Actor, rows: list[ImportRow], members: dict[int, Member]) -> None:
    """Changed members and those who had come back: columns, membership and stages as before."""
    for row in rows:
        member = members[row.undo["member"]]
        assign(member, row.undo["before"] | {"version": member.version + 1})
    touched = [members[row.undo["member"]] for row in rows]
    save(touched)
    persons.put_back(by, {row.undo["person"]: row.undo["person_before"] for row in rows})
    _put_back_memberships([row.undo for row in rows])
    _put_back_stages([row.undo for row in rows])
    audit.record_all(
        [audit.draft(by, "撤销导入", m, organization=m.organization_id, reason=REASON) for m in touched]
    )


def _put_back_memberships(kept: list[dict[str, Any]]) -> None:
    """Take the memberships of the import away and open those it had ended."""
    moved = [undo["person"] for undo in kept if "membership" in undo or "returned" in undo]
    Membership.objects.filter(person__in=moved, until__isnull=True).delete()
    ended = [undo["membership"] for undo in kept if "membership" in undo]
    Membership.objects.filter(pk__in=ended).update(until=None)


def _put_back_stages(kept: list[dict[str, Any]]) -> None:
    """Take the stages of the import away and put those before it back."""
    returned = [undo["person"] for undo in kept if "returned" in undo]
    Standing.objects.filter(person__in=returned, until__isnull=True).delete()
    relaid = [undo for undo in kept if "standings" in undo]
    Standing.objects.filter(person__in=[undo["person"] for undo in relaid]).delete()
    Standing.objects.bulk_create(
        (_standing(undo["person"], *old) for undo in relaid for old in undo["standings"]),
        batch_size=CHUNK,
    )


def _standing(person_id: int, stage: str, since: str, until: str | None, precision: str) -> Standing:
    return Standing(
        person_id=person_id,
        stage=stage,
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        precision=precision,
    )


def _take_away(rows: list[ImportRow]) -> None:
    """New members with all that the import made for them; refused when something else hangs on them."""
    person_ids = [row.undo["person"] for row in rows]
    Standing.objects.filter(person__in=person_ids).delete()
    Membership.objects.filter(person__in=person_ids).delete()
    _delete(Member, [row.undo["member"] for row in rows])
    made = [row for row in rows if row.undo["made_person"]]
    _delete(Person, [row.undo["person"] for row in made])


def _delete(model: Any, pks: list[int]) -> None:
    """Delete rows unless rows of other rooms hang on them."""
    collector = Collector(using="default")
    used = "导入的人员已有任职、账号、会议等记录，不能整批撤销；请逐人办理停止在册。"
    try:
        collector.collect(model.objects.filter(pk__in=pks))
    except (ProtectedError, RestrictedError) as error:
        raise ActionError(used) from error
    others = [rows for rows in collector.fast_deletes if rows.model not in OWN and rows.exists()]
    if others or set(collector.data) - OWN:
        raise ActionError(used)
    collector.delete()

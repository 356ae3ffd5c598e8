"""Writing an examined roster into the register: many rows, few statements, inside one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.bulk import set_each
from core.models import ImportBatch, ImportRow
from members.actions.bulk_changed import change
from members.actions.bulk_new import add

if TYPE_CHECKING:
    from core.actor import Actor
    from members.imports import Entry


def write(by: Actor, batch: ImportBatch, entries: list[Entry]) -> None:
    """Write new and changed entries and keep with each row of ``batch`` what undo needs."""
    undo: dict[int, dict[str, Any]] = add(by, [e for e in entries if e.status == "new"])
    undo |= change(by, [e for e in entries if e.status == "changed"])
    keys = dict(batch.rows.values_list("number", "pk"))
    set_each(ImportRow, "undo", {keys[number]: kept for number, kept in undo.items()})

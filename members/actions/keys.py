"""What the roster import keeps sealed, under the current key (``core.rotation``)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from accounts.actions.keys import renewed_phone
from accounts.models import Person
from core import crypto, files
from core.models import ImportBatch, ImportRow
from core.rotation import BATCH, renews
from members.actions.roster import KIND, place

FILES_AT_ONCE = 10


@renews("导入的花名册文件")
@transaction.atomic
def renew_workbooks() -> int:
    """Workbooks stored before the current key: a new file takes the place of the old one."""
    waiting = ImportBatch.objects.select_for_update(of=("self",)).filter(
        kind=KIND, file__created_at__lt=crypto.current_since()
    )
    batches = list(waiting.select_related("file").order_by("pk")[:FILES_AT_ONCE])
    for batch in batches:
        _renew_workbook(batch)
    return len(batches)


def _renew_workbook(batch: ImportBatch) -> None:
    old = batch.file
    assert old is not None
    with old.file.open("rb") as stored:
        sealed = crypto.renew(stored.read().decode(), place(batch))
    batch.file = files.keep(
        sealed.encode(),
        name=old.name,
        content_type=old.content_type,
        organization=old.organization,
        user=old.created_by,
    )
    batch.save(update_fields=["file"])
    storage, name = old.file.storage, str(old.file.name)
    old.delete()
    transaction.on_commit(lambda: storage.delete(name))


@renews("撤销导入所需的联系电话")
@transaction.atomic
def renew_undo() -> int:
    """Phone numbers that an undo would put back."""
    sealed = ImportRow.objects.annotate(text=Cast("undo", TextField())).filter(
        text__contains=f"{crypto.SCHEME}$"
    )
    waiting = sealed.exclude(text__contains=crypto.current_prefix())
    rows = list(waiting.select_for_update().order_by("pk")[:BATCH])
    persons = Person.objects.in_bulk([row.undo["person"] for row in rows])
    for row in rows:
        before = row.undo["person_before"]
        before["phone"] = renewed_phone(before["phone"], persons[row.undo["person"]])
    ImportRow.objects.bulk_update(rows, ["undo"])
    return len(rows)

"""The import of a roster: uploaded, read, confirmed. The page and the command take the same way."""

from __future__ import annotations

import base64
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from core import audit, clock, crypto, files, jobs
from core.bulk import insert_all, unhurried
from core.decisions import ActionError, StaleRecord, require
from core.imports import Unreadable, guard
from core.models import ImportBatch, ImportRow
from members.actions import bulk
from members.imports import Report, examine
from members.permissions import can_import
from members.signals import changed

if TYPE_CHECKING:
    from branches.models import Organization
    from core.actor import Actor
    from core.jobs import Work

KIND = "members.roster"
READ, WRITE = "members.read_roster", "members.write_roster"
State = ImportBatch.State
CLASH = "刚才有人登记了同一名人员，请重新核对。"
AGAIN = "核对之后花名册有变动，已重新核对，请再次确认。"


@transaction.atomic
def upload(by: Actor, *, organization: Organization, content: bytes, name: str) -> ImportBatch:
    """Take a workbook in, encrypted, and have it read in the background; Unreadable when it is none."""
    require(can_import(by, organization))
    guard(content, name)
    batch = _keep(by, organization, content, name)
    audit.record(by, "上传花名册", batch, organization=organization, after={"文件": name[:100]})
    _queue(by, batch, READ, "读取花名册")
    return batch


def read_uploaded(work: Work, by: Actor, batch: ImportBatch) -> None:
    """Read and check an uploaded workbook and keep the preview; the work of the background job."""
    try:
        report = _examined(batch, work)
    except Unreadable as error:
        with work.effect(result_url=page(batch), message=str(error)):
            _state(batch, State.UPLOADED, state=State.REJECTED, message=str(error)[:500])
        return
    with unhurried(), work.effect(result_url=page(batch)):
        _stage(batch, report)


@transaction.atomic
def confirm(by: Actor, batch: ImportBatch, *, skip_errors: bool = False) -> ImportBatch:
    """Have the previewed rows written in the background; with errors only when they are to be left out."""
    require(can_import(by, batch.organization))
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.PARSED:
        raise StaleRecord("这一批次已经处理过，请刷新页面核对。")
    if batch.summary["error_rows"] and not skip_errors:
        raise ActionError("还有错误行，请改正后重新上传，或者勾选“跳过错误行”。", field="skip_errors")
    if not batch.summary["new"] + batch.summary["changed"]:
        raise ActionError("没有需要导入的内容。")
    _queue(by, batch, WRITE, "导入花名册", skip_errors=skip_errors)
    return batch


def write_confirmed(work: Work, by: Actor, batch: ImportBatch, *, skip_errors: bool) -> None:
    """Look once more and write what was shown; where something moved, show anew instead."""
    report = _examined(batch, work)
    if report.digest != batch.summary["digest"]:
        with work.effect(result_url=page(batch), message=AGAIN):
            _stage(batch, report, message=AGAIN)
        return
    with unhurried(), sorted_out(), work.effect(result_url=page(batch), message="导入完成"):
        _write(by, batch, report)


def import_now(
    by: Actor, *, organization: Organization, content: bytes, name: str, dry_run: bool = False
) -> tuple[Report, ImportBatch | None]:
    """Read, check and — where nothing is wrong and it is no dry run — write, at once (the command)."""
    require(can_import(by, organization))
    report = examine(content, name, organization)
    if dry_run or report.errors:
        return report, None
    with unhurried(), sorted_out(), transaction.atomic(), files.undone():
        batch = _keep(by, organization, content, name)
        _stage(batch, report)
        _write(by, batch, report)
    return report, batch


def page(batch: ImportBatch) -> str:
    """Where the batch is shown."""
    return reverse("members:import_batch", args=[batch.pk])


class sorted_out(AbstractContextManager[None]):  # reads as a verb, like atomic
    """Turns a lost race for a unique number into a sentence."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        """Raise StaleRecord in place of IntegrityError."""
        if isinstance(error, IntegrityError):
            raise StaleRecord(CLASH) from error


def _keep(by: Actor, organization: Organization, content: bytes, name: str) -> ImportBatch:
    """A batch with its workbook, which is kept encrypted: it holds personal numbers."""
    batch = ImportBatch(kind=KIND, organization=organization, created_at=clock.now(), created_by=by.user)
    sealed = crypto.encrypt(base64.b64encode(content).decode(), place(batch))
    batch.file = files.keep(
        sealed.encode(),
        name=name,
        content_type="application/octet-stream",
        organization=organization,
        user=by.user,
    )
    batch.save()
    return batch


def _examined(batch: ImportBatch, work: Work) -> Report:
    """The report on the workbook of a batch, with progress told to its owner."""
    assert batch.file is not None
    with batch.file.file.open("rb") as stored:
        content = base64.b64decode(crypto.decrypt(stored.read().decode(), place(batch)))
    return examine(content, batch.file.name, batch.organization, work.progress)


def place(batch: ImportBatch) -> str:
    """Where the ciphertext of a workbook belongs."""
    return crypto.place("core_importbatch", "file", batch.pk)


def _queue(by: Actor, batch: ImportBatch, kind: str, title: str, **payload: Any) -> None:
    """One job for each reading of the batch."""
    reading = batch.summary.get("reading", 0)
    jobs.submit(
        kind,
        key=f"{kind}:{batch.pk}:{reading}",
        payload={"batch": str(batch.pk), "post": by.post_id, **payload},
        owner=by.user,
        organization=batch.organization,
        title=f"{title}：{batch.organization.short_name}",
    )


def _stage(batch: ImportBatch, report: Report, message: str = "") -> None:
    """Keep the preview: one row a line, numbers masked."""
    batch.rows.all().delete()
    insert_all(_row(batch, report, entry) for entry in report.entries)
    shown = report.as_dict()
    batch.summary = {key: value for key, value in shown.items() if key not in ("errors", "warnings")}
    batch.summary |= {
        "error_rows": report.count("error"),
        "warning_count": len(report.warnings),
        "remarks": [issue.message + "：" + issue.key for issue in report.remarks],
        "left_out": report.head.left_out,
        "digest": report.digest,
        "reading": batch.summary.get("reading", 0) + 1,
    }
    batch.state, batch.message = State.PARSED, message
    batch.save()


def _row(batch: ImportBatch, report: Report, entry: Any) -> ImportRow:
    """One line as the preview shows it."""
    return ImportRow(
        batch=batch,
        number=entry.line,
        status=entry.status,
        values={"cells": report.cells(entry), "changes": entry.changes},
        messages=[
            {"level": level, "key": issue.key, "column": report.title(issue), "text": issue.message}
            for level, issues in (("error", entry.errors), ("warning", entry.warnings))
            for issue in issues
        ],
    )


def _write(by: Actor, batch: ImportBatch, report: Report) -> None:
    """Write the report and close the batch; the transaction is the caller's."""
    _state(batch, State.PARSED, state=State.CONFIRMED, confirmed_at=clock.now(), message="")
    bulk.write(by, batch, report.entries)
    counts = {key: batch.summary[key] for key in ("new", "changed", "same", "error_rows")}
    audit.record(by, "导入花名册", batch, organization=batch.organization, after=counts)
    changed.send(ImportBatch, verb="import", subject=batch, organization=batch.organization, on=clock.today())


def _state(batch: ImportBatch, expected: str, **changes: Any) -> None:
    """Conditional change of state; StaleRecord when somebody was quicker."""
    if not ImportBatch.objects.filter(pk=batch.pk, state=expected).update(**changes):
        raise StaleRecord("这一批次已经处理过，请刷新页面核对。")
    for key, value in changes.items():
        setattr(batch, key, value)

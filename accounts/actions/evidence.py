"""The check of the evidence on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.permissions import can_read_audit
from core import audit, clock, jobs
from core.decisions import ActionError, require
from core.evidence import state, verify

if TYPE_CHECKING:
    from core.actor import Actor
    from core.models import Job

RUNNING = "已有一次核对正在进行，请等它完成后再发起。"


@transaction.atomic
def order_check(by: Actor) -> Job:
    """Have everything verified by a worker (G12); one check at a time."""
    require(can_read_audit(by.user))
    if state.is_running():
        raise ActionError(RUNNING)
    audit.record(by, "发起存证核对", "core.chainentry:all")
    key = f"{verify.JOB}:{clock.now():%Y%m%d%H%M%S%f}"
    return jobs.submit(verify.JOB, key=key, owner=by.user, title="核对存证链、操作记录和锚点")

"""Background work of this room: ids in, fetch, one action."""

from __future__ import annotations

from branches.queries import viewer
from core import jobs
from core.actor import Actor
from core.models import ImportBatch
from members import actions
from members.actions import roster


def _owner(work: jobs.Work) -> Actor:
    """Whoever asked for the job, in the post of that moment if it is still held."""
    owner = work.job.owner
    if owner is None:
        raise ValueError("an import belongs to a user")
    seen = viewer(owner, work.payload["post"])
    return Actor(user=owner, post_id=seen.chosen.pk if seen.chosen else None, post=seen.post)


def _batch(work: jobs.Work) -> ImportBatch:
    rows = ImportBatch.objects.select_related("organization", "file")
    return rows.get(pk=work.payload["batch"])


@jobs.handler(roster.READ)
def read_roster(work: jobs.Work) -> None:
    """Read an uploaded roster and keep the preview."""
    actions.read_uploaded(work, _owner(work), _batch(work))


@jobs.handler(roster.WRITE)
def write_roster(work: jobs.Work) -> None:
    """Write a confirmed roster."""
    skip = bool(work.payload.get("skip_errors"))
    actions.write_confirmed(work, _owner(work), _batch(work), skip_errors=skip)

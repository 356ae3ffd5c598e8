"""Durable background work: a Job row is the truth, Celery only wakes a worker.

A worker claims a job by a conditional UPDATE that raises its attempt number, keeps the lease alive
from a thread, and writes the effect and the end of the job in one transaction that is fenced by that
number. A killed worker's lease runs out and the sweep sends the job again: nothing lost, nothing twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import files
from core.decisions import ActionError
from core.models import Job
from core.models.jobs import JobState

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
ATTEMPTS = 5
RUN = "core.run_job"
RESEND = timedelta(seconds=15)
SET_BACK = timedelta(hours=1)
"""What lies further ahead was written by a clock that has been set back since: nobody waits for it."""
Handler = Callable[["Work"], None]
_handlers: dict[str, Handler] = {}


class LostLease(Exception):
    """Another worker took the job over; this one's effect is rolled back."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that works jobs of ``kind`` (in ``tasks.py`` of the room)."""

    def keep(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return keep


def submit(
    kind: str,
    *,
    key: str,
    payload: dict[str, Any] | None = None,
    owner: User | None = None,
    organization: Any = None,
    title: str = "",
) -> Job:
    """Queue work once for each ``key`` and wake a worker after commit; returns the (old or new) row."""
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": payload or {},
            "owner": owner,
            "organization": organization,
            "title": title,
            "created_at": timezone.now(),
        },
    )
    if created:
        transaction.on_commit(lambda: wake(job))
    return job


def retry(job: Job) -> None:
    """Queue a failed job again from its first attempt; any other state stays as it is."""
    again = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempt=0, message="", lease_until=None, finished_at=None
    )
    if again:
        transaction.on_commit(lambda: wake(job))


def wake(job: Job) -> None:
    """Tell a worker of its queue that there is work; when the broker is away the sweep does it later."""
    queue = settings.JOB_QUEUES.get(job.kind)
    try:
        current_app.send_task(RUN, args=[job.pk], queue=queue)
    except (OSError, OperationalError) as error:
        log.warning("broker away, job %s waits for the sweep: %s", job.pk, error)


def lease() -> timedelta:
    """How long a worker may be silent before its job is given to another."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def claim(pk: int) -> Job | None:
    """Take the job, raising its attempt number; None when it is over or in other hands."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(_over(now), state=JobState.RUNNING)
    taken = Job.objects.filter(free, pk=pk).update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, lease_until=now + lease(), started_at=now
    )
    return Job.objects.get(pk=pk) if taken else None


def run(pk: int) -> bool:
    """Claim and work one job; True when this call worked it."""
    job = claim(pk)
    if job is None:
        return False
    if job.attempt > ATTEMPTS:
        _end(job, JobState.FAILED, "多次中断，请联系系统管理员查看日志")
        return True
    work = Work(job)
    try:
        with work.kept_alive():
            _handlers[job.kind](work)
        _end(job, JobState.DONE)
    except LostLease:
        log.warning("job %s was taken over", job.key)
    except ActionError as error:
        _end(job, JobState.FAILED, str(error))
    except Exception:
        log.exception("job %s failed at attempt %s", job.key, job.attempt)
        _fenced(job).update(
            state=JobState.QUEUED, lease_until=timezone.now() + RESEND, message="中断，将自动重试"
        )
    return True


def sweep() -> list[Job]:
    """Waiting jobs that nobody was woken for lately, and of jobs whose worker fell silent."""
    now = timezone.now()
    submitted = Q(created_at__lt=now - RESEND) | Q(created_at__gt=now + SET_BACK)
    stale = submitted & (Q(lease_until__isnull=True) | _over(now)) & Q(state=JobState.QUEUED)
    lost = Q(_over(now), state=JobState.RUNNING)
    found = list(Job.objects.filter(stale | lost).order_by("id").only("id", "kind")[:500])
    ids = [job.pk for job in found]
    Job.objects.filter(pk__in=ids, state=JobState.QUEUED).update(lease_until=now + RESEND)
    return found


def _over(now: datetime) -> Q:
    """Whether a lease has run out, or was given by a clock that has been set back."""
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + lease() + SET_BACK)


def _fenced(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING)


def _end(job: Job, state: str, message: str = "") -> None:
    """End a job that is still in our hands."""
    changes: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    if message:
        changes["message"] = message[:500]
    _fenced(job).update(**changes)


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed job in the hands of its handler."""

    job: Job

    @property
    def payload(self) -> dict[str, Any]:
        """What was submitted."""
        return dict(self.job.payload)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell the owner how far it is; never inside :meth:`effect`."""
        _fenced(self.job).update(done=done, total=total, message=message[:500])

    @contextmanager
    def effect(self, *, result_url: str = "", message: str = "") -> Iterator[None]:
        """The one transaction of the job: its effect and its end, or neither.

        Raises :class:`LostLease` when another worker holds the job by now.
        """
        with transaction.atomic():
            held = _fenced(self.job).update(
                state=JobState.DONE,
                finished_at=timezone.now(),
                result_url=result_url,
                message=message[:500],
            )
            if not held:
                raise LostLease
            with files.undone():
                yield

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Extend the lease from a thread while the block runs."""
        stop = threading.Event()
        thread = threading.Thread(target=self._extend, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _extend(self, stop: threading.Event) -> None:
        while not stop.wait(lease().total_seconds() / 3):
            try:
                _fenced(self.job).update(lease_until=timezone.now() + lease())
            finally:
                connection.close()

"""Celery's side of the ground: run one job, sweep, heartbeat, tidy."""

from celery import shared_task
from django.utils import timezone

from core import chain, jobs
from core.actor import system
from core.models import Heartbeat
from core.views.once import sweep as sweep_tokens


@shared_task(name=jobs.RUN)
def run_job(pk: int) -> None:
    """Work the job ``pk`` if it is free."""
    jobs.run(pk)


@shared_task(name="core.sweep")
def sweep() -> None:
    """Wake workers for jobs that were lost on the way."""
    for job in jobs.sweep():
        jobs.wake(job)


@shared_task(name="core.heartbeat")
def heartbeat(queue: str) -> None:
    """Leave a sign that somebody works ``queue``."""
    Heartbeat.objects.update_or_create(name=queue, defaults={"at": timezone.now()})


@shared_task(name="core.check_chains")
def check_chains() -> None:
    """Check all chains; the result is on the audit administrator's home."""
    chain.check(system("存证链核对"))


@shared_task(name="core.tidy")
def tidy() -> None:
    """Forget one-time tokens of yesterday."""
    sweep_tokens()

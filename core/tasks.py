"""Celery's side of the ground: run one job, sweep, heartbeat, tidy."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_embedded_init, beat_init
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from core import audit, chain, clock, files, jobs, rollups
from core.actor import system
from core.models import Heartbeat
from core.queries import BEAT
from core.views.once import sweep as sweep_tokens

CHECK = "core.check_rollups"
HEARTBEAT = "core.heartbeat"
log = logging.getLogger(__name__)


@shared_task(name=jobs.RUN)
def run_job(pk: int) -> None:
    """Work the job ``pk`` if it is free."""
    jobs.run(pk)


@shared_task(name="core.sweep")
def sweep() -> None:
    """Wake workers for jobs that were lost on the way."""
    for job in jobs.sweep():
        jobs.wake(job)


@shared_task(name=HEARTBEAT)
def heartbeat(queue: str) -> None:
    """Leave a sign that somebody works ``queue``."""
    Heartbeat.objects.update_or_create(name=queue, defaults={"at": timezone.now()})


@beat_init.connect
@beat_embedded_init.connect
def watch_beat(**kwargs: Any) -> None:
    """Beat leaves a sign of its own when it starts and whenever a heartbeat has left it."""
    beat_sent(routing_key=settings.CELERY_TASK_DEFAULT_QUEUE)
    after_task_publish.connect(beat_sent, sender=HEARTBEAT)


def beat_sent(routing_key: str = "", **kwargs: Any) -> None:
    """Once a round: with the heartbeat of the default queue. Beat goes on while the database is away."""
    if routing_key != settings.CELERY_TASK_DEFAULT_QUEUE:
        return
    try:
        heartbeat(BEAT)
    except Error as error:
        log.warning("database away, no sign of beat: %s", error)
    finally:
        connection.close()  # beat ends no request that would do it


@shared_task(name="core.check_chains")
def check_chains() -> None:
    """Check all chains; the result is on the audit administrator's home."""
    chain.check(system("存证链核对"))


@shared_task(name="core.tidy")
def tidy() -> None:
    """Forget one-time tokens of yesterday, and files whose process was killed before their row was written."""
    sweep_tokens()
    files.sweep()


@shared_task(name="core.rollups")
def flush_rollups() -> None:
    """Count the months again that were written to."""
    rollups.flush_all()


@shared_task(name="core.check_rollups")
def order_check() -> None:
    """Once a day: compare all figures with the facts."""
    day = clock.today()
    jobs.submit(CHECK, key=f"{CHECK}:{day}", title=f"核对月度统计（{day}）")


@jobs.handler(CHECK)
def check_rollups(work: jobs.Work) -> None:
    """Month by month; what differed is put right, recorded, and said in the result of the job."""
    rollups.flush_all()
    months, found = rollups.months(), 0
    for number, month in enumerate(months, 1):
        differences = rollups.check(month)
        found += len(differences)
        if differences:
            shown = {"月份": month, "差异": len(differences), "例": [list(each) for each in differences[:20]]}
            audit.record(system("月度统计核对"), "更正月度统计", f"core.rollups:{month}", after=shown)
        work.progress(number, len(months), f"已核对 {month}")
    with work.effect(message=f"已核对 {len(months)} 个月，差异 {found} 处"):
        pass

"""The portal's Celery on the day of the test, where the night comes every few seconds.

``celery -A tests.resilience.night worker`` and ``… beat``: the schedule, the tasks and the jobs are those
of the portal; the environment's NIGHT is what the clock of the portal says.
"""

import os
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from celery.signals import worker_process_init

from config.celery import app
from config.schedule import SCHEDULE
from core import clock

EVERY = 3.0  # seconds
NIGHTLY = ("duties", "cycles")
app.conf.beat_schedule = SCHEDULE | {name: SCHEDULE[name] | {"schedule": EVERY} for name in NIGHTLY}
day = ExitStack()


@worker_process_init.connect
def set_the_day(**_: Any) -> None:
    """In each process of the pool, also in one that takes the place of a killed one."""
    day.enter_context(clock.at(datetime.fromisoformat(os.environ["NIGHT"])))


def by_hand() -> None:
    """The whole night in this process, one job after the other: what a night without a fault leaves."""
    from core import jobs, rollups
    from core.models import Job
    from reports.tasks import run_due_cycles
    from supervision.tasks import generate

    with clock.at(datetime.fromisoformat(os.environ["NIGHT"])):
        generate()
        run_due_cycles()
        while job := Job.objects.filter(state="queued").order_by("id").first():
            assert jobs.run(job.pk)
        rollups.flush_all()

"""The schedule run twice at the same moment, as where a second beat was started by mistake."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date

import pytest
from celery import current_app
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from config.schedule import SCHEDULE
from core import clock, jobs, rollups
from core.models import AuditEntry, AuditSeal, Heartbeat, Job
from tests import corps
from tests.corps import moment
from tests.superuser import unguarded

DAYS = (date(2025, 2, 3), date(2025, 4, 10))
"""The first working day after a new month began, and a day on which a month and a quarter are closed."""
TELLS_EACH_RUN = {AuditEntry, AuditSeal, Heartbeat}  # that it ran is said each time, and sealed


def beat(day: date) -> None:
    """Everything that the schedule knows, and the jobs that come of it."""
    try:
        with clock.at(moment(day)):
            for entry in SCHEDULE.values():
                current_app.tasks[entry["task"]](*entry.get("args", ()))
            while waiting := Job.objects.filter(state="queued").order_by("pk").first():
                jobs.run(waiting.pk)  # which may submit further ones
    finally:
        connection.close()


def written(beats: int) -> Counter[str]:
    """Rows of each table after some beats went through the days side by side."""
    with unguarded():
        call_command("flush", interactive=False, verbosity=0)
    corps.build()
    for day in DAYS:
        together = [threading.Thread(target=beat, args=[day]) for _ in range(beats)]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
    rollups.flush_all()  # what the next round would count, five seconds later
    unfinished = Job.objects.exclude(state="done").values_list("key", "state", "message")
    assert not list(unfinished)
    models = (model for model in apps.get_models() if model not in TELLS_EACH_RUN)
    return Counter({model._meta.label: model._default_manager.count() for model in models})


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_two_beats_write_what_one_writes() -> None:
    one = written(1)
    assert one["core.Job"] >= 4
    assert one["supervision.Occurrence"]
    assert one["reports.Cycle"]
    assert written(2) == one

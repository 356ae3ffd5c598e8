"""kill -9 of a real worker in the middle of a cycle: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.db.models import QuerySet

from branches.actions import found
from core import clock
from core.actor import system
from core.models import Job, Notice
from core.models.jobs import JobState
from core.periods import Period
from reports import actions, queries
from reports.models import Bulletin, Cycle, Figure
from supervision import actions as duties
from tests import corps as builder
from tests.corps import BEGIN, moment

pytestmark = pytest.mark.django_db(transaction=True)
BY = system("测试")
PERIOD = Period.parse("2026-10")
COMMITTEES = 14
PATIENCE = 120.0  # seconds


@contextlib.contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker with beat on the test database and the real Redis."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    env = os.environ | {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}")),
        "JOB_LEASE_SECONDS": "3",
    }
    place = os.environ["DATA_DIR"]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-c", "1"),
            *("-l", "warning", "--without-mingle", "--without-gossip"),
            *("-s", f"{place}/beat-{time.monotonic_ns()}"),
        ],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def closings() -> QuerySet[Job]:
    """The jobs of the cycle; beat may ask for its own of today meanwhile."""
    return Job.objects.filter(kind="reports.cycle", payload__period=PERIOD.key)


def wait_for(condition) -> None:
    """Until ``condition`` holds; fails after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, list(Job.objects.values("key", "state", "attempt", "message"))
        time.sleep(0.02)


def test_a_killed_worker_completes_the_cycle_once():
    if connection.vendor != "postgresql":
        pytest.fail("this test needs the PostgreSQL phase")
    corps = builder.build()
    with clock.at(moment(BEGIN)):
        for number in range(COMMITTEES):
            found(
                BY,
                code=f"D{number}",
                name=f"第{number}支队党委",
                short_name=f"第{number}支队党委",
                kind="committee",
                parent=corps.root,
                level="detachment",
            )
    with clock.at(moment(date(2026, 10, 1))):
        duties.generate(BY, date(2026, 10, 1))
    committees = queries.issuing_committees()
    for committee in committees:
        actions.submit_cycle(BY, "monthly", PERIOD, committee)
    with worker() as first:
        wait_for(lambda: closings().exclude(state=JobState.QUEUED).exists())
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    unfinished = closings().exclude(state=JobState.DONE).count()
    assert unfinished, "the worker was killed too late to prove anything"
    with worker():
        wait_for(lambda: not closings().exclude(state=JobState.DONE).exists())
    closed, drafted = (
        Cycle.objects.filter(period=PERIOD.key),
        Bulletin.objects.filter(cycle__period=PERIOD.key),
    )
    assert closed.count() == drafted.count() == len(committees) == COMMITTEES + 2
    counted = Figure.objects.values_list("cycle", "organization", "code")
    assert len(set(counted)) == len(counted) > 0
    told = Notice.objects.values_list("user", "key")
    assert len(set(told)) == len(told)

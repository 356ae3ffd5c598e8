"""A real worker: ready as soon as it listens, and every queue is somebody's."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.test import Client

from config import queues
from core import jobs
from core.models import Heartbeat

PATIENCE = 60.0  # seconds for a worker to start on a busy machine
SLACK = 3.0  # seconds between the worker's readiness and the portal's


@contextlib.contextmanager
def worker(*options: str) -> Iterator[subprocess.Popen[str]]:
    """A real worker without beat on the test database; its log is read from ``stdout``."""
    variables = dict(os.environ)
    if "DATABASE_URL" in os.environ:
        url = urlsplit(os.environ["DATABASE_URL"])
        path = f"/{connection.settings_dict['NAME']}"
        variables["DATABASE_URL"] = urlunsplit(url._replace(path=path))
    words = ("worker", "-c", "1", "-l", "info", "--without-mingle", "--without-gossip", *options)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", *words],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def listening(process: subprocess.Popen[str]) -> None:
    """Wait until the worker says that it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if " ready." in line:
            return
    pytest.fail("the worker ended")


def answer(status: int) -> dict[str, object]:
    """What ``/readyz`` says once it answers ``status``."""
    end = time.monotonic() + SLACK
    while (response := Client().get("/readyz")).status_code != status:
        assert time.monotonic() < end, response.json()
        time.sleep(0.1)
    return response.json()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(PATIENCE + 30)
def test_the_portal_is_ready_as_soon_as_a_worker_listens() -> None:
    """No beat runs here: the first heartbeat is the worker's own. Nor is "not yet" logged as an error."""
    assert answer(503)["worker"] == {"ok": False, "seconds": None, "silent": list(queues.NAMES)}
    with worker() as process:
        listening(process)
        assert answer(200)["ready"] is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(PATIENCE + 30)
def test_a_queue_that_nobody_works_is_named() -> None:
    rest = [name for name in queues.NAMES if name != "papers"]
    with worker("-Q", ",".join(rest)) as process:
        listening(process)
        end = time.monotonic() + SLACK
        while Heartbeat.objects.count() < len(rest):
            assert time.monotonic() < end
            time.sleep(0.1)
    assert answer(503)["worker"]["silent"] == ["papers"]


@pytest.mark.both
def test_every_kind_with_a_queue_is_worked_by_somebody() -> None:
    assert set(queues.JOBS) <= set(jobs._handlers)


def test_the_embedded_broker_starts_without_a_warning(tmp_path) -> None:
    variables = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
    code = (
        "import django; from config.celery import app; app.set_default(); django.setup();"
        "app.connection_for_write().clone().ensure_connection()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=variables | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""

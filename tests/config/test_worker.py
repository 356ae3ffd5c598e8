"""A real worker: ready as soon as it listens, and every queue is somebody's."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import queues
from core import jobs
from core.models import Heartbeat
from core.queries import BEAT
from core.tasks import beat_sent, heartbeat

PATIENCE = 60.0  # seconds for a worker to start on a busy machine
SLACK = 3.0  # seconds between the worker's readiness and the portal's


@contextlib.contextmanager
def celery(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of Celery on the test database; its log is read from ``stdout``."""
    variables = dict(os.environ)
    if "DATABASE_URL" in os.environ:
        url = urlsplit(os.environ["DATABASE_URL"])
        path = f"/{connection.settings_dict['NAME']}"
        variables["DATABASE_URL"] = urlunsplit(url._replace(path=path))
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


def worker(*options: str) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """A real worker without beat."""
    return celery("worker", "-c", "1", "-l", "info", "--without-mingle", "--without-gossip", *options)


def beat(folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """A real beat without a worker."""
    return celery("beat", "--pidfile=", "--schedule", str(folder / "beat"), "-l", "info")


def listening(process: subprocess.Popen[str]) -> None:
    """Wait until the worker says that it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if " ready." in line:
            return
    pytest.fail("the worker ended")


def answer(status: int) -> dict[str, Any]:
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
    heartbeat(BEAT)
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(PATIENCE + 30)
def test_beat_gives_a_sign_of_its_own(tmp_path: Path) -> None:
    """Which of the two has stopped is told by the sign that needs no worker."""
    assert answer(503)["beat"] == {"ok": False, "seconds": None}
    with beat(tmp_path):
        end = time.monotonic() + PATIENCE
        while not Heartbeat.objects.filter(name=BEAT).exists():
            assert time.monotonic() < end
            time.sleep(0.1)
    found = answer(503)
    assert found["beat"]["ok"] is True
    assert found["worker"]["silent"] == list(queues.NAMES)


@pytest.mark.django_db(transaction=True)
def test_beat_signs_once_a_round_and_goes_on_without_the_database(caplog: Any, settings: Any) -> None:
    beat_sent(routing_key="papers")
    assert not Heartbeat.objects.exists()
    beat_sent(routing_key=queues.DEFAULT)
    assert Heartbeat.objects.get().name == BEAT
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "not_there"
    try:
        beat_sent(routing_key=queues.DEFAULT)
    finally:
        connection.settings_dict["NAME"] = name
    assert "no sign of beat" in caplog.text


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("who", [BEAT, *queues.NAMES])
def test_who_is_silent_for_too_long_is_told(settings: Any, who: str) -> None:
    for name in (BEAT, *queues.NAMES):
        heartbeat(name)
    assert answer(200)["ready"] is True
    sign = Heartbeat.objects.filter(name=who)
    sign.update(at=timezone.now() - timedelta(seconds=settings.SILENT_SECONDS - 5))
    assert answer(200)["ready"] is True
    sign.update(at=timezone.now() - timedelta(seconds=settings.SILENT_SECONDS))
    found = answer(503)
    assert (found["beat"]["ok"], found["worker"]["silent"]) == (who != BEAT, [who] * (who != BEAT))


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

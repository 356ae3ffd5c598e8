"""Pytest plugin (``-p tests.plugin``): starts the real servers before Django reads its settings.

``DB=sqlite`` runs the suite on SQLite, everything else on PostgreSQL; Redis is there in both.
Workers of xdist inherit the servers and get a data folder of their own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

servers = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start the servers; as a wrapper this comes before pytest-django loads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / worker)
    else:
        start()
    yield


def start() -> None:
    """Point DATA_DIR, DATABASE_URL and REDIS_URL at throw-away places."""
    from tests import services

    folder = tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True)
    os.environ["DATA_DIR"] = servers.enter_context(folder)
    os.environ["STATIC_MANIFEST"] = "0"
    os.environ["SECOND_FACTOR"] = "0"  # tests/accounts/test_second_factor.py switches it on
    os.environ["REDIS_URL"] = servers.enter_context(services.redis_server())
    os.environ.pop("DATABASE_URL", None)
    if os.environ.setdefault("DB", "postgresql") != "sqlite":
        os.environ["DATABASE_URL"] = servers.enter_context(services.postgres())


def pytest_unconfigure() -> None:
    """Stop the servers (there are none in a worker)."""
    servers.close()

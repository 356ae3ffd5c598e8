"""What every test may use."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from core import clock
from tests import corps as builder
from tests.permissions.stage import TODAY, Stage
from tests.permissions.stage import build as build_stage


@pytest.fixture(autouse=True)
def strict_papers(settings: Any) -> None:
    """A missing glyph or any remark of the typesetter fails the test."""
    settings.PAPERS_STRICT = True


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A password costs microseconds here; the real cost is measured in tests/accounts."""
    settings.PASSWORD_ROUNDS = 2


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture(autouse=True)
def no_logged_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """A logged ERROR fails the test, unless it is marked as expected by ``expects_errors``."""
    seen = _Errors()
    logging.getLogger().addHandler(seen)
    yield
    logging.getLogger().removeHandler(seen)
    if "expects_errors" not in request.fixturenames:
        assert not seen.lines, seen.lines


@pytest.fixture
def expects_errors() -> None:
    """The test makes the portal log an error on purpose."""


@pytest.fixture
def corps(db: Any) -> builder.Corps:
    """A small corps."""
    return builder.build()


@pytest.fixture
def sign_in() -> Any:
    """``sign_in(user)`` answers a client that is signed in."""

    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.PersonBackend")
        return client

    return make


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One record of each kind for a whole module; a test that writes rolls its own writes back."""
    quick = override_settings(PASSWORD_ROUNDS=2, PAPERS_STRICT=True)
    with django_db_blocker.unblock(), quick, clock.at(builder.moment(TODAY)), transaction.atomic():
        yield build_stage(builder.build())
        transaction.set_rollback(True)

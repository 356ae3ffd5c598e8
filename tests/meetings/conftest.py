"""A branch, and a clock that stands at noon of the day after its meeting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import clock
from tests.meetings.world import NOON, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(NOON):
        yield build()


@pytest.fixture
def real_world(transactional_db: None) -> Iterator[World]:
    """The same, really committed: for threads."""
    with clock.at(NOON):
        yield build()

"""Short runs of the fuzzers with the suite; ``python -m tests.fuzz`` is the long one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from core import clock
from tests.corps import moment
from tests.fuzz import run, schema, world
from tests.permissions.stage import TODAY
from tests.permissions.table import ROLES

REQUESTS = 1_950
EXAMPLES = 2
SEED = 20261124
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("expects_errors")]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.World]:
    """One corps for both: each request is rolled back."""
    quick = override_settings(PASSWORD_ROUNDS=2, PAPERS_STRICT=True)
    with django_db_blocker.unblock(), quick, clock.at(moment(TODAY)), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


SEEING = [role for role in ROLES if world.ROWS[role]]


def test_no_request_breaks_or_tells_too_much(built: world.World) -> None:
    result = run.run(built, REQUESTS, SEED)
    assert result.ok, result.table()
    assert all(result.marks[role] for role in SEEING), "canaries are there to be found"
    assert all(counted.total() == REQUESTS // len(ROLES) for counted in result.statuses.values())


def test_the_api_answers_as_it_describes_itself(built: world.World) -> None:
    result = schema.run(built, EXAMPLES, SEED)
    assert result.ok, result.table()
    assert all(result.marks[role] for role in SEEING), "canaries are there to be found"
    assert set(result.statuses["anon"]) == {400, 401}

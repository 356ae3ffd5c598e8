"""A short run of the fuzzer with the suite; ``python -m tests.fuzz`` is the long one."""

from __future__ import annotations

import pytest
from django.test import override_settings

from core import clock
from tests.corps import moment
from tests.fuzz import run, world
from tests.permissions.stage import TODAY
from tests.permissions.table import ROLES

REQUESTS = 1_950
SEED = 20261124


@pytest.mark.django_db
def test_no_request_breaks_or_tells_too_much(expects_errors: None) -> None:
    with override_settings(PASSWORD_ROUNDS=2, PAPERS_STRICT=True), clock.at(moment(TODAY)):
        result = run.run(world.build(), REQUESTS, SEED)
    assert result.ok, result.table()
    seeing = [role for role in ROLES if world.ROWS[role]]
    assert all(result.marks[role] for role in seeing), "canaries are there to be found"
    assert all(counted.total() == REQUESTS // len(ROLES) for counted in result.statuses.values())

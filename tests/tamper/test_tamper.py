"""A short run of the manipulations with the suite; ``python -m tests.tamper`` is the long one (C-15)."""

from __future__ import annotations

from random import Random

import pytest

from core import clock
from meetings.models import Attendance
from meetings.queries import chained
from tests.tamper import acts, columns, run, world

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MANIPULATIONS = 60
SEED = 20261124


def test_every_manipulation_is_found_and_named() -> None:
    result = run.run(world.build(), MANIPULATIONS, SEED)
    assert result.ok, result.table()
    assert result.applied.total() == MANIPULATIONS
    assert set(result.applied) == set(run.KINDS)


def test_what_is_left_out_is_still_there() -> None:
    """A reason that no column needs any more would hide a new one of that name."""
    known = {f"{m._meta.label}.{f.name}" for m in columns.MODELS for f in m._meta.local_concrete_fields}
    assert known >= columns.OUTSIDE.keys()


def test_a_column_that_a_builder_forgets_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chained, "ROLL", tuple(name for name in chained.ROLL if name != "note"))
    made, result = world.build(), run.Result()
    note = Attendance, Attendance._meta.get_field("note")
    with clock.at(world.NOW):
        run.one(Random(1), made, "edit", lambda random, world: acts.edit(random, world, note), result)
    assert not result.ok
    assert result.applied["edit"] == 1
    assert result.found["edit"] == 0

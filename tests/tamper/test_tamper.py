"""A short run of the manipulations with the suite; ``python -m tests.tamper`` is the long one (C-15)."""

from __future__ import annotations

import pytest

from tests.tamper import columns, run, world

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

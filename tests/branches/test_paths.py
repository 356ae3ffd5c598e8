"""Paths: digits only, every subtree one range, on real trees of any shape."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.models import Organization
from branches.querysets import STEP, after, step
from tests.corps import BEGIN

IDS = st.integers(min_value=1, max_value=10**STEP - 2)
PATHS = st.lists(IDS, min_size=1, max_size=20).map(lambda ids: "".join(map(step, ids)))


@given(PATHS, st.lists(IDS, max_size=5).map(lambda ids: "".join(map(step, ids))))
def test_whatever_is_below_lies_in_the_range(path: str, rest: str) -> None:
    assert path <= path + rest < after(path)


@given(PATHS, PATHS)
def test_whatever_lies_in_the_range_is_below(path: str, other: str) -> None:
    assert (path <= other < after(path)) == other.startswith(path)


@given(PATHS)
def test_a_path_is_digits_in_whole_steps(path: str) -> None:
    assert path.isascii()
    assert path.isdigit()
    assert len(path) % STEP == 0
    assert len(after(path)) == len(path)


@given(st.lists(IDS, min_size=1, max_size=20))
def test_ancestors_are_read_from_the_path(ids: list[int]) -> None:
    row: Any = SimpleNamespace(path="".join(map(step, ids)))
    assert Organization.ancestor_ids.fget(row) == ids[:-1]  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.both
def test_the_range_finds_the_subtree_in_the_database() -> None:
    """Neighbours by number and by length are not taken for children."""
    made = {}
    for name, parents in {"1": [], "12": [1], "2": [], "13": [1], "123": [1, 2]}.items():
        path = "".join(step(pk) for pk in [*parents, int(name)])
        made[name] = Organization.objects.create(
            code=name, name=name, short_name=name, kind="committee", path=path, duties_from=BEGIN
        )
    assert {o.code for o in Organization.objects.under(step(1))} == {"1", "12", "13", "123"}
    assert {o.code for o in Organization.objects.under(step(1) + step(2))} == {"123"}
    assert {o.code for o in Organization.objects.under(step(2))} == {"2"}

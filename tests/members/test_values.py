"""Cells of a roster: nothing but an answer or a sentence, whatever stands in them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.imports import values
from members.imports.headings import SYNONYMS, key_of
from members.imports.values import BadValue, Moment

TODAY = date(2026, 10, 20)
CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(min_value=-(10**20), max_value=10**20),
    st.floats(),
    st.booleans(),
    st.dates(),
)
READERS: list[Any] = [
    lambda cell: values.moment(cell, TODAY),
    lambda cell: values.id_number(cell, TODAY),
    values.phone,
    values.name,
    values.rank,
    values.stage,
    values.sex,
    lambda cell: values.category(cell, ""),
]


@given(CELLS, st.sampled_from(READERS))
def test_every_cell_has_an_answer_or_a_sentence(cell: Any, reader: Any) -> None:
    with suppress(BadValue):
        reader(cell)


@given(st.dates(min_value=date(1920, 1, 1), max_value=TODAY))
def test_a_day_is_read_back_from_every_form(day: date) -> None:
    forms: list[Any] = [
        day,
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
        f" {day.year} - {day.month} - {day.day} ",
        (day - values.EPOCH).days,
    ]
    assert {values.moment(form, TODAY) for form in forms} == {Moment(day, "day")}


@given(st.dates(min_value=date(1920, 1, 1), max_value=TODAY))
def test_a_month_stays_a_month(day: date) -> None:
    for form in (f"{day:%Y.%m}", f"{day:%Y%m}", f"{day:%Y-%m}", f"{day.year}年{day.month}月"):
        found = values.moment(form, TODAY)
        assert found == Moment(day.replace(day=1), "month")
        assert found.day <= day <= found.last


@given(st.dates(min_value=TODAY + timedelta(days=1)))
def test_the_future_is_refused(day: date) -> None:
    with pytest.raises(BadValue):
        values.moment(day, TODAY)


@pytest.mark.parametrize(("key", "word"), [(k, w) for k, words in SYNONYMS.items() for w in words])
def test_every_synonym_is_found_however_it_is_set(key: str, word: str) -> None:
    assert key_of(word) == key
    assert key_of(f" {word[0]}\n{word[1:]}（填写）：") == key

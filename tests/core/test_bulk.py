"""Many rows at once: what COPY writes is what a saved row holds, on both databases."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from core.bulk import insert_all, set_each, unhurried
from core.models import AuditEntry, ImportBatch, ImportRow, Sequence
from core.pinyin import spell
from tests.meetings.world import organization

pytestmark = [pytest.mark.both, pytest.mark.django_db]

NOON = datetime(2026, 10, 13, 4, 0, 1, 234567, tzinfo=UTC)
AWKWARD = ["平", "", "a\tb", "a\nb\r", r"a\b", r"\N", "\\", "'\"", "𠮷"]


def entry(text: str) -> AuditEntry:
    return AuditEntry(at=NOON, verb="试", subject="x", reason=text, after={"字": [text, None, True]})


def test_every_text_comes_back_as_it_went_in() -> None:
    made = insert_all([entry(text) for text in AWKWARD])
    stored = AuditEntry.objects.in_bulk([row.pk for row in made])
    assert len(stored) == len(AWKWARD)
    for row, text in zip(made, AWKWARD, strict=True):
        found = stored[row.pk]
        assert (found.reason, found.after, found.at) == (text, {"字": [text, None, True]}, NOON)
        assert found.user_id is None


def test_dates_and_nothing_stay_apart_and_the_next_key_is_free() -> None:
    born = date(1990, 2, 28)
    rows = [Person(name=f"某{n}", pinyin="m", created_at=NOON, born_on=n and born or None) for n in (0, 1)]
    first, second = insert_all(rows)
    assert list(Person.objects.order_by("pk").values_list("born_on", "id_number_index")) == [
        (None, None),
        (born, None),
    ]
    assert {first.uuid, second.uuid} == set(Person.objects.values_list("uuid", flat=True))
    later = Person.objects.create(name="后", pinyin="h", created_at=NOON)
    assert later.pk not in {first.pk, second.pk}
    second.name = "改"
    second.save()
    assert Person.objects.get(pk=second.pk).name == "改"


def test_keys_that_are_given_are_kept_and_doubles_refused() -> None:
    insert_all([Sequence(name="甲", last=3), Sequence(name="乙")])
    assert Sequence.objects.get(name="甲").last == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([Sequence(name="甲")])
    assert insert_all(list[Sequence]()) == []


def test_each_row_gets_its_own_value_and_no_other_row_any() -> None:
    home = organization("站", "branch", None)
    batch = ImportBatch.objects.create(kind="试", organization=home, created_at=NOON)
    rows = insert_all([ImportRow(batch=batch, number=n, status="new") for n in range(4)])
    set_each(ImportRow, "undo", {rows[1].pk: {"b": AWKWARD}, rows[3].pk: {"d": 1}})
    assert [row.undo for row in batch.rows.all()] == [{}, {"b": AWKWARD}, {}, {"d": 1}]


def test_the_collector_runs_again_afterwards_also_after_an_error() -> None:
    stopped = []

    def fail() -> None:
        with unhurried(), unhurried():
            stopped.append(not gc.isenabled())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stopped == [True]
    assert gc.isenabled()


@pytest.mark.parametrize(
    "name",
    [
        "重庆",
        "建国",
        "长征",
        "曾强",
        "a重",
        "7号",
        "乐",
        "女娲",
        "绿地",
        "李重庆",
        "长长久久",
        "单于长乐",
        "m长a",
        "行行出状元",
    ],
)
def test_names_read_as_the_dictionary_reads_them(name: str) -> None:
    from pypinyin import Style, lazy_pinyin

    syllables = [s.replace("ü", "v").lower() for s in lazy_pinyin(name, style=Style.NORMAL)]
    assert spell(name)[0] == "".join(c for s in syllables for c in s if c.isascii() and c.isalnum())

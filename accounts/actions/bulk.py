"""Many persons at once, for the import of a roster: the same rules, a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts import queries
from accounts.actions import persons as one
from accounts.models import Person
from accounts.permissions import can_keep_person
from core import audit, clock
from core.bulk import insert_all, save_all
from core.decisions import ActionError, require

if TYPE_CHECKING:
    from core.actor import Actor

CHUNK = 500
COLUMNS = (
    "name",
    "pinyin",
    "initials",
    "sex",
    "born_on",
    "phone",
    "phone_index",
    "phone_mask",
)


@transaction.atomic
def create_persons(by: Actor, rows: Iterable[Mapping[str, Any]]) -> list[Person]:
    """Enter many persons; each row holds the arguments of ``create_person``. Answers them in order.

    Raises ActionError when a row is wrong or a number is known by now; then nothing is written.
    """
    require(can_keep_person(by, "create_person"))
    made = [_draft(row) for row in rows]
    indexes = [person.id_number_index for person in made if person.id_number_index]
    for start in range(0, len(indexes), CHUNK):
        if Person.objects.filter(id_number_index__in=indexes[start : start + CHUNK]).exists():
            raise ActionError(one.TAKEN, field="id_number")
    insert_all(made)
    audit.record_all(
        [
            audit.draft(by, "登记人员", p, after={"姓名": p.name} | one.masks(p), reason="批量登记")
            for p in made
        ]
    )
    return made


@transaction.atomic
def correct_persons(by: Actor, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Change ``name``, ``sex``, ``born_on`` or ``phone`` of many persons, by their ids."""
    require(can_keep_person(by, "update_person"))
    found = Person.objects.select_for_update().in_bulk(list(changes))
    entries = []
    for pk, wanted in changes.items():
        person = found[pk]
        before = _shown(person, wanted)
        _change(person, wanted)
        entries.append(audit.draft(by, "更改人员信息", person, before=before, after=_shown(person, wanted)))
    save_all(found.values(), COLUMNS)
    audit.record_all(entries)


@transaction.atomic
def put_back(by: Actor, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Undo of :func:`correct_persons`: the columns as :func:`kept` answered them before."""
    require(can_keep_person(by, "update_person"))
    found = Person.objects.select_for_update().in_bulk(list(rows))
    for pk, columns in rows.items():
        for column, value in columns.items():
            setattr(found[pk], column, value)
    save_all(found.values(), COLUMNS)
    audit.record_all([audit.draft(by, "撤销更改人员信息", person) for person in found.values()])


def kept(person: Person) -> dict[str, Any]:
    """The columns that :func:`correct_persons` may change; numbers only as ciphertext."""
    columns = {column: getattr(person, column) for column in COLUMNS}
    born_on = columns["born_on"]
    return columns | {"born_on": born_on.isoformat() if born_on else None}


def has_phone(person: Person, number: str) -> bool:
    """Whether ``number`` is the phone number on record, without reading it."""
    return person.phone_index == queries.phone_index(number)


def _draft(row: Mapping[str, Any]) -> Person:
    """An unsaved person with its numbers encrypted."""
    person = Person(created_at=clock.now(), sex=row.get("sex", ""), born_on=row.get("born_on"))
    one.set_name(person, row["name"])
    one.put_numbers(person, id_number=row.get("id_number", ""), phone=row.get("phone", ""))
    return person


def _change(person: Person, wanted: Mapping[str, Any]) -> None:
    """Put the wanted values on the person."""
    if "name" in wanted:
        one.set_name(person, wanted["name"])
    for field in ("sex", "born_on"):
        if field in wanted:
            setattr(person, field, wanted[field])
    if "phone" in wanted:
        one.put_numbers(person, id_number=None, phone=wanted["phone"])


def _shown(person: Person, fields: Iterable[str]) -> dict[str, Any]:
    """The fields as an audit entry may hold them: the phone masked."""
    shown = {"phone": person.phone_mask}
    return {field: shown.get(field, getattr(person, field)) for field in fields}

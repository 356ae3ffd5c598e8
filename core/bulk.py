"""Many new or changed rows in few statements."""

from __future__ import annotations

import gc
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    AutoField,
    BigAutoField,
    Field,
    ForeignKey,
    JSONField,
    Model,
)

M = TypeVar("M", bound=Model)
CHUNK = 500
NULL = r"\N"
_SPECIAL = re.compile(r"[\\\n\r\t]")
_ESCAPED = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def insert_all(rows: Iterable[M]) -> list[M]:
    """Insert unsaved rows of one table, keys set; answers them. As ``bulk_create``, without its cost.

    PostgreSQL takes them by COPY, measured four times quicker than INSERT; SQLite has no round trip to save.
    """
    made = list(rows)
    if not made:
        return made
    model = type(made[0])
    if connection.vendor != "postgresql":
        return model._default_manager.bulk_create(made, batch_size=CHUNK)
    if isinstance(model._meta.pk, AutoField | BigAutoField):
        for row, key in zip(made, _keys(model, len(made)), strict=True):
            row.pk = key
    _copy(model, made)
    for row in made:
        row._state.adding, row._state.db = False, connection.alias
    return made


def save_all(rows: Iterable[M], fields: Sequence[str]) -> None:
    """Write ``fields`` of saved rows of one table; the rows must be complete and locked by the caller.

    An upsert on the key: measured seven times quicker than ``bulk_update``, whose CASE lists the
    database has to search for each row and column. Rows that were deleted meanwhile would come
    back, hence the lock.
    """
    found = list(rows)
    if not found:
        return
    type(found[0])._default_manager.bulk_create(
        found,
        batch_size=CHUNK,
        update_conflicts=True,
        update_fields=fields,
        unique_fields=[found[0]._meta.pk.name],
    )


def set_each(model: type[Model], column: str, values: Mapping[int, Any]) -> None:
    """Write one column of the rows with these keys, each its own value, without reading them."""
    field, quote = _field(model, column), connection.ops.quote_name
    texts = map(_text(field), values.values())
    table, name, key = map(quote, (model._meta.db_table, str(field.column), str(model._meta.pk.column)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = "unnest(%s::bigint[], %s::text[]) as given(key, value)"
            kind = field.db_type(connection)
            words = f"update {table} set {name} = value::{kind} from {given} where {table}.{key} = given.key"
            cursor.execute(words, [list(values), list(texts)])
        else:
            words = f"update {table} set {name} = %s where {key} = %s"
            cursor.executemany(words, list(zip(texts, values, strict=True)))


@contextmanager
def unhurried() -> Iterator[None]:
    """Leave the search for cycles until afterwards: among 50,000 new rows it costs a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _keys(model: type[Model], count: int) -> list[int]:
    """So many keys that nobody else gets."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        sequence = "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)"
        cursor.execute(sequence, [connection.ops.quote_name(table), column, count])
        return [key for (key,) in cursor.fetchall()]


def _copy(model: type[Model], rows: list[M]) -> None:
    """COPY ``rows`` with all their columns."""
    fields = list(model._meta.local_concrete_fields)
    columns = [_cells(field, map(attrgetter(field.attname), rows)) for field in fields]
    lines = "".join(["\t".join(cells) + "\n" for cells in zip(*columns, strict=True)])
    quoted = map(connection.ops.quote_name, [model._meta.db_table, *(str(field.column) for field in fields)])
    table, *names = quoted
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(f"copy {table} ({', '.join(names)}) from stdin", io.StringIO(lines))


def _field(model: type[Model], column: str) -> Field[Any, Any]:
    return next(field for field in model._meta.local_concrete_fields if field.attname == column)


def _text(field: Field[Any, Any]) -> Callable[[Any], str | None]:
    """What turns a value of ``field`` into text as the database reads it."""
    if isinstance(field, JSONField):
        dumped = partial(json.dumps, cls=field.encoder, ensure_ascii=False)
        return lambda value: None if value is None else dumped(value)
    target: Field[Any, Any] = field.target_field if isinstance(field, ForeignKey) else field

    def text(value: Any) -> str | None:
        if value is None or type(value) is str:
            return value
        return str(value if type(value) is int else target.get_prep_value(value))

    return text


def _cells(field: Field[Any, Any], values: Iterable[Any]) -> Iterator[str]:
    """A column in COPY's text format; most columns hold few different values, each is written out once."""
    text = _text(field)
    if isinstance(field, JSONField):
        yield from (_cell(text(value)) for value in values)
        return
    known: dict[Any, str] = {}
    for value in values:
        if value not in known:
            known[value] = _cell(text(value))
        yield known[value]


def _cell(text: str | None) -> str:
    """A cell of COPY's text format."""
    if text is None:
        return NULL
    return _SPECIAL.sub(_escape, text) if _SPECIAL.search(text) else text


def _escape(found: re.Match[str]) -> str:
    return _ESCAPED[found[0]]

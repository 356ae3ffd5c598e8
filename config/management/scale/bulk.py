"""Many rows in few statements, alike on PostgreSQL and SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

BATCH = 2000


def save(model: type[Model], rows: Iterable[Any]) -> int:
    """Insert unsaved instances as they come; returns how many."""
    waiting, count = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        model._default_manager.bulk_create(batch)
        count += len(batch)
    return count


def select_into(model: type[Model], given: dict[str, str], source: str, params: list[Any]) -> int:
    """``INSERT INTO model SELECT … source``; ``given`` maps columns to SQL, the others get their defaults.

    ``params`` belong to ``given`` and ``source`` in this order. Returns how many rows were written.
    """
    columns = list(given)
    defaults: list[Any] = []
    for field in model._meta.local_concrete_fields:
        if field.column is None or field.column in given or field.primary_key:
            continue
        columns.append(field.column)
        defaults.append(field.get_db_prep_save(field.get_default(), connection))
    values = ", ".join([*given.values(), *["%s"] * len(defaults)])
    names = ", ".join(map(connection.ops.quote_name, columns))
    placed = sum(sql.count("%s") for sql in given.values())
    statement = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} {source}"
    return run(statement, *params[:placed], *defaults, *params[placed:])


def helper(name: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """A temporary table with ``rows``; dates and times as the database keeps them."""
    ready = [tuple(map(adapted, row)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
        places = ", ".join(["%s"] * len(columns.split(",")))
        cursor.executemany(f"INSERT INTO {name} VALUES ({places})", ready)


def adapted(value: Any) -> Any:
    """``value`` as raw SQL takes it: SQLite keeps dates and times as text."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def run(statement: str, *params: Any) -> int:
    """Execute one statement in which a per cent sign is written twice; returns how many rows it touched."""
    with connection.cursor() as cursor:
        if params:
            cursor.execute(statement, list(params))
        else:
            cursor.execute(statement.replace("%%", "%"))
        return int(cursor.rowcount)


@contextmanager
def without_keys(*models: type[Model]) -> Iterator[None]:
    """On PostgreSQL build foreign keys and indexes after the rows instead of with each row.

    Measured: a third of the time. They are checked as strictly when they come back.
    """
    if connection.vendor != "postgresql":
        yield
        return
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        back = [line for table in tables for line in _taken_off(cursor, table)]
        yield
        for line in back:
            cursor.execute(line)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _taken_off(cursor: Any, table: str) -> list[str]:
    """Drop the foreign keys and plain indexes of ``table``; answers the statements that bring them back."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    again = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for name, text in keys]
    return [text for _, text in indexes] + again


def settle(models: Iterable[type[Model]]) -> None:
    """Keys given by hand are known to the sequences, and the planner knows the sizes and what is visible."""
    for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
        run(statement)
    vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    run("VACUUM ANALYZE" if vacuum else "ANALYZE")

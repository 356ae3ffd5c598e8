"""What only a superuser of the database can do: the triggers are out of force inside the block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def unguarded() -> Iterator[None]:
    """No trigger and (on PostgreSQL) no foreign key holds; afterwards they do again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = origin")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement)


def flush_as_superuser() -> None:
    """Django empties the tables after a test with transactions of its own; the portal itself never may."""
    teardown = TransactionTestCase._fixture_teardown

    def unguarded_teardown(case: TransactionTestCase) -> None:
        with unguarded():
            teardown(case)

    TransactionTestCase._fixture_teardown = unguarded_teardown

"""Reads of the law of the house: the book of clauses in force, and single parameters."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.models import Prefetch, QuerySet

from regulations.choices import Comparator, Confidence, Severity
from regulations.data import shipment
from regulations.models import Clause, Edition
from regulations.models import Parameter as Row
from regulations.rules import Book, Cited, Parameter


@cache
def shipped_book() -> Book:
    """The book as it ships, from the data files alone."""
    return Book((clause.cited for clause in shipment().clauses), source="shipped")


def book() -> Book:
    """The book in force: from the database once it is migrated and filled, else as shipped.

    Kept per process under the mark of the edition. One small row is read before use — once within
    a web request, else at every call — so that a change made in any process is seen at once.
    """
    mark = _asked.mark if _asked.in_request and _asked.mark else edition()
    if mark is None:
        return shipped_book()
    _asked.mark = mark
    return _book_of(mark)


def parameter(code: str, on: date) -> Parameter:
    """The common value of ``code`` (``MT-03.majority``) on the day; ``KeyError`` when unknown.

    A room that knows the organisation asks ``branches.queries.parameter``, which adds local values, and
    one that makes findings ``branches.queries.book``.
    """
    return book().value(code, on)


def clause_of(code: str, on: date) -> tuple[Cited, Parameter]:
    """The clause in force on the day that carries ``code``, and the parameter; ``KeyError`` when unknown."""
    rule, _, name = code.partition(".")
    clause = book().clause(rule, on)
    return clause, clause.values[name]


def edition() -> str | None:
    """The mark that changes with every change of the law; None before the database is ready."""
    try:
        if not _ready():
            return None
        return Edition.objects.filter(pk=Edition.ONLY).values_list("mark", flat=True).first()
    except DatabaseError:
        return None


class _Asked(threading.local):
    """What this thread has asked within its web request."""

    in_request: bool = False
    mark: str | None = None


_asked = _Asked()


def begin_request() -> None:
    """A web request starts: the edition is asked once more, then trusted until the end."""
    _asked.in_request, _asked.mark = True, None


def end_request() -> None:
    """The web request is over: every call asks again."""
    _asked.in_request, _asked.mark = False, None


def forget() -> None:
    """The law has just been changed here: ask again, even within this request."""
    _asked.mark = None


_tables_seen: set[str] = set()


def _ready() -> bool:
    """Whether the tables exist; a yes is kept, so that it is asked once a database."""
    name = str(connection.settings_dict["NAME"])
    if name not in _tables_seen and _has_tables(name):
        _tables_seen.add(name)
    return name in _tables_seen


def _has_tables(name: str) -> bool:
    if connection.vendor == "sqlite" and "mode=memory" not in name and not Path(name).exists():
        return False  # connecting would leave an empty database file behind
    with connection.cursor() as cursor:
        return Edition._meta.db_table in connection.introspection.table_names(cursor)


@lru_cache(maxsize=2)
def _book_of(mark: str) -> Book:
    """The book of one edition, read from the database once a process."""
    clauses = Clause.objects.prefetch_related("parameters__clause")
    return Book((piece for clause in clauses for piece in pieces(clause)), source="database")


def pieces(clause: Clause) -> list[Cited]:
    """The clause cut at the days on which one of its values changes: each piece has one value."""
    rows = list(clause.parameters.all())
    changes = sorted({row.since for row in rows if row.since and _inside(clause, row.since)})
    bounds = [clause.since, *changes]
    ends = [*(day - timedelta(days=1) for day in changes), clause.until]
    return [_cited(clause, rows, since, end) for since, end in zip(bounds, ends, strict=True)]


def _inside(clause: Clause, day: date) -> bool:
    after = clause.since is None or day > clause.since
    return after and (clause.until is None or day <= clause.until)


def _cited(clause: Clause, rows: Iterable[Row], since: date | None, until: date | None) -> Cited:
    """One piece of a clause, with the values in force in it."""
    return Cited(
        rule=clause.rule,
        citation=clause.citation,
        text=clause.text,
        severity=Severity(clause.severity),
        confidence=Confidence(clause.confidence),
        since=since,
        until=until,
        values={row.name: _value(row) for row in rows if row.holds_from(since)},
    )


def _value(row: Row) -> Parameter:
    return Parameter(row.code, row.value, row.unit, Comparator(row.comparator), row.label)


def with_values(clauses: QuerySet[Clause]) -> QuerySet[Clause]:
    """Clauses with their regulation and values, for a list."""
    values = Row.objects.select_related("clause")
    return clauses.select_related("regulation").prefetch_related(Prefetch("parameters", values))


def versions_of(clauses: QuerySet[Clause], rule: str) -> list[Clause]:
    """All versions of one rule with their values, the newest first."""
    rows = with_values(clauses.filter(rule=rule))
    return sorted(rows, key=lambda clause: clause.begins or date.min, reverse=True)

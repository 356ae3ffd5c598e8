"""Text as the portal keeps and finds it: nothing hidden, Chinese by pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Lookup, QuerySet, TextField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    BaseLookup = Lookup[Any]
else:  # Django's class takes no parameters when it runs
    BaseLookup = Lookup

Q = TypeVar("Q", bound=QuerySet[Any])

LONGEST_QUERY = 50
"""Characters of a search that are looked at."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
FEW = 500
"""Rows that are named one by one rather than found a second time."""
WORDS = "string_to_array({}, ' ')"
"""A search column as PostgreSQL's index sees it."""
_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")


@CharField.register_lookup
@TextField.register_lookup
class HasWord(BaseLookup):
    """Whether a search column holds the word; on PostgreSQL found by the index over its words.

    A room with a search column makes that index in a migration, see :func:`words_index`.
    """

    lookup_name = "has_word"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Read the text from end to end."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*parameters, f"% {self.rhs} %")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Ask the index."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{WORDS.format(column)} @> ARRAY[%s]", (*parameters, self.rhs)


def tidy(text: str) -> str:
    """``text`` without control and direction characters (which no database column and no paper can
    hold or show), with plain line ends, without outer blanks."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def bigrams(text: str) -> str:
    """The words of the search column for ``text``, each once, with blanks around every one.

    A Latin word or number is a word; a run of Chinese gives every character and every pair of
    neighbours. Width and case do not count.
    """
    words = dict.fromkeys(word for run in _runs(text) for word in _words(run))
    return f" {' '.join(words)} " if words else ""


def match(queryset: Q, field: str, text: str) -> Q:
    """The rows whose search column ``field`` (filled by :func:`bigrams`) holds all of ``text``.

    Nothing to look for finds nothing; works alike on both databases. What few rows hold is looked up
    at once: in the hope of filling a page the planner would walk a country newest first for a word
    that stands nowhere (5.7 s for 1 ms).
    """
    words = [word for run in _runs(text[:LONGEST_QUERY]) for word in _sought(run)]
    if not words:
        return queryset.none()
    for word in dict.fromkeys(words):
        queryset = queryset.filter(**{f"{field}__has_word": word})
    few = list(queryset.order_by().values_list("pk", flat=True)[: FEW + 1])
    return queryset if len(few) > FEW else queryset.filter(pk__in=few)


def words_index(name: str, table: str, column: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """A step of a migration that makes the index of a search column; other databases read the text."""

    def make(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({WORDS.format(column)})")

    return make


def no_index(name: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """The way back of :func:`words_index`."""

    def drop(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")

    return drop


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> Iterator[str]:
    return (run[place : place + 2] for place in range(len(run) - 1))


def _is_latin(run: str) -> bool:
    return run[0].isascii()


def _words(run: str) -> Iterator[str]:
    """What is stored for one run."""
    if _is_latin(run):
        yield run
        return
    yield from run
    yield from _pairs(run)


def _sought(run: str) -> Iterator[str]:
    """What is looked for: the pairs where there are any."""
    if _is_latin(run) or len(run) == 1:
        yield run
        return
    yield from _pairs(run)

"""Text as the portal keeps and finds it: nothing hidden, Chinese by pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterator

Q = TypeVar("Q", bound=QuerySet[Any])

LONGEST_QUERY = 50
"""Characters of a search that are looked at."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")


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

    Nothing to look for finds nothing; works alike on both databases.
    """
    words = [word for run in _runs(text[:LONGEST_QUERY]) for word in _sought(run)]
    if not words:
        return queryset.none()
    for word in dict.fromkeys(words):
        queryset = queryset.filter(**{f"{field}__contains": f" {word} "})
    return queryset


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

"""Walks the portal by its resolver: each address a stage has arguments for, and the text of any answer."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import pdfplumber
from django.test import Client
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from tests.permissions.test_matrix import routes

ABOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("meetings:", ("draft", "secret", "attachment", "secret_minutes", "resolution", "branch")),
    ("supervision:", ("waived", "open")),
    ("assessments:open", ("organization",)),
    ("assessments:", ("round", "score_rows", "manual")),
    ("branches:end", ("post",)),
    ("branches:values", ("organization",)),
    ("branches:value", ("value",)),
    ("branches:", ("organization",)),
    ("members:appoint", ("organization",)),
    ("members:take", ("organization",)),
    ("members:recall", ("stay",)),
    ("stay-", ("stay",)),
    ("members:", ("member",)),
    ("accounts:", ("user",)),
    ("reports:organization", ("organization",)),
    ("reports:person", ("member",)),
    ("reports:notice", ("notice",)),
    ("reports:job", ("job",)),
    ("reports:grant", ("holder",)),
    ("grant-", ("post",)),
    ("reports:cycle", ("cycle",)),
    ("reports:figure", ("figure",)),
    ("reports:", ("bulletin_draft", "bulletin_issued", "bulletin_file")),
    ("regulations:", ("rule",)),
    ("core:job", ("job",)),
    ("organization-", ("organization",)),
    ("member-", ("member",)),
    ("exemption-", ("exemption",)),
    ("meeting-", ("draft", "secret")),
    ("occurrence-", ("waived", "open")),
    ("document-", ("document", "secret_paper")),
)
"""What the addresses of each room are about."""
HEALTH = {"core:healthz", "core:readyz"}


class Address(NamedTuple):
    """An address, its route, and the words for its arguments."""

    url: str
    route: str
    about: str


def addresses(arguments: dict[str, dict[str, Any]]) -> Iterator[Address]:
    """Each route with each of the arguments that fit it and are about its room."""
    for route in sorted(set(routes()) - HEALTH):
        own = next((words for start, words in ABOUT if route.startswith(start)), ())
        for about in ("", *own):
            if about in arguments:
                try:
                    yield Address(reverse(route, kwargs=arguments[about]), route, about)
                except NoReverseMatch:
                    continue


def body(answer: Any) -> bytes:
    """The bytes of an answer; a streamed one is read to its end, which closes its file."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def status(client: Client, url: str) -> int:
    """The status of a GET, the answer read."""
    answer = client.get(url)
    body(answer)
    return int(answer.status_code)


def texts(content: bytes) -> str:
    """All text a reader could find in a page, JSON, workbook, .docx or PDF, in every spelling of the web."""
    if content.startswith(b"%PDF"):
        return _pdf(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
            return "\n".join(map(unescape, parts))
    plain = content.decode("utf-8", "replace")
    spoken = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), plain)
    return "\n".join((plain, unescape(plain), spoken, unquote(plain)))


@cache
def _pdf(content: bytes) -> str:
    if len(content) < 1000:  # the stage's smallest attachment has no page
        return content.decode("latin-1")
    with pdfplumber.open(io.BytesIO(content)) as document:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


def read(client: Client, url: str) -> tuple[int, str]:
    """The status and the text of a GET; headers (file names, redirects) belong to it."""
    answer = client.get(url)
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.items())
    return answer.status_code, texts(body(answer)) + heads


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    """The lines of an exported workbook below its headings."""
    book = load_workbook(io.BytesIO(body(answer)))
    assert book.active is not None
    return [row for row in book.active.iter_rows(min_row=4, values_only=True) if any(row)]


def query(url: str, **asked: Any) -> str:
    """``url`` with parameters; a list is given several times."""
    pairs = ((name, each) for name, value in asked.items() for each in _several(value))
    return f"{url}?" + "&".join(f"{quote(name)}={quote(str(value))}" for name, value in pairs)


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def as_json(value: Any) -> str:
    """JSON as a browser sends it, lone surrogates as escapes."""
    return json.dumps(value, ensure_ascii=True)


def cell_types(answer: Any) -> set[str]:
    """The kinds of cells in an exported workbook: ``s`` text, ``n`` number, ``d`` date, ``f`` formula."""
    book = load_workbook(io.BytesIO(body(answer)))
    return {cell.data_type for page in book for row in page.iter_rows() for cell in row}

"""Every URL and API route × every role, GET and POST; a route that is missing from the table fails.

A page's POST carries no one-time token, so it writes nothing: what is allowed answers 422, what is
not answers 403 or 404 before. An API's POST has an empty body, which most resources refuse with 400.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from core import clock
from tests.corps import moment
from tests.permissions.stage import TODAY, Stage, build
from tests.permissions.table import OPEN_TO_ALL, ROLES, ROWS

WORDS = {
    200: "2",
    204: "N",
    302: "L",
    303: "S",
    400: "B",
    401: "U",
    403: "3",
    404: "4",
    405: "5",
    409: "C",
    422: "X",
}


def routes(resolver: Any = None, space: str = "") -> Iterator[str]:
    """The full names of all routes."""
    for each in (resolver or get_resolver()).url_patterns:
        if hasattr(each, "url_patterns"):
            yield from routes(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}"


def test_every_route_is_in_the_table():
    known = {row.route for row in ROWS} | OPEN_TO_ALL
    assert set(routes()) == known


@pytest.fixture
def stage(corps) -> Iterator[Stage]:
    with clock.at(moment(TODAY)):
        yield build(corps)


def code(client: Client, method: str, url: str) -> str:
    """One letter for the answer; L is a redirect to the sign-in page, R to any other."""
    is_api = url.startswith("/api/")
    answer = (
        client.get(url)
        if method == "GET"
        else client.post(url, {}, content_type="application/json")
        if is_api
        else client.post(url, {})
    )
    if answer.status_code == 302 and not answer["Location"].startswith("/accounts/login/"):
        return "R"
    if answer.streaming:
        assert list(answer.streaming_content)
    return WORDS[answer.status_code]


@pytest.mark.django_db
def test_matrix(stage, sign_in):
    """All rows in one stage: building it costs more than asking it."""
    wrong = []
    clients = {role: sign_in(stage.corps.users[role]) if role != "anon" else Client() for role in ROLES}
    for row in ROWS:
        url = reverse(row.route, kwargs=stage.arguments[row.about])
        for method, wanted in (("GET", row.get), ("POST", row.post)):
            found = "".join(code(clients[role], method, url) for role in ROLES)
            if found != wanted:
                wrong.append(f'{row.route} {row.about} {method}: "{found}" not "{wanted}"')
    assert not wrong, "\n" + "\n".join(wrong)

"""A row out of sight and a row that never was are answered alike, by every filter, address and body."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from meetings.models import MeetingKind
from members.models import Member
from tests import walk
from tests.permissions.stage import TODAY, Stage

pytestmark = pytest.mark.django_db

MISSING = 999_983
KEYS = {
    "organization": "organization",
    "node": "organization",
    "open": "organization",
    "parent": "organization",
    "meeting": "meeting",
    "copy": "meeting",
    "group": "group",
    "round": "round",
}
"""What takes the key of a row, and of which row."""
BODIES = {
    "organization": "organization",
    "group_id": "group",
    "chair_id": "person",
    "recorder_id": "person",
    "person_id": "person",
}
"""The same for a meeting sent to the API."""
OWN_WORDS = re.compile(r'="[^"]*"|\b[0-9a-f]{16}\b')  # addresses, tokens, the number of the request


def said(answer: Any) -> tuple[int, str]:
    """Status and text of an answer without what changes by itself."""
    return answer.status_code, OWN_WORDS.sub("", walk.body(answer).decode("utf-8", "replace"))


def hidden(stage: Stage) -> dict[str, int]:
    """Keys of rows of alpha that the secretary of beta must not know of."""
    of, member = stage.arguments, Member.objects.get(pk=stage.arguments["member"]["pk"])
    return {
        "organization": stage.corps.alpha.pk,
        "group": stage.corps.group.pk,
        "meeting": of["filed"]["pk"],
        "person": member.person_id,
        "round": of["round"]["pk"],
    }


def test_no_filter_tells_a_hidden_row_from_none(stage: Stage, sign_in: Any) -> None:
    client: Client = sign_in(stage.corps.users["secretary_beta"])
    wrong, of = [], hidden(stage)
    for address in walk.addresses(stage.arguments):
        if address.about or client.get(address.url).status_code != 200:
            continue
        for name, what in KEYS.items():
            key = of[what]
            none = said(client.get(address.url, {name: MISSING}))
            if said(client.get(address.url, {name: key})) != none:
                wrong.append(f"{address.url}?{name}={what}")
    assert not wrong


def test_no_address_tells_a_hidden_row_from_none(stage: Stage, sign_in: Any) -> None:
    """Any method: the page about a hidden row is the page about no row, letter for letter."""
    client: Client = sign_in(stage.corps.users["secretary_beta"])
    wrong = []
    for route, about in pages(stage):
        arguments = stage.arguments[about]
        known = walk.reverse(route, kwargs=arguments)
        key = arguments[next(iter(arguments))]
        missing = MISSING if isinstance(key, int) else uuid.UUID(int=4)
        other = walk.reverse(route, kwargs=arguments | {next(iter(arguments)): missing})
        for method in ("get", "post"):
            one, two = getattr(client, method)(known), getattr(client, method)(other)
            if said(one) != said(two):
                wrong.append((method, known, one.status_code, two.status_code))
    assert not wrong


def pages(stage: Stage) -> Iterator[tuple[str, str]]:
    """Routes about a row of alpha, with the word for it."""
    ours = {"", "rule", "parameter", "bulletin_issued", "bulletin_file", "user", "job", "notice", "value"}
    for address in walk.addresses(stage.arguments):
        if address.about not in ours and not address.route.startswith(("accounts:", "regulations:")):
            yield address.route, address.about


def test_no_body_tells_a_hidden_row_from_none(stage: Stage, sign_in: Any) -> None:
    client: Client = sign_in(stage.corps.users["secretary_beta"])
    proper = {"organization": stage.corps.beta.pk, "kinds": [MeetingKind.objects.all()[0].pk]}
    proper |= {"held_on": TODAY.isoformat()}
    wrong = []
    for name, what in BODIES.items():
        answers = []
        for key in (MISSING, hidden(stage)[what]):
            line = {"roll": [{"person_id": key, "role": "voter", "presence": "present"}]}
            body = proper | (line if name == "person_id" else {name: key})
            with transaction.atomic():
                answer = client.post("/api/v1/meetings/", walk.as_json(body), content_type="application/json")
                answers.append(said(answer) if answer.status_code != 201 else 201)
                transaction.set_rollback(True)
        if len(set(answers)) != 1:
            wrong.append((name, set(answers)))
    assert not wrong

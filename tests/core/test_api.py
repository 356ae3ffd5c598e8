"""What the API answers when several things are wrong at once, and to those who ask for files."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry
from tests.corps import Corps

pytestmark = [pytest.mark.django_db, pytest.mark.both]
UNKNOWN = "/api/v1/occurrences/?format=yaml"


@pytest.mark.parametrize("token", ["Token", "Token x", "Token a b", "Token " + "0" * 64])
def test_a_broken_token_and_an_unknown_format_are_no_crash(token: str, db: Any) -> None:
    answer = Client(headers={"Authorization": token}).post(UNKNOWN, {}, content_type="application/json")
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(result="denied").exists()


def test_of_somebody_signed_in_the_refusal_is_kept(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["secretary"])
    assert client.post(UNKNOWN, {}, content_type="application/json").status_code == 404
    assert AuditEntry.objects.get(result="denied").user == corps.users["secretary"]


def test_every_operation_declares_its_refusals_once(corps: Corps, sign_in: Any) -> None:
    schema = sign_in(corps.users["secretary"]).get("/api/schema/").json()
    shapes = schema["components"]["schemas"]
    assert shapes["Refusal"]["required"] == ["detail"]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            declared = set(operation["responses"])
            assert {"400", "401", "403", "404", "406"} <= declared, (method, path)
            assert ("422" in declared) == (method != "get"), (method, path)
    paper = schema["paths"]["/api/v1/documents/{id}/pdf/"]["get"]["responses"]["200"]
    assert set(paper["content"]) == {"application/pdf"}

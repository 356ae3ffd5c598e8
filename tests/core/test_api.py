"""What the API answers when several things are wrong at once, and to those who ask for files."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.models import AuditEntry
from tests import walk
from tests.corps import Corps
from tests.permissions.stage import Stage

pytestmark = pytest.mark.django_db
UNKNOWN = "/api/v1/occurrences/?format=yaml"


@pytest.mark.both
@pytest.mark.parametrize("token", ["Token", "Token x", "Token a b", "Token " + "0" * 64])
def test_a_broken_token_and_an_unknown_format_are_no_crash(token: str, db: Any) -> None:
    answer = Client(headers={"Authorization": token}).post(UNKNOWN, {}, content_type="application/json")
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(result="denied").exists()


@pytest.mark.both
def test_of_somebody_signed_in_the_refusal_is_kept(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["secretary"])
    assert client.post(UNKNOWN, {}, content_type="application/json").status_code == 404
    assert AuditEntry.objects.get(result="denied").user == corps.users["secretary"]


@pytest.mark.both
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


@pytest.mark.parametrize(("word", "suffix"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_paper_comes_as_what_it_is_whatever_is_accepted(
    word: str, suffix: bytes, stage: Stage, sign_in: Any
) -> None:
    client, pk = sign_in(stage.corps.users["secretary"]), stage.arguments["document"]["pk"]
    for accepted in ("application/pdf", "application/json", "*/*", "text/html"):
        answer = client.get(f"/api/v1/documents/{pk}/{word}/", headers={"Accept": accepted})
        assert answer.status_code == 200, accepted
        assert walk.body(answer).startswith(suffix)
    missing = client.get(f"/api/v1/documents/{uuid4()}/{word}/", headers={"Accept": "application/pdf"})
    assert (missing.status_code, set(missing.json())) == (404, {"detail"})

"""What /api/schema/ describes, asked by schemathesis for every role: in process, through WSGI.

Each case is fired at all roles and rolled back; answers must be as described, never 500 or more, and
tell nobody a canary from outside the scope.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import feedback
from schemathesis.specs.openapi import checks

from core.models import Document
from tests.fuzz.result import Result
from tests.fuzz.run import Told, listening, weigh
from tests.fuzz.world import World
from tests.permissions.table import ROLES

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
QUIET = settings(
    database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)


portal = get_wsgi_application()


def served(environ: Any, start_response: Any) -> list[bytes]:
    """The portal as a server calls it: read to the end, then closed."""
    answer: Any = portal(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def run(world: World, examples: int, seed: int, seconds: float = float("inf")) -> Result:
    """``examples`` cases for each operation, proper and improper, each at every role."""
    result, begun = Result(seed), time.monotonic()
    heads = {role: _heads(world, role) for role in ROLES}
    with listening() as log, one_connection():
        described = schemathesis.openapi.from_wsgi("/api/schema/", served, headers=heads["secretary"])

        def fire(case: Any) -> None:
            for role in ROLES if time.monotonic() - begun < seconds else ():
                log.lines.clear()
                with transaction.atomic():
                    ask(case, role, heads[role], log.lines, result)
                    transaction.set_rollback(True)

        for found in described.get_all_operations():
            for strategy in strategies(found.ok(), world):
                seeded(seed)(settings(QUIET, max_examples=examples)(given(strategy)(fire)))()
    result.seconds = time.monotonic() - begun
    return result


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests do not close the connection that the transaction of the test is on, as in Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def strategies(operation: Any, world: World) -> Iterator[st.SearchStrategy[Any]]:
    """Proper and improper cases; where a row is named, once more with keys that exist."""
    for mode in GenerationMode:
        yield operation.as_strategy(mode, feedback=feedback.NO_FEEDBACK)
    if "{id}" in operation.path:
        uuids = "documents" in operation.path
        keys = [*Document.objects.values_list("pk", flat=True)] if uuids else [*range(1, 40)]
        for mode in GenerationMode:
            cases = operation.as_strategy(mode, feedback=feedback.NO_FEEDBACK)
            yield st.tuples(cases, st.sampled_from(keys)).map(_named)


def _named(drawn: tuple[Any, Any]) -> Any:
    """The case about that row."""
    case, key = drawn
    case.path_parameters["id"] = str(key)
    return case


def ask(case: Any, role: str, heads: dict[str, str], lines: list[str], result: Result) -> None:
    """Fire the case as ``role``, weigh what was told, and compare it with the description."""
    answer = case.call(headers=heads)
    told = "\n".join(f"{name}: {value}" for name, values in answer.headers.items() for value in values)
    asked = f"{role} {case.method} {case.formatted_path} {case.query} {str(case.body)[:300]}"
    route = f"{case.operation.method} {case.operation.path}"
    weigh(role, route, Told(answer.status_code, told, answer.content, lines), asked, result)
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        result.lies.update(f"{route}: {each.title}: {each.message[:300]}" for each in group.exceptions)


def _heads(world: World, role: str) -> dict[str, str]:
    """The header by which programs of the role are known."""
    if role == "anon":
        return {}
    return {"Authorization": f"Token {AuthToken.objects.create(user=world.stage.corps.users[role])[1]}"}

"""Firing, judging, and the table at the end."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.test import Client

from tests import walk
from tests.fuzz.result import Result
from tests.fuzz.shots import Gun, Shot
from tests.fuzz.world import SIGN, World, allowed
from tests.permissions.table import ROLES

MARK = re.compile(rf"{SIGN}([名\w]{{1,4}}){SIGN}")
SPELT = (SIGN.encode(), rb"\u00a7", b"%C2%A7", b"&#167;", b"&#xA7;", b"&sect;", b"PK", b"%PDF")
"""How the sign may stand in an answer; what has none of these is not looked at further."""


class Lines(logging.Handler):
    """Every line that the portal logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def run(world: World, requests: int, seed: int, tell: Any = None, seconds: float = float("inf")) -> Result:
    """``requests`` in all, the roles in turn; each is rolled back, so that every shot meets the same corps.

    Ends early, with what was found so far, when ``seconds`` have passed.
    """
    result, begun = Result(seed), time.monotonic()
    clients = {role: _client(world, role) for role in ROLES}
    cookies = {role: client.cookies.get(settings.SESSION_COOKIE_NAME) for role, client in clients.items()}
    gun = Gun(world, clients, seed)
    with listening() as log:
        for number in range(requests):
            if time.monotonic() - begun > seconds:
                break
            role = ROLES[number % len(ROLES)]
            shot, client = gun.shot(role), clients[role]
            client.cookies.clear()
            if cookies[role] is not None:
                client.cookies[settings.SESSION_COOKIE_NAME] = cookies[role].value
            log.lines.clear()
            known = result.found
            with transaction.atomic():
                judge(shot, shot.fire(client), log.lines, result)
                transaction.set_rollback(True)
            if tell and result.found > known:
                tell(result.last())
            if tell and number % 5_000 == 4_999:
                tell(f"{number + 1} requests, {time.monotonic() - begun:.0f} s, ok={result.ok}")
    result.seconds = time.monotonic() - begun
    return result


def judge(shot: Shot, answer: Any, lines: list[str], result: Result) -> None:
    """Count the answer; keep it when it failed or told too much."""
    content = walk.body(answer)
    for (
        close
    ) in answer._resource_closers:  # a HEAD leaves its file open; close() would end the connection too
        close()
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.items())
    weigh(shot.role, shot.route, Told(answer.status_code, heads, content, lines), str(shot), result)


class Told(NamedTuple):
    """All that an answer says: status, headers, body, and what was logged meanwhile."""

    status: int
    heads: str
    content: bytes
    lines: list[str]


def weigh(role: str, route: str, told: Told, asked: str, result: Result) -> None:
    """Count what ``role`` was told at ``route``; keep ``asked`` when it failed or told too much."""
    result.statuses[role][told.status] += 1
    if told.status >= 500:
        result.failures.append(f"{told.status} {asked}\n    {_cause(told.lines)}")
    found = set(MARK.findall(told.heads))
    if any(spelling in told.content for spelling in SPELT):
        found |= set(MARK.findall(walk.texts(told.content)))
    result.marks[role] += len(found)
    if strange := found - allowed(role, route):
        result.leaks.append(f"{sorted(strange)} {told.status} {route} {asked}")
    if spoken := [line for line in told.lines if SIGN in unquote(line)]:
        result.leaks.append(f"log {spoken[0][:200]!r} {asked}")


def _cause(lines: list[str]) -> str:
    """Where the exception came from and what it was."""
    trace = next((line for line in lines if "Traceback" in line), "")
    own = [each.strip() for each in trace.splitlines() if "File" in each and ".venv" not in each]
    return " | ".join([*own[-2:], *trace.strip().splitlines()[-1:]])[:600]


def _client(world: World, role: str) -> Client:
    """A client of the role that answers a crash with the page of a crash."""
    client = Client(raise_request_exception=False)
    if role != "anon":
        client.force_login(world.stage.corps.users[role], backend="accounts.backends.PersonBackend")
    return client


@contextmanager
def listening() -> Iterator[Lines]:
    """All lines of the log, and none on the screen."""
    root, lines = logging.getLogger(), Lines()
    kept, root.handlers = root.handlers, [lines]
    django = logging.getLogger("django")
    own, django.handlers = django.handlers, []
    yield lines
    root.handlers, django.handlers = kept, own

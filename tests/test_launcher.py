"""``./run`` as an administrator meets it: one sentence for every refusal, no traceback."""

from __future__ import annotations

import os
import re
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config import native, supervisor

ROOT = Path(__file__).resolve().parent.parent


def launch(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``./run`` to its end."""
    return subprocess.run(
        [sys.executable, ROOT / "run", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(*arguments: str, **variables: str) -> str:
    """The one sentence with which ``./run`` refuses."""
    done = launch(*arguments, **variables)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (sentence,) = done.stderr.strip().splitlines()
    assert sentence.startswith("错误：")
    return sentence


def test_a_bundle_serves_every_patch_release() -> None:
    """Debian's 3.11.2 needs a package that the packing machine's 3.11.7 does not; 3.12 is another bundle."""
    launcher = runpy.run_path(str(ROOT / "run"))
    lock = (ROOT / "requirements.txt").read_text()
    taken = launcher["for_every_patch"](lock)
    assert "async-timeout==5.0.1 ; python_full_version < '3.11.3'" in lock
    assert "async-timeout==5.0.1 \\\n" in taken
    assert re.findall(r"^puremagic.* ; .*$", taken, re.M) == re.findall(r"^puremagic.* ; .*$", lock, re.M)


def test_unknown_command_shows_the_usage() -> None:
    assert "./run test" in refusal("start")


def test_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert f"端口 {port} 已被占用" in refusal(PORT=port, DATA_DIR=str(tmp_path))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_impossible_port_is_named(port: str, tmp_path: Path) -> None:
    assert f"PORT={port}" in refusal(PORT=port, DATA_DIR=str(tmp_path))


def test_data_folder_that_cannot_be_written(free_port: str) -> None:
    assert "/proc/portal 不可写" in refusal(DATA_DIR="/proc/portal", PORT=free_port)


def test_data_folder_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: str) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    _, lock = supervisor.claimed_folder()
    with lock:
        assert "正被另一个 ./run 使用" in refusal(DATA_DIR=str(tmp_path), PORT=free_port)


def test_setup_again_takes_no_time() -> None:
    started = time.monotonic()
    done = launch("setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - started < 5


def test_dead_process_is_started_again(tmp_path: Path) -> None:
    service = supervisor.Service("试验进程", tmp_path / "log", "http.server", "--bind", "x:y")
    service.tend()
    assert service.child is not None
    service.child.wait(10)
    service.tend()
    assert (service.child, service.deaths, service.pause) == (None, 1, 2.0)
    service.due = 0
    service.tend()
    assert service.child is not None
    supervisor.stop([service])


def test_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    """What a killed process left in its group is killed too."""
    note, script = tmp_path / "note", tmp_path / "stubborn.py"
    script.write_text(
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if child := os.fork(): open(sys.argv[1], 'w').write(f'{child} ')\n"
        "time.sleep(60)\n"
    )
    # cProfile is there to run a file: services are started as modules
    service = supervisor.Service("试验进程", tmp_path / "log", "cProfile", str(script), str(note))
    service.tend()
    assert service.child is not None
    eventually(lambda: note.exists() and note.read_text().endswith(" "))
    service.child.kill()
    service.child.wait(10)
    assert alive(note.read_text().strip())
    supervisor.stop([service])
    eventually(lambda: not alive(note.read_text().strip()))


def alive(process: str) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    status = Path("/proc", process, "status")
    return status.exists() and "State:\tZ" not in status.read_text()


def eventually(happens: Callable[[], bool]) -> None:
    """Wait up to ten seconds for something to happen."""
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_font_configuration_is_loaded() -> None:
    """.venv's Python finds the unpacked fonts without ./run."""
    assert Path(os.environ["FONTCONFIG_FILE"]).is_file()


def test_missing_libraries_are_not_fatal(tmp_path: Path) -> None:
    assert native.loading_order([tmp_path]) == []


@pytest.fixture
def free_port() -> str:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])

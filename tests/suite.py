"""The whole suite, as ``./run test`` starts it: linters and every phase of the tests, on two cores.

Two lanes run side by side first (linters; SQLite), then the PostgreSQL phase and the browser
journeys have the machine to themselves, one after the other. Each step's output appears in one piece when it ends.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
PROCESSES = min(os.cpu_count() or 1, 4)
LONGEST = 1500.0
"""Seconds after which a step that hangs is ended, so that the others are told of."""
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
printing = threading.Lock()
running: set[int] = set()


def say(text: str) -> None:
    """Print at once, never in the middle of another lane's output."""
    with printing:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


@dataclass
class Step:
    """One command of .venv; ``count`` marks those whose last line is pytest's."""

    title: str
    arguments: tuple[str, ...]
    database: str = "sqlite"
    count: bool = False
    seconds: float = 0.0
    code: int = 0
    closing: str = field(default="", repr=False)

    def run(self) -> None:
        """Carry the step out and print what it said."""
        started = time.monotonic()
        child = subprocess.Popen(
            [SCRIPTS / self.arguments[0], *self.arguments[1:]],
            cwd=ROOT,
            env={**os.environ, "DB": self.database},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        running.add(child.pid)
        watch = threading.Timer(LONGEST, os.killpg, (child.pid, signal.SIGKILL))
        watch.start()
        output = child.communicate()[0].strip()
        watch.cancel()
        running.discard(child.pid)
        self.seconds, self.code = time.monotonic() - started, child.returncode
        self.closing = output.rpartition("\n")[2].strip("= ")
        say(f"──── {self.title}\n{output}\n")


def lint() -> list[Step]:
    """What is checked without running the portal, the quick ones first."""
    templates = map(str, sorted((ROOT / "templates").rglob("*.html")))
    return [
        Step("ruff check", ("ruff", "check", ".", "run")),
        Step("ruff format", ("ruff", "format", "--check", ".", "run")),
        Step("djade", ("djade", "--check", "--target-version", "5.2", *templates)),
        Step("import-linter", ("lint-imports",)),
        Step("makemigrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
        Step("mypy", ("mypy",)),
    ]


def pytest(title: str, database: str, marks: str, *options: str) -> Step:
    """One phase of the tests."""
    arguments = ("python", "-m", "pytest", "-m", marks, *options)
    return Step(title, arguments, database=database, count=True)


def lanes() -> list[list[list[Step]]]:
    """Stages one after the other; in a stage lanes side by side; in a lane steps one by one."""
    sqlite = pytest("SQLite", "sqlite", "both")
    marks = "not browser and not resilience"  # outages are a command of their own
    everything = pytest("PostgreSQL", "postgresql", marks, "-n", str(PROCESSES), "--durations=10")
    journeys = pytest("Chromium", "postgresql", "browser", "-n", str(PROCESSES), "--durations=5")
    return [[lint(), [sqlite]], [[everything, journeys]]]


def walk(lane: list[Step]) -> None:
    """Run the steps of a lane; a failure does not keep the others from telling theirs."""
    for step in lane:
        step.run()


def summary(steps: list[Step], seconds: float) -> str:
    """Times, verdicts and pytest's closing lines, the totals last."""
    totals = dict.fromkeys(("passed", "failed", "error", "skipped"), 0)
    lines = [f"──── 总计 {seconds:.0f} 秒"]
    for step in steps:
        verdict = "通过" if step.code == 0 else f"失败（{step.code}）"
        closing = f"  {step.closing}" if step.count else ""
        lines.append(f"{verdict}  {step.seconds:6.1f} s  {step.title}{closing}")
        for number, kind in COUNTS.findall(step.closing) if step.count else []:
            totals[kind.removesuffix("s")] += int(number)
    failed = totals["failed"] + totals["error"]
    return "\n".join([*lines, f"{totals['passed']} passed, {failed} failed"])


def interrupt(*_: object) -> None:
    """Ctrl-C ends the steps too: each leads a group of its own."""
    for group in list(running):
        os.killpg(group, signal.SIGTERM)
    raise KeyboardInterrupt


def main() -> int:
    """Run everything; the exit code is 1 when any step failed or a phase had no test."""
    started = time.monotonic()
    signal.signal(signal.SIGINT, interrupt)
    steps: list[Step] = []
    for stage in lanes():
        with ThreadPoolExecutor(len(stage)) as pool:
            list(pool.map(walk, stage))
        steps += [step for lane in stage for step in lane]
    say(summary(steps, time.monotonic() - started))
    return int(any(step.code for step in steps))


if __name__ == "__main__":
    sys.exit(main())

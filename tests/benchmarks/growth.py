"""P12: the same pages over ten times the rows, turn by turn in one run.

``python -m tests.benchmarks.growth SMALL LARGE`` asks two seeded databases (their URLs), each through a
process of its own, because Django's settings hold one. ``--answer`` is such a process: it reads the names
of cases and writes milliseconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from tests.benchmarks.timing import WARM_UPS

ROUNDS = 12
ALLOWED = 1.5


class Answering:
    """A process that measures pages of one database when told to."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.growth", "--answer"],
            env=os.environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.names = self._line().split("\t")

    def measure(self, name: str) -> float:
        """Milliseconds of one request."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"the process ended with {self.process.wait()}")
        return line

    def close(self) -> None:
        """End it."""
        self.process.communicate()


def answer() -> None:
    """Be such a process."""
    import django

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    from tests.benchmarks import pages

    cases = {case.name: case for case in pages.cases(WSGIHandler()) if case.grows}
    print("\t".join(cases), flush=True)
    for name in map(str.strip, sys.stdin):
        begun = time.perf_counter()
        page = cases[name].act()
        taken = time.perf_counter() - begun
        if not cases[name].holds(page):
            raise AssertionError(f"{name}: {str(page)[:300]}")
        print(taken * 1000, flush=True)


def table(small: str, large: str) -> list[str]:
    """Markdown: page, medians of both, ratio."""
    both = Answering(small), Answering(large)
    names = both[0].names
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in names}
    for turn in range(WARM_UPS + ROUNDS):
        for name in names:
            for place, asked in enumerate(both):
                taken = asked.measure(name)
                if turn >= WARM_UPS:
                    found[name][place].append(taken)
    for asked in both:
        asked.close()
    lines = [f"| P12 growth | a tenth, ms | all, ms | ratio, ≤ {ALLOWED} |", "|---|---:|---:|---:|"]
    for name, (few, many) in found.items():
        one, ten = statistics.median(few), statistics.median(many)
        lines.append(f"| {name} | {one:.1f} | {ten:.1f} | {ten / one:.2f} |")
    return lines


def main() -> int:
    """Answer, or print the table."""
    if sys.argv[1:] == ["--answer"]:
        answer()
    else:
        print("\n".join(table(*sys.argv[1:])))
    return 0


if __name__ == "__main__":
    sys.exit(main())

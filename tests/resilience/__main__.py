"""``python -m tests.resilience``: nights under kill -9 on real servers; exit 1 when anything is lost or doubled.

--branches 20000   the size of the tree
--runs 3           how many storms (C-1); the cycle five times with two beats (C-2) and FLUSHALL (C-3) follow
--seed 1           the order of the kills of the first storm
--pause 4          seconds after which the next kill falls, however far the work is
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from tests.resilience import storm
from tests.resilience.site import servers
from tests.resilience.storm import Ground, Result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience")
    parser.add_argument("--branches", type=int, default=20000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=4.0)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-storm-")))
        ground = storm.Ground(*stack.enter_context(servers()), folder)
        began, load = time.monotonic(), os.getloadavg()[0]
        ground.seed(chosen.branches)
        say(f"{date.today()}, {os.cpu_count()} cores, load {load:.1f}; {chosen.branches:,} branches, ")
        say(f"seeded in {time.monotonic() - began:.0f} s; a lease of 30 s, as in production\n\n{storm.HEAD}")
        return max([report(result) for result in nights(ground, chosen)], default=0)


def nights(ground: Ground, chosen: argparse.Namespace) -> Iterator[Result]:
    for number in range(chosen.runs):
        yield storm.storm(ground, chosen.seed + number, chosen.pause)
    yield from storm.again(ground)
    yield storm.emptied(ground)


def report(result: Result) -> int:
    """Print one night; 1 when there is a complaint."""
    say(result.line)
    for words in result.complaints:
        say(f"  ! {words}")
    if result.fell:
        say(f"  kills: {', '.join(result.fell)}")
    return 1 if result.complaints else 0


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())

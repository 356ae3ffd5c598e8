"""The command: real servers, a corps a process, ``--requests`` shots, one table; exit 1 when anything was found."""

from __future__ import annotations

import argparse
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context

from tests import plugin
from tests.fuzz import share


def main() -> int:
    """Everything from servers to table."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz")
    words.add_argument("--requests", type=int, default=130_000, help="of all processes together")
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    words.add_argument("--minutes", type=float, default=float("inf"), help="end sooner than all requests")
    words.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    words.add_argument(
        "--schema",
        type=int,
        default=0,
        metavar="N",
        help="instead: N cases of each kind for each API operation",
    )
    told = words.parse_args()
    plugin.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        return fuzz(told.requests, told.seed, told.minutes * 60, told.processes, told.schema)
    finally:
        plugin.pytest_unconfigure()


def fuzz(requests: int, seed: int, seconds: float, processes: int, examples: int) -> int:
    """The shots divided among the processes, each with a seed derived from ``seed``; one table."""
    numbers = range(processes)
    shares = [requests // processes + (number < requests % processes) for number in numbers]
    cases = [examples // processes + (number < examples % processes) for number in numbers]
    told = (numbers, shares, share.seeds(seed, processes), [seconds] * processes, cases)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        result = reduce(lambda one, other: one + other, pool.map(share.shoot, *told))
    print(result.table())
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())

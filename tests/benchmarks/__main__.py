"""``python -m tests.benchmarks``: seed, measure round robin, print the table.

--branches 20000 --members 150000 --months 24   the size (default a tenth)
--rounds 12                                     how often each case is measured
--keep URL                                      a seeded database to use instead of a new one
--tenth URL                                     one of a tenth of its size, for P12 (else it is seeded too)
--freshness                                     only P10: files records for good, some two minutes
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import date

from tests.benchmarks import growth


def main() -> int:
    """Start the servers, seed, measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--branches", type=int, default=2000)
    parser.add_argument("--members", type=int, default=15000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--slow-rounds", type=int, default=3, help="for work that takes seconds")
    parser.add_argument("--keep", default="", help="DATABASE_URL of a seeded database")
    parser.add_argument(
        "--tenth", default="", help="DATABASE_URL of a seeded database of a tenth of the size"
    )
    parser.add_argument("--freshness", action="store_true", help="only from a record to the figures")
    chosen = parser.parse_args()
    with ExitStack() as servers:
        prepare(servers, chosen.keep)
        if not chosen.keep:
            seed(chosen)
        if chosen.freshness:
            freshness()
            return 0
        tenth = chosen.tenth or seed_tenth(chosen)
        report(chosen)
        print("\n".join(["", *growth.table(tenth, os.environ["DATABASE_URL"])]))
    return 0


def prepare(servers: ExitStack, kept: str) -> None:
    """Real servers, the settings with the peers, Django ready."""
    from tests import services

    os.environ["DATA_DIR"] = servers.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-"))
    os.environ["STATIC_MANIFEST"] = "0"
    os.environ["REDIS_URL"] = servers.enter_context(services.redis_server())
    os.environ["DATABASE_URL"] = kept or servers.enter_context(services.postgres())
    os.environ["DEMO_PASSWORD"] = "Demo-12345678"
    os.environ["SECOND_FACTOR"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()


def seed(chosen: argparse.Namespace) -> None:
    """Tables and data."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed_scale", branches=chosen.branches, members=chosen.members, months=chosen.months)


def seed_tenth(chosen: argparse.Namespace) -> str:
    """A second database on the same server, by a process of its own; answers its URL."""
    import psycopg2

    url = os.environ["DATABASE_URL"]
    server = psycopg2.connect(url)
    server.autocommit = True
    for statement in ("DROP DATABASE IF EXISTS tenth", "CREATE DATABASE tenth"):
        server.cursor().execute(statement)
    server.close()
    other = f"{url.rpartition('/')[0]}/tenth"
    sizes = {"branches": chosen.branches // 10, "members": chosen.members // 10, "months": chosen.months}
    words = [f"--{name}={number}" for name, number in sizes.items()]
    for command in (["migrate", "-v0"], ["seed_scale", "-v0", *words]):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=os.environ | {"DATABASE_URL": other}, check=True
        )
    return other


def report(chosen: argparse.Namespace) -> None:
    """Measure and print."""
    from django.core.handlers.wsgi import WSGIHandler

    from tests.benchmarks import pages, work
    from tests.benchmarks.timing import interleave, table

    handler = WSGIHandler()
    seen, done = pages.cases(handler), work.cases()
    before = os.getloadavg()[0]
    interleave(seen, chosen.rounds)
    interleave(done, chosen.slow_rounds)
    print("\n".join([headline(before), "", *table(seen), "", *table(done), "", *pages.weights(handler)]))


def freshness() -> None:
    """Measure P10 and print."""
    from tests.benchmarks import freshness

    before = os.getloadavg()[0]
    lines = freshness.measure()
    print("\n".join([headline(before), "", *lines]))


def headline(before: float) -> str:
    """Day, machine, load and sizes."""
    from branches.models import Organization
    from meetings.models import Attendance, Meeting
    from members.models import Member

    counts = ", ".join(
        f"{m.objects.count():,} {m.__name__}" for m in (Organization, Member, Meeting, Attendance)
    )
    return f"{date.today()}, {os.cpu_count()} cores, load {before:.1f} → {os.getloadavg()[0]:.1f}; {counts}"


if __name__ == "__main__":
    sys.exit(main())

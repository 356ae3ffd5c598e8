"""A night under fire: the schedule's own jobs in production mode, and kill -9 for everything in turn.

Goals C-1 (11 kills: nothing lost, nothing twice, 120 seconds), C-2 (five times, two beats: the same
rows) and C-3 (an emptied broker: finished within 90 seconds).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from redis import Redis

from tests.resilience import ledger
from tests.resilience.site import Server, Site, below, kill

NIGHT = "2026-10-20T00:20:00+08:00"
MONTH = "2026-09"
APP = "tests.resilience.night"
GROUPS = ("worker1", "worker2")
PROCESSES = 2  # in the pool of each group
KILLS = {"workers": 5, "child": 2, "redis": 2, "postgres": 2}
PORTION = 500  # organisations in a job, as supervision.actions has it
LONGEST = 600.0  # seconds until a night is given up
DUTIES_DONE, FLUSH_DONE = 120.0, 90.0  # seconds that C-1 and C-3 allow


@dataclass
class Result:
    """One night: its figures and every complaint about it."""

    name: str
    duties: ledger.Tally
    complaints: list[str]
    kills: int
    again: int
    seconds: float
    figures: float
    digest: str
    fell: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """A row of the table."""
        tally = self.duties
        cells = (self.name, tally.expected, tally.found, tally.lost, tally.doubled, len(self.complaints))
        more = (self.kills, self.again, f"{self.seconds:.0f}", f"{self.figures:.0f}", self.digest)
        return " | ".join(["", *map(str, cells + more), ""]).strip()


HEAD = (
    "| night | duties expected | found | lost | doubled | complaints | kills | jobs begun again "
    "| seconds | with figures | digest |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"
)


class Ground:
    """A seeded database that every night gets a copy of, on servers that may be killed."""

    def __init__(self, postgres: Server, redis: Server, folder: Path) -> None:
        self.postgres, self.redis, self.folder = postgres, redis, folder
        self.nights = 0

    def seed(self, branches: int) -> None:
        """Build the tree once."""
        with self.site("seeded") as site:
            site.run("-m", "tests.resilience.seed", "--branches", str(branches))

    def url(self, name: str) -> str:
        return self.postgres.url.removesuffix("/postgres") + f"/{name}"

    @contextmanager
    def site(self, name: str) -> Iterator[Site]:
        """The portal on the database ``name``, which is made where it is missing: empty or as seeded."""
        template = "template1" if name == "seeded" else "seeded"
        command(self.postgres.url, f"CREATE DATABASE {name} TEMPLATE {template}")
        with Redis.from_url(self.redis.url) as client:
            client.flushall()
        folder = self.folder / name
        folder.mkdir()
        site = Site(self.url(name), self.redis.url, folder)
        site.variables["NIGHT"] = NIGHT
        del site.variables["JOB_LEASE_SECONDS"]  # that of production
        try:
            yield site
        finally:
            site.close()

    def drop(self, name: str) -> None:
        command(self.postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


def command(url: str, statement: str) -> None:
    """A statement that stands outside of every transaction."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


class Night:
    """Workers and beat on a copy of the ground; knows how far the night is."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self.ground, self.site, self.url = ground, site, site.variables["DATABASE_URL"]
        organisations = ledger.one(self.url, "SELECT count(*) FROM branches_organization")
        self.jobs = 2 + -(-organisations // PORTION) + len(ledger.ask(self.url, ledger.COMMITTEES))
        self.kills, self.fell = 0, list[str]()

    def begin(self, beats: int = 1) -> None:
        for name in GROUPS:
            self.start(name)
        for number in range(beats):
            self.site.beat(f"beat{number}", app=APP)
        self.began = time.monotonic()

    def start(self, name: str) -> None:
        self.site.worker(name, "-c", str(PROCESSES), app=APP)

    def done(self) -> float:
        """The share of the jobs that is done; that of a moment ago while the database is away."""
        with suppress(psycopg2.OperationalError):
            done, there, self.again = ledger.ask(self.url, ledger.JOBS)[0]
            self.share = done / max(self.jobs, there)
        return self.share

    share, again = 0.0, 0

    def counted(self) -> bool:
        """Whether the figures by month have followed."""
        with suppress(psycopg2.OperationalError):
            return ledger.one(self.url, ledger.WAITING) == 0
        return False

    # --- what may fall ---------------------------------------------------------------------------

    def fall(self, what: str, chance: random.Random) -> None:
        """kill -9 of one thing, and its return as a supervisor would have it."""
        self.fell.append(f"{time.monotonic() - self.began:.0f}s {what}")
        {"workers": self._workers, "child": self._child, "redis": self._redis, "postgres": self._postgres}[
            what
        ](chance.choice(GROUPS))
        self.kills += 1

    def _workers(self, name: str) -> None:
        kill(self.site.processes[name].pid)
        self.start(name)

    def _child(self, name: str) -> None:
        """A process of the pool; where the group is only starting there is none yet."""
        group = self.site.processes[name].pid
        Site.until(lambda: below(group), LONGEST)
        kill(below(group)[-1])

    def _redis(self, name: str) -> None:
        self.ground.redis.kill()

    def _postgres(self, name: str) -> None:
        self.ground.postgres.kill()

    # --- how it ends -----------------------------------------------------------------------------

    def finish(self, name: str) -> Result:
        """Wait for the end and count."""
        Site.until(lambda: self.done() >= 1, LONGEST)
        seconds = time.monotonic() - self.began
        Site.until(self.counted, LONGEST)
        figures = time.monotonic() - self.began
        duties, complaints = ledger.audit(self.url)
        print_of = ledger.digest(self.url)
        return Result(name, duties, complaints, self.kills, self.again, seconds, figures, print_of, self.fell)


def plan(seed: int, times: dict[str, int]) -> list[str]:
    """The kills in an order of chance."""
    kills = [what for what, count in times.items() for _ in range(count)]
    random.Random(seed).shuffle(kills)
    return kills


def storm(ground: Ground, seed: int, pause: float, times: dict[str, int] = KILLS) -> Result:
    """C-1: one night with all kills, spread over its work; the next falls after ``pause`` seconds at the latest."""
    name = _name(ground, "storm")
    chance, kills = random.Random(seed), plan(seed, times)
    with ground.site(name) as site:
        night = Night(ground, site)
        night.begin()
        Site.until(lambda: night.done() > 0, LONGEST)
        for number, what in enumerate(kills, 1):
            _wait(night, number / (len(kills) + 1), pause)
            if night.done() < 1:
                night.fall(what, chance)
        result = night.finish(f"C-1 storm, seed {seed}")
        if night.kills < len(kills):
            result.complaints.append(f"only {night.kills} of {len(kills)} kills fell before the end")
    ground.drop(name)
    return result


def _wait(night: Night, share: float, pause: float) -> None:
    begun = time.monotonic()
    while night.done() < share and time.monotonic() - begun < pause:
        time.sleep(0.05)


def again(ground: Ground, times: int = 5) -> list[Result]:
    """C-2: the night ``times`` times with two beats at once, then the closed month once more by hand."""
    name = _name(ground, "again")
    results = []
    with ground.site(name) as site:
        night = Night(ground, site)
        night.begin(beats=2)
        for number in range(1, times + 1):
            if number > 1:
                ledger.ask(night.url, "DELETE FROM core_job")  # else a key that is there ends it at once
                night.began = time.monotonic()
            results.append(night.finish(f"C-2 two beats, time {number}"))
        ledger.ask(night.url, "DELETE FROM core_job")
        night.began = time.monotonic()
        site.manage("run_cycle", "monthly", MONTH)
        results.append(night.finish("C-2 run_cycle of the past month"))
    ground.drop(name)
    for result in results[1:]:
        if result.digest != results[0].digest:
            result.complaints.append("the rows differ from those of the first time")
    return results


def emptied(ground: Ground) -> Result:
    """C-3: FLUSHALL in the middle of the work."""
    name = _name(ground, "emptied")
    with ground.site(name) as site:
        night = Night(ground, site)
        night.begin()
        Site.until(lambda: night.done() > 0.2, LONGEST)
        with Redis.from_url(ground.redis.url) as client:
            client.flushall()
        at = time.monotonic()
        share = night.done()
        Site.until(lambda: night.done() >= 1, LONGEST)
        took = time.monotonic() - at
        result = night.finish(f"C-3 FLUSHALL at {share:.0%}, done {took:.0f} s later")
    if share >= 1:
        result.complaints.append("the work was over before the broker was emptied")
    if took > FLUSH_DONE:
        result.complaints.append(f"finished {took:.0f} s after FLUSHALL")
    ground.drop(name)
    return result


def _name(ground: Ground, stem: str) -> str:
    ground.nights += 1
    return f"{stem}{ground.nights}"

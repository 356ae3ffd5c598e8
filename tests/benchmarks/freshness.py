"""P10: from filing a record until the figures on the page hold it, with a real worker and a real beat.

The interval is that of ``config/schedule.py``. Afterwards the nightly check counts every month again.
It files records for good: not for a database that is to be kept as it is.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler

from branches.models import Organization
from branches.queries import actor_for
from config.schedule import SCHEDULE
from core import clock, rollups
from core.models import Job
from core.models.jobs import JobState
from core.tasks import CHECK, order_check
from meetings.actions import start_meeting, submit_and_file
from meetings.models import MeetingMonth
from tests.benchmarks.pages import asking, cookie_of
from tests.corps import content
from tests.resilience.site import Site

SAVES = 24
PATIENCE = 60.0
CHECKING = 600.0
WAITING = "待更新"
KIND = "members_meeting"


def measure(saves: int = SAVES) -> list[str]:
    """File ``saves`` records in as many branches, one after the other at odd moments; the table."""
    with tempfile.TemporaryDirectory(prefix="portal-fresh-") as folder:
        site = Site(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], Path(folder))
        site.variables["DATA_DIR"] = os.environ["DATA_DIR"]
        try:
            site.workers()
            site.until(lambda: "ready." in site.log("worker"), PATIENCE)
            rollups.flush_all()
            seconds = [_until_fresh(branch) for branch in _branches(saves)]
            found = _checked(site)
        finally:
            site.close()
    return _table(seconds, found)


def _branches(count: int) -> list[Organization]:
    """Branches with a secretary, spread over the country."""
    led = Organization.objects.filter(kind="branch", appointments__office="secretary").distinct()
    return random.Random(1).sample(list(led.order_by("pk")), count)


def _until_fresh(branch: Organization) -> float:
    """Seconds from the commit of a record until the top's figure and its page hold it."""
    top = Organization.objects.get(pk=branch.ancestor_ids[0])
    page = asking(WSGIHandler(), f"/duties/matrix/?node={top.pk}", cookie_of("politics_root"))
    month = rollups.month_of(clock.today())
    figure = MeetingMonth.objects.filter(organization=top, month=month, code="").values_list(
        "held", flat=True
    )
    before = figure.first() or 0
    time.sleep(random.uniform(0, SCHEDULE["rollups"]["schedule"]))
    _file(branch)
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if (figure.first() or 0) == before + 1:
            status, body = page()
            if status == 200 and WAITING not in body.decode():
                return time.monotonic() - begun
        time.sleep(0.1)
    raise AssertionError(f"not fresh within {PATIENCE} seconds: {branch}")


def _file(branch: Organization) -> None:
    post = branch.appointments.filter(office="secretary").select_related("person__user").first()
    assert post is not None
    by = actor_for(post.person.user)
    meeting = start_meeting(by, branch, content(branch, KIND, clock.today()))
    submit_and_file(by, meeting, meeting.version)


def _checked(site: Site) -> str:
    """What the nightly check says, worked by the worker."""
    order_check()
    jobs = Job.objects.filter(kind=CHECK).order_by("-pk")
    site.until(lambda: jobs[0].state in (JobState.DONE, JobState.FAILED), CHECKING)
    return str(jobs[0].message)


def _table(seconds: list[float], found: str) -> list[str]:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    interval = SCHEDULE["rollups"]["schedule"]
    return [
        "| freshness | saves | median s | p95 s | longest s | target | nightly check |",
        "|---|---:|---:|---:|---:|---|---|",
        f"| P10 record to figures, beat every {interval:.0f} s | {len(ordered)} | "
        f"{statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.1f} | p95 ≤ 15 s, 0 differences | {found} |",
    ]

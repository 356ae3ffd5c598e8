"""``manage.py run_cycle``: close a period now, by the same jobs as the schedule."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from branches.models import Organization
from core import jobs
from core.actor import system
from core.decisions import ActionError
from core.models import Job
from core.models.jobs import JobState
from core.periods import Period
from reports import actions, queries
from reports.choices import CycleKind

PATIENCE = 3.0
"""Seconds without progress after which the command works waiting jobs itself, through the same claim."""


class Command(BaseCommand):
    """Submits the jobs and waits; where no worker takes them it works them itself."""

    help = "封账并起草通报：run_cycle monthly 2026-10"

    def add_arguments(self, parser: CommandParser) -> None:
        """Kind, period, and optionally one committee."""
        parser.add_argument("kind", choices=CycleKind.values)
        parser.add_argument("period")
        parser.add_argument("--organization", help="只为此编号的党委封账")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a committee; exit 1 when a closing failed."""
        try:
            period = Period.parse(options["period"])
            committees = self._committees(options["organization"])
            by = system("周期封账")
            ids = [actions.submit_cycle(by, options["kind"], period, c).pk for c in committees]
        except (ValueError, ActionError) as error:
            raise CommandError(str(error)) from error
        self._wait(ids)
        failed = 0
        for job in Job.objects.filter(pk__in=ids).order_by("id"):
            self.stdout.write(f"{job.title}：{job.get_state_display()} {job.message}".rstrip())
            failed += job.state != JobState.DONE
        if failed:
            raise CommandError(f"{failed} 个党委的封账没有完成")

    def _committees(self, code: str | None) -> list[Organization]:
        if code is None:
            return queries.issuing_committees()
        try:
            return [Organization.objects.get(code=code)]
        except Organization.DoesNotExist as error:
            raise CommandError(f"没有编号为 {code} 的党组织") from error

    def _wait(self, ids: list[int]) -> None:
        """Until all are over; whatever nobody takes for a while is worked here."""
        last, since = -1, time.monotonic()
        while waiting := self._waiting(ids):
            if len(waiting) != last:
                last, since = len(waiting), time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                for pk in waiting:
                    jobs.run(pk)
                since = time.monotonic()
            time.sleep(0.2)

    def _waiting(self, ids: list[int]) -> list[int]:
        rows = Job.objects.filter(pk__in=ids, state__in=[JobState.QUEUED, JobState.RUNNING])
        return list(rows.order_by("id").values_list("id", flat=True))

"""How the evidence stands now, for the console: cheap reads, nothing is verified here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min

from core import clock
from core.evidence import anchors, verify
from core.models import AuditEntry, AuditSeal, Job
from core.models.jobs import JobState


@dataclass(frozen=True, slots=True)
class Sealing:
    """The newest batch, what waits for the next one and since when; ``late`` asks for attention."""

    number: int
    last: int
    at: datetime | None
    waiting: int
    since: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The last anchor; ``late`` when it is behind the newest batch; ``copy`` says how the second file stands."""

    number: int
    at: datetime | None
    seal: int
    chains: int
    late: bool
    copy: str
    copy_bad: bool


def sealing() -> Sealing:
    """The seals. What waits is counted above the newest batch: nearly all of it, for the price of an index."""
    newest = AuditSeal.objects.order_by("-number").only("number", "last", "at").first()
    high = AuditSeal.objects.aggregate(last=Max("last"))["last"] or 0
    fresh = AuditEntry.objects.filter(pk__gt=high)
    since = fresh.aggregate(since=Min("at"))["since"]
    late = since is not None and clock.now() - since > timedelta(seconds=settings.AUDIT_SEAL_ALARM)
    number, at = (newest.number, newest.at) if newest else (0, None)
    return Sealing(number, high, at, fresh.count(), since, late)


def anchoring() -> Anchoring:
    """The anchor file as this machine sees it, and its copy."""
    path, *copies = anchors.files()
    known = anchors.fold(path)
    newest = AuditSeal.objects.filter(number__gt=known.seal).aggregate(first=Min("at"))["first"]
    behind = newest is not None and clock.now() - newest > timedelta(seconds=settings.AUDIT_SEAL_ALARM)
    words, bad = "未设置", False
    for copy in copies:
        bad = anchors.fold(copy).digest != known.digest
        words = "与锚点文件不同或写不进去" if bad else "与锚点文件相同"
    at = datetime.fromisoformat(known.at) if known.at else None
    return Anchoring(known.number, at, known.seal, len(known.heads), behind, words, bad)


def last_check() -> AuditEntry | None:
    """The entry of the last check, whoever had it done."""
    return AuditEntry.objects.filter(verb=verify.CHECKED).order_by("-pk").first()


def last_order() -> Job | None:
    """The check that an audit administrator ordered last."""
    return Job.objects.filter(kind=verify.JOB).order_by("-pk").first()


def is_running() -> bool:
    """Whether an ordered check is still under way."""
    return Job.objects.filter(kind=verify.JOB, state__in=(JobState.QUEUED, JobState.RUNNING)).exists()

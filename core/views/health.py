"""``/healthz``: the process answers; ``/readyz``: everything behind it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.models import Heartbeat

FRESH = timedelta(seconds=90)
"""Beat sends a heartbeat every 20 seconds; a worker that is silent for longer is not there."""


def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: 200 as long as the process serves requests."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness as JSON; 503 unless database, broker and worker answer."""
    parts = {"database": _database(), "broker": _broker(), "worker": _worker()}
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True, "vendor": connection.vendor}


def _broker() -> dict[str, Any]:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return {"ok": False}
    return {"ok": True}


def _worker() -> dict[str, Any]:
    """Beat and worker together: the heartbeat is sent by the one and worked by the other."""
    try:
        row = Heartbeat.objects.filter(name="worker").first()
    except DatabaseError:
        return {"ok": False}
    if row is None:
        return {"ok": False}
    age = timezone.now() - row.at
    return {"ok": age < FRESH, "seconds": int(age.total_seconds())}

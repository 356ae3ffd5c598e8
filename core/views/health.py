"""``/healthz``: the process answers; ``/readyz``: everything behind it does."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import OperationalError

from core.queries import pulse

UNKNOWN: dict[str, dict[str, Any]] = {"worker": {"ok": False}, "beat": {"ok": False}}


def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: 200 as long as the process serves requests."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness as JSON; 503 unless database, broker, worker and beat answer."""
    database = _database()
    signs = _signs() if database["ok"] else UNKNOWN  # one time-out is enough
    parts = {"database": database, "broker": _broker(), **signs}
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return {"ok": False}
    return {"ok": True, "vendor": connection.vendor}


def _broker() -> dict[str, Any]:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return {"ok": False}
    return {"ok": True}


def _signs() -> dict[str, dict[str, Any]]:
    """Whether every queue is worked, and whether beat sends them anything."""
    try:
        found = pulse()
    except Error:
        return UNKNOWN
    worker = {"ok": not found.silent, "seconds": found.seconds, "silent": list(found.silent)}
    return {"worker": worker, "beat": {"ok": found.beats, "seconds": found.beat}}

"""What the whole database holds, table by table, to say what a request changed."""

from __future__ import annotations

import hashlib

from django.apps import apps

OF_REQUESTS = {"sessions.Session", "core.AuditEntry"}
"""What every visit may touch: the hour of the session, and the trail of who read what."""


def digest() -> dict[str, str]:
    """A digest of all rows of each table, but for sessions and the audit trail."""
    models = [model for model in apps.get_models() if model._meta.label not in OF_REQUESTS]
    found = {}
    for model in models:
        rows = model._default_manager.order_by("pk").values_list()
        found[model._meta.label] = hashlib.sha256(repr(list(rows)).encode("utf-8", "replace")).hexdigest()
    return found


def changed(before: dict[str, str]) -> set[str]:
    """The tables that are not as they were."""
    return {label for label, each in digest().items() if before.get(label) != each}

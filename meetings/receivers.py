"""After each migration the kinds that ship are there."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate

from meetings.actions.kinds import load_kinds
from meetings.models import MeetingKind


def load(*, using: str, **_: Any) -> None:
    """Add the kinds that are missing once their table is there."""
    connection = connections[using]
    if MeetingKind._meta.db_table in connection.introspection.table_names():
        load_kinds()


def connect() -> None:
    """Load with the first news of a migration: what upper rooms load then points to the kinds."""
    first = next(app for app in apps.get_app_configs() if app.models_module is not None)
    post_migrate.connect(load, sender=first, dispatch_uid="meetings.kinds")

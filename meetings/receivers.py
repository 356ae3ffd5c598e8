"""After each migration the kinds that ship are there."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate

from meetings.actions.kinds import load_kinds
from meetings.models import MeetingKind


def load(*, using: str, **_: Any) -> None:
    """Add the kinds that are missing once their table is there."""
    connection = connections[using]
    if MeetingKind._meta.db_table in connection.introspection.table_names():
        load_kinds()


def connect(room: Any) -> None:
    """Load whenever this room was migrated; the rooms above load theirs afterwards."""
    post_migrate.connect(load, sender=room, dispatch_uid="meetings.kinds")

"""After migrate the shipped scheme is there."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate

from assessments import actions
from assessments.models import Indicator


def load_schemes(*, using: str, **kwargs: Any) -> None:
    """Write the shipped scheme once; a half-migrated database waits."""
    if Indicator._meta.db_table in connections[using].introspection.table_names():
        actions.load_schemes()


def connect(room: Any) -> None:
    """Load the schemes whenever this room was migrated."""
    post_migrate.connect(load_schemes, sender=room, dispatch_uid="assessments.schemes")

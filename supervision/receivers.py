"""News from the meetings room closes and reopens duties."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from meetings.models import Meeting
from meetings.signals import changed
from supervision import actions
from supervision.models import Duty


@receiver(changed)
def on_meeting_changed(sender: Any, *, verb: str, subject: Meeting, **news: Any) -> None:
    """A record was filed, corrected or voided; a resolution carried out closes no duty."""
    if verb != "resolution_closed":
        actions.meeting_changed(subject)


def load_duties(*, using: str, **kwargs: Any) -> None:
    """After migrate the shipped duties are there; a half-migrated database waits."""
    if Duty._meta.db_table in connections[using].introspection.table_names():
        actions.load_duties()


def connect(room: Any) -> None:
    """Load the duties whenever this room was migrated."""
    post_migrate.connect(load_duties, sender=room, dispatch_uid="supervision.duties")

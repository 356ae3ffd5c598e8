"""Loads what ships after a migration, and tells the queries where a web request begins and ends."""

from __future__ import annotations

from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from core import actor
from core.models import AuditEntry
from regulations import actions, permissions, queries
from regulations.models import Edition


@receiver(post_migrate, dispatch_uid="regulations_load_shipped")
def load_after_migration(*, sender: Any, using: str, **_: Any) -> None:
    """Load the shipped law once the tables of this room and of the audit trail exist."""
    if sender.label != "regulations" or using != "default":
        return
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
    if {Edition._meta.db_table, AuditEntry._meta.db_table} <= tables:
        actions.load_shipped(by=actor.system(permissions.LOADING))


@receiver(request_started, dispatch_uid="regulations_request_started")
def on_request_started(**_: Any) -> None:
    """Compare the edition once in this request."""
    queries.begin_request()


@receiver(request_finished, dispatch_uid="regulations_request_finished")
def on_request_finished(**_: Any) -> None:
    """Compare it again at every call."""
    queries.end_request()

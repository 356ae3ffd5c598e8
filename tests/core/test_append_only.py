"""What is only ever added cannot be changed by the portal's own connection, on either database (G12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core import audit, chain
from core.actor import system
from core.evidence import seals, verify
from core.models import AuditEntry, AuditSeal, ChainEntry
from tests.meetings.world import organization
from tests.superuser import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BY = system("测试")
MODELS = (AuditEntry, AuditSeal, ChainEntry)
COLUMN = {AuditEntry: "reason", AuditSeal: "root", ChainEntry: "digest"}


@pytest.fixture(autouse=True)
def rows(db: Any) -> None:
    """One of each; the entry has columns that are NULL."""
    owner = organization("某支部", "branch", None)
    audit.record(BY, "试验", "试验", after={"数": 1.0})
    chain.append(owner.pk, "meetings.meeting:1", {})
    seals.seal_all()


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        act()


@pytest.mark.parametrize("model", MODELS)
def test_neither_changed_nor_deleted(model: Any) -> None:
    row = model.objects.order_by("pk").last()
    refused(lambda: model.objects.filter(pk=row.pk).update(**{COLUMN[model]: "x"}))
    refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))
    refused(row.save)
    assert model.objects.get(pk=row.pk).__dict__.keys() == row.__dict__.keys()


@pytest.mark.parametrize("model", MODELS)
def test_neither_emptied_nor_replaced(model: Any) -> None:
    table = model._meta.db_table
    statement = (
        f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    )

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    refused(act)


@pytest.mark.parametrize("model", MODELS)
def test_a_missing_trigger_is_named(model: Any) -> None:
    table = model._meta.db_table
    assert not list(verify.guards())
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if on else "SELECT 1")
        cursor.execute(f"DROP TRIGGER {table}_no_delete{on}")
    assert [(fault.record, "delete" in fault.reason) for fault in verify.guards()] == [(table, True)]


def test_a_superuser_gets_past_the_triggers_and_is_named() -> None:
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert not list(verify.sealed())
    with unguarded():
        AuditEntry.objects.filter(pk=entry.pk).update(reason="改写")
    assert [fault.record for fault in verify.sealed()] == [f"core.auditentry:{entry.pk}"]


@pytest.mark.django_db(transaction=True)
def test_entries_from_before_get_their_digest() -> None:
    """Back to the release before and forward again: the digest is what it was."""
    before = dict(AuditEntry.objects.values_list("pk", "digest"))
    assert all(before.values())
    with unguarded():
        ChainEntry.objects.all().delete()  # of a form that the release before does not know
    try:
        MigrationExecutor(connection).migrate([("core", "0002_month_figures")])
    finally:
        forward = MigrationExecutor(connection)
        forward.migrate(forward.loader.graph.leaf_nodes())
    assert dict(AuditEntry.objects.values_list("pk", "digest")) == before
    assert not list(verify.guards())

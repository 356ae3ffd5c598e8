"""The audit administrator's console: who did what; read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import permissions, queries
from accounts.exports import AUDIT_COLUMNS
from accounts.filters import AuditFilter
from core.models import AuditEntry
from core.views import ScopedListView

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.decisions import Decision


class AuditTrail(ScopedListView[AuditEntry]):
    """All entries, newest first, with filter, pages and a workbook."""

    model = AuditEntry
    template_name = "accounts/audit.html"
    filterset_class = AuditFilter
    ordering = ("-pk",)
    export_columns = AUDIT_COLUMNS
    export_name = "操作记录"

    def decide(self) -> Decision:
        """The audit administrator only."""
        return permissions.can_read_audit(self.request.user)

    def get_queryset(self) -> QuerySet[AuditEntry]:
        """The whole trail: the audit administrator has no posts and needs none."""
        return queries.audit_entries(self.request.user)

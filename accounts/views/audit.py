"""The audit administrator's console: who did what; read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from accounts import permissions, queries
from accounts.actions import order_check
from accounts.exports import AUDIT_COLUMNS
from accounts.filters import AuditFilter
from core.evidence import state
from core.models import AuditEntry
from core.views import ActionFormView, ScopedListView

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


class EvidencePage(ActionFormView[forms.Form]):
    """How the evidence stands, what the last check found, and the button that has all of it checked."""

    form_class = forms.Form
    template_name = "accounts/evidence.html"
    title = "发起存证核对"
    success_message = "已发起核对，完成后结果显示在本页"

    def decide(self) -> Decision:
        """The audit administrator only."""
        return permissions.can_read_audit(self.request.user)

    def act(self, form: forms.Form) -> str:
        """Order the check and come back."""
        order_check(self.request.actor)
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Seals, anchors, the last result, the check under way."""
        return super().get_context_data(
            sealing=state.sealing(),
            anchoring=state.anchoring(),
            checked=state.last_check(),
            job=state.last_order(),
            running=state.is_running(),
            overdue_words=f"超过 {settings.AUDIT_SEAL_ALARM // 60} 分钟",
            **kwargs,
        )

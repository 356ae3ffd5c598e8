"""The security administrator's console of authorisations: who holds which post, and what somebody may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models import Person
from branches.models import Appointment
from core.views import ScopedDetailView, ScopedListView
from reports import permissions, queries
from reports.exports import GRANT_COLUMNS
from reports.filters import GrantFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.decisions import Decision


class GrantList(ScopedListView[Appointment]):
    """All posts, newest first: by person, organisation, office and state; with a workbook."""

    model = Appointment
    template_name = "reports/grants.html"
    filterset_class = GrantFilter
    ordering = ("-since", "-pk")
    sorts = {
        "person": ("person__pinyin",),
        "organization": ("organization__path",),
        "since": ("since",),
        "until": ("until",),
    }
    export_columns = GRANT_COLUMNS
    export_name = "业务授权清单"

    def decide(self) -> Decision:
        """Security and audit administrators."""
        return permissions.can_see_grants(self.request.user)

    def get_queryset(self) -> QuerySet[Appointment]:
        """Everywhere: these two hold no post and see no business."""
        return queries.grants(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``lines``: a post, the key and the word of its state."""
        context = super().get_context_data(**kwargs)
        states = ((row, queries.state_of(row)) for row in context["rows"])
        context["lines"] = [(row, key, queries.STATES[key]) for row, key in states]
        return context


class GrantPage(ScopedDetailView[Person]):
    """What one person sees and may do today, and every post the person has held."""

    model = Person
    template_name = "reports/grant.html"
    context_object_name = "person"

    def get_queryset(self) -> QuerySet[Person]:
        """Persons with a post or an account; nothing for anybody else."""
        return queries.holders(self.request.user).select_related("user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Asked of the permission functions, not kept."""
        return super().get_context_data(page=queries.grant_page(self.object, self.request.user), **kwargs)

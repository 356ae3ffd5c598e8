"""Pages of the rule library."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404

from core.decisions import Decision
from core.views import ActionFormView, PageView, ScopedListView, ScopedObjectMixin
from regulations import actions, queries
from regulations.filters import ClauseFilter
from regulations.forms import ValueForm
from regulations.models import Clause, Parameter
from regulations.permissions import can_change_parameter


class ClauseListView(ScopedListView[Clause]):
    """The clauses with search and filters."""

    model = Clause
    template_name = "regulations/list.html"
    filterset_class = ClauseFilter
    ordering: ClassVar[tuple[str, ...]] = ("rule", "-since")
    sorts: ClassVar[dict[str, tuple[str, ...]]] = {
        "rule": ("rule",),
        "regulation": ("regulation__title", "rule"),
    }

    def get_queryset(self) -> Any:
        """With the regulation and the values of each."""
        return queries.with_values(super().get_queryset())


class RuleView(PageView):
    """One rule: every version of its clause, and the values in time."""

    template_name = "regulations/detail.html"
    versions: list[Clause]

    def prepare(self) -> None:
        """Fetch the versions; 404 when there is no such rule."""
        rows = Clause.objects.visible_to(self.request.user)
        self.versions = queries.versions_of(rows, self.kwargs["rule"])
        if not self.versions:
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The versions, the newest first, and whether their values may be changed."""
        values = [value for clause in self.versions for value in clause.parameters.all()]
        return super().get_context_data(
            **kwargs,
            versions=self.versions,
            can_change=any(can_change_parameter(self.request.actor, value) for value in values),
        )


class ChangeValueView(ScopedObjectMixin[Parameter], ActionFormView[ValueForm]):
    """Change one value from a day on."""

    model = Parameter
    form_class = ValueForm
    template_name = "regulations/change.html"
    success_message = "已修改，自所填日期起生效。"

    def get_object(self) -> Parameter:
        """The value with its clause."""
        return get_object_or_404(self.scoped().select_related("clause"), pk=self.kwargs["pk"])

    def decide(self) -> Decision:
        """Only the security administrator."""
        return can_change_parameter(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form shows the present value."""
        return super().get_form_kwargs() | {"parameter": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The value and its clause stand above the form."""
        return super().get_context_data(**kwargs, value=self.object, clause=self.object.clause)

    def act(self, form: ValueForm) -> str:
        """Change it, and go to the page of the rule."""
        actions.change_parameter(by=self.request.actor, parameter=self.object, **form.cleaned_data)
        return self.object.clause.get_absolute_url()

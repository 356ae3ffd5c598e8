"""Values that one committee sets for its own subtree: the list, and one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches import actions, permissions, queries
from branches.filters import ValueFilter
from branches.forms import LocalValueForm
from branches.models import LocalValue, Organization
from branches.rules.values import bound
from branches.views.ground import OfOrganization, frame
from core import clock
from core.views import ActionFormView, ScopedListView, ScopedObjectMixin
from regulations import queries as regulations
from regulations.models import Parameter

if TYPE_CHECKING:
    from core.decisions import Decision
    from core.views.acting import Outcome


class Values(ScopedListView[Parameter]):
    """The parameters in force with the common value, and the value set for this organisation."""

    model = Parameter
    template_name = "branches/values.html"
    filterset_class = ValueFilter
    ordering = ("clause__rule", "position")

    def prepare(self) -> None:
        """The organisation, in sight, and what is set for it."""
        seen = Organization.objects.visible_to(self.request.user).select_related("parent")
        self.organization = get_object_or_404(seen, pk=self.kwargs["pk"])
        self.local = queries.local_values(self.organization, clock.today())

    def get_queryset(self) -> Any:
        """Parameters in force today; only those set locally when that is asked for."""
        rows: Any = queries.parameters_on(clock.today())
        return rows.filter(key__in=self.local) if self.request.GET.get("own") == "on" else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``lines``: the parameter, the local value that holds, and it in words."""
        context = super().get_context_data(**kwargs)
        by = self.request.actor
        context |= frame(by, self.organization, "branches:values")
        context["can_set"] = permissions.can_edit(by, self.organization, "set_local_value")
        context["lines"] = [(row, *self._local(row)) for row in context["rows"]]
        return context

    def _local(self, row: Parameter) -> tuple[LocalValue | None, str]:
        """The local value for ``row`` and its words."""
        local = self.local.get(row.code)
        return local, queries.with_value(row, local.value).words if local else ""


class SetValue(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[LocalValueForm]):
    """One value for this organisation and everything below it, from a day on, with a reason."""

    form_class = LocalValueForm
    template_name = "branches/value.html"
    tab = "branches:values"
    title = "设定本级规定"
    verb = "设定"
    success_message = "已设定，自所填日期起对本组织及其下级生效。"

    def prepare(self) -> None:
        """The organisation and the parameter; 404 for an unknown code."""
        super().prepare()
        rows = queries.parameters_on(clock.today())
        self.parameter = get_object_or_404(rows, key=self.kwargs["code"])
        local = queries.local_values(self.object, clock.today()).get(self.parameter.code)
        self.present = queries.with_value(self.parameter, local.value if local else self.parameter.value)

    def decide(self) -> Decision:
        """The political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object, "set_local_value")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form shows the present value."""
        return super().get_form_kwargs() | {"parameter": self.present}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The common and the present value, and what was set here before."""
        own = self.object.local_values.filter(code=self.parameter.code).order_by("-since")
        earlier = [(row, queries.with_value(self.parameter, row.value).words) for row in own]
        clause, _ = regulations.clause_of(self.parameter.code, clock.today())
        return super().get_context_data(
            bound=bound(clause, self.parameter.name),
            common=self.parameter,
            present=self.present,
            earlier=earlier,
            values_url=self._values_url(),
            **kwargs,
        )

    def _values_url(self) -> str:
        return reverse("branches:values", args=[self.object.pk])

    def act(self, form: LocalValueForm) -> Outcome:
        """Set it, and go back to the list."""
        actions.set_local_value(
            self.request.actor, self.object, code=self.parameter.code, **form.cleaned_data
        )
        return f"{self._values_url()}?own=on"

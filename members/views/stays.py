"""临时参加组织生活: the list, entering it from the member's and from the host's page, ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from branches.models import Organization
from core.views import ActionFormView, ReasonActionView, ScopedListView, ScopedObjectMixin
from members import actions, permissions, queries
from members.exports import STAY_COLUMNS
from members.filters import StayFilter
from members.forms import HostForm, LendForm, RecallForm
from members.models import Member, Stay
from members.views.ground import OfMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.decisions import Decision
    from core.views.acting import Outcome

NOTE = (
    "组织关系不转，只在所填期间编入该支部参加组织生活：主题党日、党课等在该支部计入应到，在原支部不计；"
    "原支部的党员大会仍计入应到并行使表决权。结束日期为归建当日。"
)


class StayList(ScopedListView[Stay]):
    """Who takes part elsewhere: hosts and homes in sight, newest first."""

    model = Stay
    template_name = "members/stays.html"
    filterset_class = StayFilter
    ordering = ("-since", "-pk")
    export_columns = STAY_COLUMNS
    export_name = "临时参加组织生活"

    def decide_export(self) -> Decision:
        """Whoever holds a post."""
        return permissions.can_export(self.request.actor)

    def get_queryset(self) -> QuerySet[Stay]:
        """With person, home and host; without those taken back."""
        return queries.stays_for_list(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``lines``: a stay, the key and word of its state; ``host``: the branch asked for, for its button."""
        context = super().get_context_data(**kwargs)
        context["lines"] = [(row, *queries.stay_state(row)) for row in context["rows"]]
        host = (
            context["filter"].form.cleaned_data.get("organization")
            if context["filter"].form.is_valid()
            else None
        )
        context["host"] = host
        context["can_take"] = permissions.can_take(self.request.actor, host) if host else None
        return context


class Lend(OfMember, ScopedObjectMixin[Member], ActionFormView[LendForm]):
    """A member who takes part in another branch for a time."""

    form_class = LendForm
    tab = "members:lend"
    title = "登记临时参加组织生活"
    verb = "登记"
    note = NOTE
    success_message = "已登记。"

    def decide(self) -> Decision:
        """The political offices of the line; where to, the action asks."""
        return permissions.can_lend(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks: that decides which branches are offered."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, form: LendForm) -> Outcome:
        """Enter it."""
        host = form.cleaned_data["organization"]
        actions.lend(self.request.actor, self.object, host, form.terms())
        return self.object


class Take(ScopedObjectMixin[Organization], ActionFormView[HostForm]):
    """A branch takes in a member in sight for a time: the same, from the page of the host."""

    model = Organization
    form_class = HostForm
    template_name = "members/take.html"
    title = "编入临时参加组织生活的党员"
    success_message = "已登记。"
    note = NOTE

    def decide(self) -> Decision:
        """The political offices of the host's line; the home the action asks."""
        return permissions.can_take(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks, and whose members are suggested: those of the organisation above."""
        known = {"user": self.request.user, "organization": self.object.parent or self.object}
        return super().get_form_kwargs() | known

    def get_success_url(self) -> str:
        """The list of the host."""
        return f"{reverse('members:stays')}?organization={self.object.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the organisation and the way back."""
        return super().get_context_data(organization=self.object, back_url=self.get_success_url(), **kwargs)

    def act(self, form: HostForm) -> Outcome:
        """Enter it."""
        actions.lend(self.request.actor, form.cleaned_data["person"], self.object, form.terms())
        return None


class Recall(ReasonActionView[Stay, RecallForm]):
    """The member goes home."""

    model = Stay
    form_class = RecallForm
    title = "结束临时参加组织生活"
    verb = "结束"
    warning = "从结束日期起回原支部参加组织生活；登记有误的填开始日期，视为没有登记。已归档的会议记录不变。"
    success_message = "已结束。"

    def get_queryset(self) -> QuerySet[Stay]:
        """With person, home and host."""
        return queries.stays_for_list(super().get_queryset())

    def decide(self) -> Decision:
        """Keepers of home and host, and the political offices of either line."""
        return permissions.can_recall(self.request.actor, self.object.person.member, self.object)

    def get_success_url(self) -> str:
        """The list of the host."""
        return f"{reverse('members:stays')}?organization={self.object.organization_id}"

    def act(self, form: RecallForm) -> Outcome:
        """End it."""
        actions.recall(self.request.actor, self.object, **form.cleaned_data)
        return None

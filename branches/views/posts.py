"""Terms and posts of one organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from branches import actions, permissions, queries
from branches.forms import EndForm, TermForm
from branches.models import Appointment, Organization
from branches.views.ground import OfOrganization
from core import clock
from core.views import ActionFormView, ReasonActionView, ScopedDetailView, ScopedObjectMixin

if TYPE_CHECKING:
    from core.decisions import Decision
    from core.views.acting import Outcome


class Posts(OfOrganization, ScopedDetailView[Organization]):
    """Who holds and held which office, and the terms of the committee."""

    tab = "branches:posts"
    template_name = "branches/posts.html"
    title = "届次与任职"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Posts, terms, and what may be pressed."""
        by = self.request.actor
        posts, former = queries.posts_of(self.object, clock.today())
        return super().get_context_data(
            posts=posts,
            former=former,
            own=self.request.user.person_id,
            terms=self.object.terms.order_by("-number"),
            can_appoint=permissions.can_appoint(by, self.object),
            can_start_term=permissions.can_edit(by, self.object, "start_term"),
            **kwargs,
        )


class StartTerm(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[TermForm]):
    """A new term after an election."""

    form_class = TermForm
    tab = "branches:posts"
    title = "登记届次"
    success_message = "已登记。"

    def decide(self) -> Decision:
        """The political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object, "start_term")

    def act(self, form: TermForm) -> Outcome:
        """Start it."""
        actions.start_term(self.request.actor, self.object, **form.cleaned_data)
        return reverse("branches:posts", args=[self.object.pk])


class End(ReasonActionView[Appointment, EndForm]):
    """The end of a post."""

    model = Appointment
    form_class = EndForm
    title = "免职"
    verb = "免职"
    warning = "免职后，由这一职务取得的查看和办理范围随即失效。"
    success_message = "已免职。"

    def decide(self) -> Decision:
        """Not one's own."""
        return permissions.can_end(self.request.actor, self.object)

    def get_success_url(self) -> str:
        """Back to the posts."""
        return reverse("branches:posts", args=[self.object.organization_id])

    def get_queryset(self) -> Any:
        """With whom it is about, and where."""
        return super().get_queryset().select_related("organization__parent", "person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page names the person beside the post."""
        return super().get_context_data(**kwargs) | {"object": f"{self.object.person}，{self.object}"}

    def act(self, form: EndForm) -> Outcome:
        """End it."""
        actions.end_appointment(self.request.actor, self.object, **form.cleaned_data)
        return None

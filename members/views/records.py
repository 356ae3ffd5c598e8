"""One record: register, correct, appoint, reveal a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.actions import reveal_number, step_up
from branches import actions as branch_actions
from branches.models import Organization
from branches.permissions import can_appoint
from core import audit
from core.decisions import ActionError, NotAllowed
from core.views import ActionFormView, ScopedObjectMixin
from members import actions, permissions
from members.forms import AppointForm, EditForm, RegisterForm, RevealForm, initial_of
from members.models import Member
from members.views.ground import OfMember

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from core.decisions import Decision
    from core.views.acting import Outcome


class Register(ActionFormView[RegisterForm]):
    """A new member."""

    form_class = RegisterForm
    template_name = "members/new.html"
    success_message = "已登记。"

    def decide(self) -> Decision:
        """A political office; the branch is judged when it is known."""
        return permissions.can_register_at(self.request.actor, self.request.viewer.organization)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, form: RegisterForm) -> Outcome:
        """Register, show."""
        own = ("name", "id_number", "phone", "organization", "stage", "since")
        given = {key: form.cleaned_data[key] for key in own}
        return actions.enroll(self.request.actor, **given, **form.details())


class Edit(OfMember, ScopedObjectMixin[Member], ActionFormView[EditForm]):
    """Corrections, and the history of the record."""

    form_class = EditForm
    tab = "members:edit"
    title = "修改资料"
    success_message = "已保存。"

    def decide(self) -> Decision:
        """Keepers of the branch and the political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object)

    def get_initial(self) -> dict[str, Any]:
        """What is on record."""
        return initial_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The identity number only for a political office."""
        full = bool(permissions.can_manage(self.request.actor, self.object, "update"))
        return super().get_form_kwargs() | {"full": full}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the history."""
        return super().get_context_data(entries=audit.history(self.object), **kwargs)

    def act(self, form: EditForm) -> Outcome:
        """Correct."""
        own = ("version", "name", "phone", "reason", "id_number")
        given = {key: form.cleaned_data[key] for key in own if key in form.cleaned_data}
        return actions.correct(self.request.actor, self.object, **given, **form.details())


class Appoint(ScopedObjectMixin[Organization], ActionFormView[AppointForm]):
    """Give a member in sight an office in an organisation."""

    model = Organization
    form_class = AppointForm
    template_name = "members/appoint.html"
    success_message = "已任职。"

    def decide(self) -> Decision:
        """Whoever may appoint there."""
        return can_appoint(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks, and where."""
        known = {"user": self.request.user, "organization": self.object}
        return super().get_form_kwargs() | known

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the organisation and the way back."""
        return super().get_context_data(organization=self.object, back_url=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        """The posts of the organisation."""
        return reverse("branches:posts", args=[self.object.pk])

    def act(self, form: AppointForm) -> Outcome:
        """Appoint."""
        given = form.cleaned_data | {"person": form.cleaned_data["person"].person}
        branch_actions.appoint(self.request.actor, self.object, **given)
        return None


class Reveal(OfMember, ScopedObjectMixin[Member], ActionFormView[RevealForm]):
    """A personal number in full, once, with a reason; it is in the answer of the POST only."""

    form_class = RevealForm
    sensitive = True
    tab = "members:reveal"
    title = "查看号码"
    verb = "查看"
    note = "号码只在本次显示；查看人、时间和原因记入操作记录。"

    def decide(self) -> Decision:
        """Those who keep the record, and the person."""
        return permissions.can_reveal(self.request.actor, self.object)

    def get_initial(self) -> dict[str, Any]:
        """The identity number is asked for most."""
        return {"field": "id_number"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """For whom: that decides whether a code is asked for."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Reveal and show; nothing is redirected, so that no address and no session holds it."""
        form = self.get_form()
        if form.is_valid():
            try:
                step_up(request, self.request.actor, form.cleaned_data.get("otp"))
                number = reveal_number(
                    self.request.actor,
                    self.object.person,
                    form.cleaned_data["field"],
                    form.cleaned_data["reason"],
                    decision=permissions.can_reveal(self.request.actor, self.object),
                )
                context = self.get_context_data(form=form, number=number, revealed=True)
                return self.render_to_response(context)
            except NotAllowed:
                raise
            except ActionError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
        return self.form_invalid(form)

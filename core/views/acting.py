"""Pages that change something: a form or a button, then one action, then a redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm

from core.decisions import ActionError, NotAllowed, StaleRecord
from core.forms import word
from core.views import once
from core.views.base import Page, go
from core.views.scoped import ScopedObjectMixin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

F = TypeVar("F", bound=BaseForm)
M = TypeVar("M", bound=Model)

Outcome = str | Model | None
UNPROCESSABLE = 422


class _Acting(Page):
    """One press, one action, one redirect; shared by forms and buttons."""

    success_message: ClassVar[str] = ""

    def get_success_url(self) -> str:
        """Where to go when the action answered None."""
        raise NotImplementedError

    def run(self, act: Any) -> HttpResponse:
        """Carry out ``act`` under the form's token; ActionError passes through to the caller."""
        token = self.request.POST.get(once.FIELD, "")
        url, ran = once.carry_out(token, self.request.user, lambda: self._url(act()))
        if ran and self.success_message:
            messages.success(self.request, self.success_message)
        return go(self.request, url)

    def _url(self, outcome: Outcome) -> str:
        """An URL as it is, an object's own page, or the page named by the view."""
        if isinstance(outcome, str):
            return outcome
        if outcome is None:
            return self.get_success_url()
        return str(outcome.get_absolute_url())  # type: ignore[attr-defined]  # every page object has one


class ActionFormView(_Acting, Generic[F]):
    """Shows ``form_class``, and calls ``act(form)`` when it is valid.

    ``act`` calls one action and answers an URL, an object with ``get_absolute_url`` or None.
    An ActionError of the action is shown on its field or above the form, with status 422.
    """

    form_class: type[F]

    def act(self, form: F) -> Outcome:
        """Call the action with ``form.cleaned_data`` and ``self.request.actor``."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        """Values the form starts with: everything that is known already."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Arguments of the form; add what it needs (for example the organisation)."""
        kwargs: dict[str, Any] = {"initial": self.get_initial()}
        if self.request.method == "POST":
            kwargs |= {"data": self.request.POST, "files": self.request.FILES}
        return kwargs

    def get_form(self) -> F:
        """The form, bound when something was posted, with its Chinese sentences."""
        form = self.form_class(**self.get_form_kwargs())
        word(form)
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The empty or prefilled form."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the form, act, redirect; otherwise the form again with what was typed."""
        form = self.get_form()
        if form.is_valid():
            try:
                return self.run(lambda: self.act(form))
            except (NotAllowed, StaleRecord):
                raise
            except ActionError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
        return self.form_invalid(form)

    def form_invalid(self, form: F) -> HttpResponseBase:
        """The form with its messages, status 422."""
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=UNPROCESSABLE)


class ActionView(_Acting, ScopedObjectMixin[M]):
    """A button on one row: POST acts; GET asks for confirmation, so it works without JavaScript.

    ``title`` and ``verb`` word the confirmation (“作废会议记录”, “作废”); ``warning`` says
    what follows.
    """

    template_name = "core/confirm.html"
    title: ClassVar[str] = "请确认"
    verb: ClassVar[str] = "确认"
    warning: ClassVar[str] = ""

    def act(self) -> Outcome:
        """Call the action for ``self.object`` by ``self.request.actor``."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        """The page of the row."""
        return self._url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the confirmation page shows."""
        return super().get_context_data(
            object=self.object,
            title=self.title,
            verb=self.verb,
            warning=self.warning,
            back_url=self.get_success_url(),
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The confirmation page."""
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Act and redirect; a refusal shows its sentence above the button, status 422."""
        try:
            return self.run(self.act)
        except (NotAllowed, StaleRecord):
            raise
        except ActionError as error:
            context = self.get_context_data(problem=str(error))
            return self.render_to_response(context, status=UNPROCESSABLE)


class ReasonActionView(ScopedObjectMixin[M], ActionFormView[F]):
    """A dangerous act on one row that needs a reason: the confirmation page with a form."""

    template_name = "core/confirm.html"
    title: ClassVar[str] = "请确认"
    verb: ClassVar[str] = "确认"
    warning: ClassVar[str] = ""

    def get_success_url(self) -> str:
        """The page of the row."""
        return self._url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the confirmation page shows beside the form."""
        return super().get_context_data(
            object=self.object,
            title=self.title,
            verb=self.verb,
            warning=self.warning,
            back_url=self.get_success_url(),
            **kwargs,
        )

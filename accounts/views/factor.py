"""The one-time code: asked for after the password, switched on and kept by its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView

from accounts import actions, half_open, lockout, queries, rules
from accounts.forms import CodeForm, KeepFactorForm
from accounts.receivers import actor_of
from accounts.sessions import FACTOR, must_enrol
from accounts.views.sign_in import UNPROCESSABLE
from core import crypto
from core.papers.engine import qr_svg
from core.views import PageView, go

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from accounts.models import User

    _CodeView = FormView[CodeForm]
else:  # the view takes no type at run time
    _CodeView = FormView

CANDIDATE = "second_factor_candidate"
"""Session key of a secret that no code has proved yet, encrypted."""


class SignInCode(_CodeView):
    """The second step of signing in; without the first one it leads back to the door."""

    form_class = CodeForm
    template_name = "accounts/code.html"
    account: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for whoever gave the right password a moment ago."""
        account = half_open.waiting(request)
        if account is None:
            half_open.end(request)
            return HttpResponseRedirect(reverse("accounts:login"))
        self.account = account
        if not lockout.is_open(request, account.username):
            return lockout.locked_out(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """In with a right code; a wrong one counts like a wrong password."""
        by = actor_of(self.request, self.account)
        if actions.use_code(by, self.account, form.cleaned_data["otp"]):
            factor = self.account.second_factor
            return HttpResponseRedirect(half_open.complete(self.request, self.account, factor))
        lockout.failed(self.request, self.account.username)
        form.add_error("otp", actions.WRONG_CODE)
        return self.form_invalid(form)

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        """The form again, status 422."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class FactorPage(PageView):
    """The own second factor: its state, or the QR code and the first code that switches it on."""

    template_name = "accounts/second_factor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """State or enrolment."""
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Enrol: the recovery codes are in this answer only, no session and no address holds them."""
        form = CodeForm(request.POST)
        if queries.factor_of(self.request.user) is None and form.is_valid():
            try:
                factor, codes = actions.enrol_factor(
                    self.request.actor,
                    self.request.user,
                    secret=self._candidate(),
                    code=form.cleaned_data["otp"],
                )
            except actions.WrongCode as error:
                form.add_error("otp", str(error))
            else:
                request.session.cycle_key()
                request.session[FACTOR] = factor.pk
                del request.session[CANDIDATE]
                return show_codes(self, codes)
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The factor and how many recovery codes are left, or what to scan."""
        user = self.request.user
        factor = queries.factor_of(user)
        forced = must_enrol(self.request)
        context: dict[str, Any] = {
            "factor": factor,
            "forced": forced,
            "layout": "accounts/base_plain.html" if forced else "base.html",
            "form": CodeForm() if factor is None else KeepFactorForm(),
        }
        if factor is None:
            secret = self._candidate()
            uri = rules.provisioning_uri(secret, user.username, settings.PRODUCT_NAME)
            context |= {"secret": secret, "qr": qr_svg(uri)}
        else:
            context["left"] = queries.recovery_codes_left(factor)
        return super().get_context_data(**context | kwargs)

    def _candidate(self) -> str:
        """The secret offered in this session: the same until a code has proved it."""
        place = crypto.place("session", CANDIDATE, self.request.user.pk)
        if CANDIDATE not in self.request.session:
            self.request.session[CANDIDATE] = crypto.encrypt(actions.new_secret(), place)
        return crypto.decrypt(self.request.session[CANDIDATE], place)


class KeepFactor(FactorPage):
    """New recovery codes, or another device; both only with a code of now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for the code first; a wrong one counts like a wrong password."""
        user, form = self.request.user, KeepFactorForm(request.POST)
        if queries.factor_of(user) is None or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        try:
            actions.step_up(request, self.request.actor, form.cleaned_data["otp"])
        except actions.WrongCode as error:
            form.add_error("otp", str(error))
            return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        if form.cleaned_data["wish"] == "codes":
            return show_codes(self, actions.renew_codes(self.request.actor, user))
        actions.drop_factor(self.request.actor, user)
        request.session.pop(FACTOR, None)
        return go(request, reverse("accounts:factor"))


def show_codes(page: FactorPage, codes: list[str]) -> HttpResponseBase:
    """The recovery codes, once."""
    page.template_name = "accounts/recovery_codes.html"
    return page.render_to_response({"codes": codes, "view": page})

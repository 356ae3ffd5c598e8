"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponseRedirect
from django.urls import reverse

from accounts import half_open, kept, queries
from accounts.forms import SignInForm
from accounts.sessions import ENDED
from core.views import PageView

if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

UNPROCESSABLE = 422
ENDINGS = {
    "idle": "长时间没有操作，登录已自动退出，请重新登录。",
    "factor": "动态口令已启用，请重新登录并填写动态口令。",
    "absolute": "本次登录已达最长时限，请重新登录。",
}


class SignIn(LoginView):
    """User name and password; afterwards to the page asked for, if it is one of ours.

    Django changes the session key; five failures from one address lead to ``lockout.locked_out``.
    """

    authentication_form = SignInForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """The page asked for; never another host, never the door itself."""
        url = super().get_redirect_url()
        doors = (reverse("accounts:login"), reverse("accounts:logout"))
        return "" if urlsplit(url).path in doors else url

    def get_success_url(self) -> str:
        """First to the form that came too late, if there is one."""
        return reverse("accounts:resume") if kept.is_kept(self.request) else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the reason why the last session ended, if it was ended."""
        ended = self.request.session.get(ENDED, "")
        return super().get_context_data(notice=ENDINGS.get(ended, ""), **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In, or to the second step where the account has one."""
        user = form.get_user()
        if queries.factor_of(user) is None:
            return super().form_valid(form)
        half_open.begin(self.request, user, self.get_success_url())
        return HttpResponseRedirect(reverse("accounts:code"))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The form again, status 422."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class Resume(PageView):
    """Offers the form that arrived after the session had ended; without one, home."""

    template_name = "accounts/resume.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fields as they were typed, under a fresh security code."""
        form = kept.take(request)
        if form is None:
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
        return self.render_to_response(self.get_context_data(form=form))


class SignOut(LogoutView):
    """POST only; the session is emptied."""

"""What everybody does with the own account: the password, and the post acted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import password_validation, update_session_auth_hash
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import actions
from accounts.forms import PasswordForm
from accounts.sessions import must_change
from core.views import ActionFormView, SignedIn, go

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.views.acting import Outcome

POST_KEY = "post"
"""Session key of the post acted for, as ``branches.queries`` reads it."""


class ChangePassword(ActionFormView[PasswordForm]):
    """The own password; the only page open to a user with a one-time or aged one."""

    form_class = PasswordForm
    template_name = "accounts/password.html"
    success_message = "密码已修改，其他设备上的登录已退出。"

    def act(self, form: PasswordForm) -> Outcome:
        """Change it and keep this one session."""
        user = actions.change_password(
            by=self.request.actor,
            user=self.request.user,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
        )
        update_session_auth_hash(self.request, user)
        return reverse("reports:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rules in words, and whether the change is asked for."""
        forced = must_change(self.request.user)
        return super().get_context_data(
            forced=forced,
            layout="accounts/base_plain.html" if forced else "base.html",
            password_rules=password_validation.password_validators_help_texts(),
            **kwargs,
        )


class ChoosePost(SignedIn):
    """Which of the posts held the user acts for; kept in the session."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the post if it is one of the user's own today, go back to the page."""
        chosen = request.POST.get("post", "")
        label = {str(pk): label for pk, label in self.request.viewer.posts}.get(chosen)
        if label is None:
            messages.error(request, "请从本人现任职务中选择。")
        else:
            request.session[POST_KEY] = int(chosen)
            messages.success(request, f"已切换，现以{label}身份办理。")
        return go(request, self._back())

    def _back(self) -> str:
        """The page the choice was made on, if it is one of ours."""
        url = self.request.POST.get("next", "")
        ours = url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return url if ours else "/"

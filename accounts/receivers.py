"""Every sign-in, sign-out and failed sign-in leaves an entry; a new session gets its clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.signals import user_locked_out
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts import sessions
from core import audit
from core.actor import Actor, traits

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

DOORKEEPER = "登录检查"


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Stamp the session, note the sign-in."""
    if SESSION_KEY in request.session:
        sessions.start(request)
    audit.record(actor_of(request, user), "登录", user)


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Note the sign-out."""
    if user is not None:
        audit.record(actor_of(request, user), "退出登录", user)


@receiver(user_login_failed, dispatch_uid="accounts.sign_in_failed")
def sign_in_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest, **kwargs: Any) -> None:
    """Note a wrong password or one-time code; attempts during a lock are not noted one by one."""
    if not getattr(request, "axes_locked_out", False):
        _note(request, "登录失败", str(credentials.get("username", "")), step=credentials.get("step", ""))


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def locked_out(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    """Note a lock once: at the failure that brought it about, which is counted on the request."""
    if request.axes_failures_since_start is not None:  # type: ignore[attr-defined]  # set by django-axes
        _note(request, "登录锁定", username)


def actor_of(request: HttpRequest, user: User | None) -> Actor:
    """Who signs in or out; a failure is noted by the doorkeeper, for nobody proved who he is."""
    return Actor(
        user=user,
        job="" if user else DOORKEEPER,
        **traits(request),
    )


def _note(request: HttpRequest, verb: str, username: str, step: str = "") -> None:
    user = get_user_model().objects.filter(username=username).first()
    subject = user or "accounts.user:-"
    after = {"用户名": username[:50]} | ({"环节": step} if step else {})
    audit.record(actor_of(request, None), verb, subject, after=after, result="denied")

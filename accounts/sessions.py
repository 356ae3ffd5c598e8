"""The two clocks of a session, the age of a password, and whether the second factor was given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from core import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from accounts.models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
ENDED = "session_ended"
"""Session key that tells the sign-in page why the last session ended: ``idle`` or ``absolute``."""
FACTOR = "second_factor"
"""Session key of the second factor whose code was given in this session."""
RENEW_SECONDS = 60
"""The session row is written at most once a minute for being seen."""


def start(request: HttpRequest) -> None:
    """Start the two clocks of a new session."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = clock.now().timestamp()
    request.session.pop(ENDED, None)


def idle_limit(user: User | AnonymousUser) -> int:
    """Seconds without a sign of life after which a session of ``user`` ends; fewer for administrators."""
    return (
        settings.SESSION_IDLE_SECONDS_ADMIN
        if getattr(user, "admin_role", "")
        else settings.SESSION_IDLE_SECONDS
    )


def seen(request: HttpRequest) -> str:
    """Note that the user is there; answers why the session must end (``idle``, ``absolute``)."""
    now = clock.now().timestamp()
    last = request.session.get(SEEN_AT, now)
    age = now - request.session.get(SIGNED_IN_AT, now)
    reason = expired(age, now - last, idle_limit(request.user))
    if not reason and (SEEN_AT not in request.session or now - last >= RENEW_SECONDS):
        request.session[SEEN_AT] = now
    return reason


def expired(age: float, idle: float, idle_limit: int) -> str:
    """Which limit a session of ``age`` seconds, last seen ``idle`` seconds ago, has passed."""
    if age > settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    return "idle" if idle > idle_limit else ""


def must_change(user: User) -> bool:
    """Whether ``user`` must change the password first: a one-time one, or one past its age."""
    if user.must_change_password:
        return True
    age = timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)
    return user.password_changed_at is not None and clock.now() - user.password_changed_at > age


def asked(user: User) -> bool:
    """Whether role or posts of ``user`` demand a second factor (AC-01).

    Asks the function named in ``settings.SECOND_FACTOR_ASKED``: this room knows no posts.
    """
    return bool(import_string(settings.SECOND_FACTOR_ASKED)(user))


def must_enrol(request: HttpRequest) -> bool:
    """Whether the second factor is demanded and was not given in this session."""
    if FACTOR in request.session:
        return False
    viewer = getattr(request, "viewer", None)  # read once a request; the pages need it anyway
    return bool(viewer and viewer.asks_second_factor)

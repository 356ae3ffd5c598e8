"""The two clocks of a session, and the age of a password."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
ENDED = "session_ended"
"""Session key that tells the sign-in page why the last session ended: ``idle`` or ``absolute``."""
RENEW_SECONDS = 60
"""The session row is written at most once a minute for being seen."""


def start(request: HttpRequest) -> None:
    """Start the two clocks of a new session."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = clock.now().timestamp()
    request.session.pop(ENDED, None)


def seen(request: HttpRequest) -> str:
    """Note that the user is there; answers why the session must end (``idle``, ``absolute``)."""
    now = clock.now().timestamp()
    last = request.session.get(SEEN_AT, now)
    reason = expired(now - request.session.get(SIGNED_IN_AT, now), now - last)
    if not reason and (SEEN_AT not in request.session or now - last >= RENEW_SECONDS):
        request.session[SEEN_AT] = now
    return reason


def expired(age: float, idle: float) -> str:
    """Which limit a session of ``age`` seconds, last seen ``idle`` seconds ago, has passed."""
    if age > settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    return "idle" if idle > settings.SESSION_IDLE_SECONDS else ""


def must_change(user: User) -> bool:
    """Whether ``user`` must change the password first: a one-time one, or one past its age."""
    if user.must_change_password:
        return True
    age = timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)
    return user.password_changed_at is not None and clock.now() - user.password_changed_at > age

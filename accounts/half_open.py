"""Between the password and the one-time code: the session remembers who, and opens nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import login
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.sessions import FACTOR
from core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import SecondFactor

KEY = "half_open"


def begin(request: HttpRequest, user: Any, target: str) -> None:
    """The password was right: remember ``user`` and the page asked for, under a new session key."""
    request.session.cycle_key()
    request.session[KEY] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "at": clock.now().timestamp(),
        "target": target,
    }


def waiting(request: HttpRequest) -> User | None:
    """Who has given the password here within the last minutes and is still as he was then."""
    kept = request.session.get(KEY)
    if not kept or clock.now().timestamp() - kept["at"] > settings.HALF_OPEN_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, second_factor__isnull=False).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user


def complete(request: HttpRequest, user: User, factor: SecondFactor) -> str:
    """The code was right: sign in, again under a new session key; answers where to go."""
    kept = request.session.pop(KEY)
    login(request, user, backend=kept["backend"])
    request.session[FACTOR] = factor.pk
    return str(kept["target"])


def end(request: HttpRequest) -> None:
    """Forget who was waiting."""
    request.session.pop(KEY, None)

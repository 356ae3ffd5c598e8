"""After failed sign-ins: who is locked out, and the sentence for it. Wraps django-axes.

Two counters: ``AXES_FAILURE_LIMIT`` failures of a user name from one address within the cooling-off
time, and ``ACCOUNT_FAILURE_LIMIT`` failures of a user name from anywhere within an hour.
Unknown user names are counted alike, so that the answer never tells whether an account exists.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Count, Sum
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.models import User

    Counted = QuerySet[Any, dict[str, Any]]

WINDOW = timedelta(hours=1)
TOO_MANY = 429
LOCKED = "登录失败次数过多，已暂停登录。请至少等待 {minutes} 分钟后再试，或联系本单位系统管理员解除锁定。"
API = "/api/"


class Handler(AxesDatabaseHandler):
    """django-axes with the second counter."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether sign-in is refused before the password is even looked at."""
        if super().is_locked(request, credentials):
            return True
        username = get_client_username(request, credentials)
        return recent_failures().filter(username=username).count() >= settings.ACCOUNT_FAILURE_LIMIT


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """429: the sign-in page with the sentence, for the API as JSON."""
    if request.path.startswith(API):
        return JsonResponse({"detail": sentence()}, status=TOO_MANY)
    return render(request, "accounts/locked.html", {"sentence": sentence()}, status=TOO_MANY)


def sentence() -> str:
    """What to do when sign-in is refused for too many failures."""
    return LOCKED.format(minutes=int((get_cool_off() or WINDOW).total_seconds() // 60))


def is_open(request: HttpRequest, username: str) -> bool:
    """Whether a further attempt under the name is let in at all."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": username}))


def failed(request: HttpRequest, username: str) -> None:
    """Count a wrong one-time code like a wrong password; the fifth one locks."""
    credentials = {"username": username, "step": "动态口令"}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)


def unlock(user: User) -> None:
    """Forget the failures counted against ``user``; the audit trail keeps its own entries."""
    AccessAttempt.objects.filter(username=user.username).delete()
    recent_failures().filter(username=user.username).delete()


def recent_failures() -> QuerySet[AccessFailureLog]:
    """Failed sign-ins within the last hour."""
    rows: QuerySet[AccessFailureLog] = AccessFailureLog.objects.all()
    return rows.filter(attempt_time__gt=timezone.now() - WINDOW)


def attempts_over_limit() -> Counted:
    """Pairs of user name and address that are locked out now."""
    since = timezone.now() - (get_cool_off() or WINDOW)
    counted: Counted = (
        AccessAttempt.objects.filter(attempt_time__gt=since)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
    )
    return counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT)


def usernames_over_limit() -> Counted:
    """User names that are locked out altogether now."""
    counted: Counted = recent_failures().order_by().values("username").annotate(failures=Count("pk"))
    return counted.filter(failures__gte=settings.ACCOUNT_FAILURE_LIMIT)

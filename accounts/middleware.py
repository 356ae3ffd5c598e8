"""Ends sessions in time; a one-time or aged password reaches only the page that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from accounts import sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

OPEN_PAGES = frozenset({"accounts:password", "accounts:logout", "core:display"})
CHANGE_FIRST = "请先修改密码，再办理其他事项。"


class SessionLimitMiddleware:
    """Idle and absolute limits; the backend makes a disabled user nobody at the next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End what has run out, then go on — as nobody, if it has."""
        if request.user.is_authenticated:
            reason = sessions.seen(request)
            if reason:
                logout(request)
                request.session[sessions.ENDED] = reason
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Send a user with a one-time or aged password to the page that changes it."""
        if not request.user.is_authenticated or not sessions.must_change(request.user):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_PAGES:
            return None
        return _to_password_page(request)


def _to_password_page(request: HttpRequest) -> HttpResponse:
    """The password page; for the API a sentence, for htmx a full page load."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": CHANGE_FIRST}, status=403)
    url = reverse("accounts:password")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)

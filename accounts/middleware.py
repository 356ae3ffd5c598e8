"""Ends sessions in time; what is due first — password, second factor — opens only its own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from accounts import kept, queries, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

OPEN_PAGES = frozenset({"accounts:password", "accounts:logout", "core:display"})
FACTOR_PAGES = OPEN_PAGES | {"accounts:factor"}
ENROL_FIRST = "请先启用动态口令，再办理其他事项。"
CHANGE_FIRST = "请先修改密码，再办理其他事项。"


class SessionLimitMiddleware:
    """Idle and absolute limits; the backend makes a disabled user nobody at the next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End what has run out, then go on — as nobody, if it has."""
        if request.user.is_authenticated:
            request.idle_seconds = sessions.idle_limit(request.user)  # type: ignore[attr-defined]  # for the frame
            reason = sessions.seen(request)
            if reason:
                owner = request.user.pk
                logout(request)
                request.session[sessions.ENDED] = reason
                kept.remember(request, owner)
        response = self.get_response(request)
        kept.keep(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Send a user to the page that changes the password or switches the second factor on."""
        if not request.user.is_authenticated:
            return None
        match = request.resolver_match
        page = match.view_name if match is not None else ""
        if sessions.must_change(request.user):
            return None if page in OPEN_PAGES else _first(request, "accounts:password", CHANGE_FIRST)
        if page in OPEN_PAGES or not sessions.must_enrol(request):
            return None
        if queries.factor_of(request.user) is not None:  # switched on elsewhere: come in by the door
            logout(request)
            request.session[sessions.ENDED] = "factor"
            return _first(request, "accounts:login", ENROL_FIRST)
        return None if page in FACTOR_PAGES else _first(request, "accounts:factor", ENROL_FIRST)


def _first(request: HttpRequest, page: str, sentence: str) -> HttpResponse:
    """The page that comes first; for the API a sentence, for htmx a full page load."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=403)
    url = reverse(page)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)

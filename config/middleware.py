"""Who acts and what they are here: read once a request from the rooms that know."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from branches import queries
from branches.querysets import keep_posts


class ActorMiddleware:
    """Sets ``request.viewer`` (roles by current posts) and ``request.actor`` (who acts, in which post)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Both are lazy: a page that asks for neither costs no query."""
        request.viewer = SimpleLazyObject(lambda: queries.viewer_of(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: queries.actor_of(request))  # type: ignore[attr-defined]
        keep_posts(request.user)  # type: ignore[arg-type]  # nobody's posts are never asked
        return self.get_response(request)

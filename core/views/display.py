"""Font size and contrast, kept in a cookie of this browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.context_processors import DISPLAY_COOKIE, SIZES, display
from core.views.base import SeeOther

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

YEAR = 365 * 24 * 3600  # seconds


@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Keep ``size`` (0, 1, 2) or turn contrast over (``contrast=1``), then back to ``next``."""
    size, contrast = display(request)
    asked = request.POST.get("size", "")
    if asked in SIZES:
        size = asked
    if request.POST.get("contrast"):
        contrast = not contrast
    response = SeeOther(_back(request))
    kept = f"{size}{'c' if contrast else ''}"
    response.set_cookie(DISPLAY_COOKIE, kept, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _back(request: HttpRequest) -> str:
    """The page the user came from, if it is one of ours."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if safe else "/"

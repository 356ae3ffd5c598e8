"""What the frame of every page needs besides the page's own context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

SIZES = ("0", "1", "2")
DISPLAY_COOKIE = "display"


def display(request: HttpRequest) -> tuple[str, bool]:
    """Font size (``0``, ``1``, ``2``) and high contrast, from the cookie ``display`` (``1c``)."""
    kept = request.COOKIES.get(DISPLAY_COOKIE, "")
    return (kept[:1] if kept[:1] in SIZES and kept else "0"), kept[1:2] == "c"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Font size, contrast, viewer, owner and support line, idle seconds of the session."""
    size, contrast = display(request)
    return {
        "font_size": size,
        "high_contrast": contrast,
        "viewer": getattr(request, "viewer", None),
        "host_unit": getattr(settings, "HOST_UNIT", ""),
        "support_line": getattr(settings, "SUPPORT_LINE", "技术支持：请联系本单位系统管理员"),
        "idle_seconds": getattr(request, "idle_seconds", settings.SESSION_COOKIE_AGE),
    }

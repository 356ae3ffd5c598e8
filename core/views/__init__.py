"""Base views of every room: signed in, scoped, thin."""

from core.views.acting import ActionFormView, ActionView, ReasonActionView
from core.views.base import PageView, PortalRequest, SeeOther, SignedIn, go
from core.views.errors import (
    bad_request,
    conflict,
    csrf_failure,
    forbidden,
    page_not_found,
    permission_denied,
    server_error,
    too_large,
)
from core.views.once import new_token
from core.views.scoped import (
    ScopedDetailView,
    ScopedListView,
    ScopedMixin,
    ScopedObjectMixin,
)

__all__ = [
    "ActionFormView",
    "ActionView",
    "PageView",
    "PortalRequest",
    "ReasonActionView",
    "ScopedDetailView",
    "ScopedListView",
    "ScopedMixin",
    "ScopedObjectMixin",
    "SeeOther",
    "SignedIn",
    "bad_request",
    "conflict",
    "csrf_failure",
    "forbidden",
    "go",
    "new_token",
    "page_not_found",
    "permission_denied",
    "server_error",
    "too_large",
]

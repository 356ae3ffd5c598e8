"""Around every request: a number, clean input, and nothing kept in caches for signed-in pages."""

from __future__ import annotations

import uuid
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import add_never_cache_headers

from core.views import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_BODY = 64 * 1024 * 1024  # bytes; four photos and a roster workbook fit with room to spare


class RequestIdMiddleware:
    """Give each request a number, shown on error pages and kept in logs and audit entries."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and tell the number in ``X-Request-ID``."""
        number = uuid.uuid4().hex[:16]
        request.request_id = number  # type: ignore[attr-defined]  # declared on PortalRequest
        response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


class RealAddressMiddleware:
    """Behind our own nginx (``SECURE_TLS=1``) the visitor's address is in ``X-Real-IP``.

    Without it everybody would come from 127.0.0.1, and five failures of one would lock out all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the address where every reader looks for it; elsewhere the header means nothing."""
        address = request.META.get("HTTP_X_REAL_IP", "")
        if settings.SECURE_TLS and _is_address(address):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


class CleanInputMiddleware:
    """Refuse NUL and broken encodings (400) and oversized bodies (413) before any view."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at path, query, cookies and form fields once; answer a page, not an exception."""
        size = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (size.isascii() and size.isdigit()):
            return errors.bad_request(request)  # reading the body would fail on it
        if int(size) > getattr(settings, "MAX_REQUEST_BODY", MAX_BODY):
            return errors.too_large(request)
        try:
            if not _is_clean(request):
                return errors.bad_request(request)
        except RequestDataTooBig:
            return errors.too_large(request)
        except (TooManyFieldsSent, TooManyFilesSent, MultiPartParserError, UnreadablePostError):
            return errors.bad_request(request)
        return self.get_response(request)


class NoStoreMiddleware:
    """Pages of signed-in users stay out of every cache unless the view said otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add ``Cache-Control: no-store`` where a user is signed in, and to the API, which hands out tokens."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        if "Cache-Control" not in response and (signed_in or request.path.startswith(errors.API)):
            add_never_cache_headers(response)
        return response


def _is_address(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_clean(request: HttpRequest) -> bool:
    """Whether path, query string, cookies and posted form fields hold proper text without NUL."""
    query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
    texts = [request.path_info, *request.COOKIES.values()]
    if request.content_type == FORMS[0] and not _is_utf8(request.body):
        return False  # Django would read it as Latin-1
    if request.content_type in FORMS:
        for name, values in request.POST.lists():
            texts += [name, *(str(value) for value in values)]
    return _is_utf8(query) and b"\0" not in query and all(_is_proper(text) for text in texts)


def _is_utf8(raw: bytes) -> bool:
    """Whether ``raw`` decodes as UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_proper(text: str) -> bool:
    """No NUL, no lone surrogate, and no mark left by a broken encoding."""
    if "\0" in text or "\ufffd" in text:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in text)

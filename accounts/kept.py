"""A form that arrives after the session has ended is kept, and offered again to the same user.

It waits, encrypted, in the nameless session that follows the ended one. Files are not kept, nor are
the forms of this room: they hold passwords and codes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from core.crypto import decrypt, encrypt, place

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

OWNER = "ended_for"
FORM = "kept_form"
MOST_CHARACTERS = 200_000
CSRF = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where it was posted to, its fields in their order, and whether files came along."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def remember(request: HttpRequest, user_pk: int) -> None:
    """The session of this user has just ended: what comes next in this browser may be kept for him."""
    request.session[OWNER] = user_pk


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the form if it was turned away to the sign-in page by the end of the session."""
    target = response.headers.get("Location", "").partition("?")[0]
    turned_away = response.status_code == 302 and target == reverse("accounts:login")
    if request.method != "POST" or not turned_away or OWNER not in request.session:
        return
    if request.resolver_match is None or request.resolver_match.app_name == "accounts":
        return
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF]
    if sum(len(str(value)) for _, value in fields) <= MOST_CHARACTERS:
        form = {"path": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}
        request.session[FORM] = encrypt(json.dumps(form), _where(request.session[OWNER]))


def is_kept(request: HttpRequest) -> bool:
    """Whether a form waits for whoever signs in now."""
    return FORM in request.session


def take(request: HttpRequest) -> KeptForm | None:
    """The kept form, once, if it is this user's."""
    owner, sealed = request.session.pop(OWNER, None), request.session.pop(FORM, None)
    if sealed is None or owner != request.user.pk:
        return None
    form = json.loads(decrypt(sealed, _where(owner)))
    return KeptForm(form["path"], tuple((name, value) for name, value in form["fields"]), form["files"])


def _where(owner: int) -> str:
    """What the ciphertext is bound to: it cannot be moved to another user's session."""
    return place("session", FORM, owner)

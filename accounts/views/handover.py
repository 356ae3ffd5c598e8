"""One-time passwords between the button and their handing over: encrypted, for ten minutes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.exports import Handover, handover_workbook
from accounts.permissions import can_manage_users
from core import clock, crypto
from core.views import PageView, go

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from core.decisions import Decision
    from core.views import PortalRequest

KEY = "handover"
KEEP_SECONDS = 600


def keep(request: PortalRequest, rows: list[Handover]) -> str:
    """Put ``rows`` into the session, encrypted; answers the address of the page that shows them."""
    text = json.dumps({"at": clock.now().timestamp(), "rows": rows}, ensure_ascii=False)
    request.session[KEY] = crypto.encrypt(text, _place(request))
    return reverse("accounts:passwords")


def kept(request: PortalRequest) -> list[Handover]:
    """The rows kept less than ten minutes ago; none otherwise."""
    token = request.session.get(KEY)
    if not token:
        return []
    data = json.loads(crypto.decrypt(token, _place(request)))
    if clock.now().timestamp() - data["at"] > KEEP_SECONDS:
        return []
    return [Handover(*row) for row in data["rows"]]


def _place(request: PortalRequest) -> str:
    return crypto.place("session", KEY, request.user.pk)


class OneTimePasswords(PageView):
    """Shows what was just made, also as a file; forgets it on request or after ten minutes."""

    template_name = "accounts/passwords.html"

    def decide(self) -> Decision:
        """The system administrator only."""
        return can_manage_users(self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the workbook for ``?export=xlsx``."""
        rows = kept(self.request)
        if rows and request.GET.get("export") == "xlsx":
            return handover_workbook(rows, by=self.request.actor)
        return self.render_to_response(self.get_context_data(rows=rows))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget them."""
        request.session.pop(KEY, None)
        return go(request, reverse("accounts:users"))

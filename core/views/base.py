"""What every page of a signed-in user shares: sign-in, the refusals, and redirects after a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from core import audit
from core.decisions import Decision, NotAllowed, StaleRecord, require
from core.views import errors

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from accounts.models import User
    from branches.queries import Viewer
    from core.actor import Actor


SIGNED_OUT = "登录已超时，草稿暂未保存。请按“保存草稿”重新登录，已填写的内容会保留。"


class PortalRequest(HttpRequest):
    """A request as the middleware hands it to a signed-in page (for type checking)."""

    user: User
    actor: Actor
    viewer: Viewer
    htmx: Any
    request_id: str


class SeeOther(HttpResponseRedirect):
    """303: the answer to a successful POST; the browser fetches the target with GET."""

    status_code = 303


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to ``url`` after a POST; an htmx request is told to load the whole page."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return SeeOther(url)


class SignedIn(View):
    """A page for signed-in users; refusals raised inside become pages with their sentence.

    ``decide`` may be overridden: a Denied answer gives 403 with its reason before anything else.
    """

    request: PortalRequest
    sensitive: ClassVar[bool] = False
    """Whether being refused a look is an event too, not only being refused an act."""

    def decide(self) -> Decision | None:
        """Whether the user may open this page at all; None means nobody is asked."""
        return None

    def prepare(self) -> None:
        """Fetch what ``decide`` and the handlers need (the object of the page); may raise 404."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check sign-in, fetch, ask ``decide``, handle; turn refusals into 403 and 409 pages."""
        if not request.user.is_authenticated:
            return to_login(request)
        try:
            self.prepare()
            decision = self.decide()
            if decision is not None:
                require(decision)
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            self.note_refusal(audit.OUT_OF_SIGHT)
            raise
        except NotAllowed as error:
            self.note_refusal(str(error))
            return errors.forbidden(request, str(error))
        except StaleRecord as error:
            return errors.conflict(request, str(error))

    def note_refusal(self, reason: str) -> None:
        """One entry in the audit trail for an act that was refused, or a look at a sensitive page."""
        request = self.request
        if request.method in audit.SAFE and not self.sensitive and "export" not in request.GET:
            return
        found = getattr(self, "object", None)
        subject = found if isinstance(found, Model) and found.pk else request.path[:100]
        audit.refuse(request.actor, str(getattr(self, "title", "")), subject, reason)


def to_login(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which returns to the page asked for; htmx loads it as a whole page."""
    if request.headers.get("HX-Request") == "true":
        back = request.headers.get("HX-Current-URL", request.get_full_path())
        return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(back).url})
    if request.headers.get("Accept") == "application/json":  # a draft that saves itself
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    return redirect_to_login(request.get_full_path())


class Page(SignedIn, TemplateResponseMixin, ContextMixin):
    """A signed-in page with a template; the ground of every kind of page."""

    request: PortalRequest


class PageView(Page):
    """A page without an object of its own: set ``template_name``, fill ``get_context_data``."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Render the page; the arguments of the URL are in the context."""
        return self.render_to_response(self.get_context_data(**kwargs))

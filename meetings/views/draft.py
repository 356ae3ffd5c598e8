"""What the script of the form asks for: saving by itself, the roll of another day, the findings."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils import timezone

from branches.models import Organization
from core import clock
from core.decisions import ActionError, Decision, StaleRecord
from core.views import once
from meetings import permissions
from meetings.forms import ItemForms, ItemFormSet, MeetingForm
from meetings.models import Meeting
from meetings.queries import posted, prefill
from meetings.views.log import CONFLICT, UNPROCESSABLE, EditView, Logging, LogView, problems
from meetings.views.read import OneMeeting

LOGGED_OUT = "登录已过期，请重新登录；已保存的草稿不受影响"


class _Saving(Logging):
    """The same save without a page: JSON for the form's own script."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An expired session is answered as JSON too."""
        if not request.user.is_authenticated:
            return JsonResponse({"error": LOGGED_OUT}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save what is valid so far; say so, or say why not."""
        form, items = self.posted_forms()
        if not (form.is_valid() and items.is_valid()):
            first = problems(form, items)[0].text
            return JsonResponse({"error": f"暂未保存：{first}"}, status=UNPROCESSABLE)
        try:
            return JsonResponse(self.saved(form, items))
        except StaleRecord as error:
            return JsonResponse({"error": str(error), "conflict": True}, status=CONFLICT)
        except ActionError as error:
            return JsonResponse({"error": f"暂未保存：{error}"}, status=UNPROCESSABLE)

    def saved(self, form: MeetingForm, items: ItemForms) -> dict[str, Any]:
        """Write, and answer what the script has to know."""
        meeting = self.write(form, items)
        return {"saved": now_saved(), "version": meeting.version}


def now_saved() -> str:
    """``已保存 19:32``."""
    return f"已保存 {timezone.localtime(clock.now()):%H:%M}"


class AutosaveView(_Saving, EditView):
    """Save a draft."""


class StartView(_Saving, LogView):
    """Begin a draft by itself; the page goes on as the page of that draft."""

    def saved(self, form: MeetingForm, items: ItemForms) -> dict[str, Any]:
        """Once for the token of the form; a repeated request learns of the draft and saves again."""
        token = self.request.POST.get(once.FIELD, "")
        url, _ = once.carry_out(
            token,
            self.request.user,
            lambda: reverse("meetings:edit", args=[self.write(form, items).pk]),
        )
        pk = resolve(urlsplit(url).path).kwargs["pk"]
        version = Meeting.objects.values_list("version", flat=True).get(pk=pk)
        return {
            "saved": now_saved(),
            "version": version,
            "token": once.new_token(),
            "page": url,
            "draft": reverse("meetings:autosave", args=[pk]),
            "findings": reverse("meetings:findings", args=[pk]),
        }


class RollPartView(Logging):
    """Roll and agenda for the kinds, group and day chosen: parts of the page."""

    template_name = "meetings/parts/changed.html"
    http_method_names = ["post"]

    def prepare(self) -> None:
        """The branch of the meeting being logged, inside the user's sight."""
        seen = Organization.objects.visible_to(self.request.user)
        self.organization = get_object_or_404(seen, pk=self.kwargs["organization"])

    def decide(self) -> Decision:
        """Only recorders of this branch."""
        group = prefill.place(self.request.viewer.organization or self.organization)[1]
        return permissions.can_record(self.request.actor, self.organization, group)

    def start(self) -> prefill.Start:
        """Nothing but what is posted."""
        return prefill.Start(kinds=(), held_on=clock.today())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The parts, with the answers given so far kept."""
        begun = self.begun
        begun.items[:] = posted.with_usual_items(begun.items, begun.kinds)
        form, items = self.make_form(begun.initial), ItemFormSet(initial=begun.items, prefix="agenda")
        meter = self.gathering.meter(begun.initial)
        majorities = json.dumps(self.gathering.majorities())
        left_out = self.gathering.left_out
        return self.render_to_response(
            {
                "form": form,
                "items": items,
                "meter": meter,
                "majorities": majorities,
                "left_out": left_out,
            }
        )


class FindingsView(OneMeeting):
    """What the check-up says of the stored draft, and what is lacking: a part of the page."""

    template_name = "meetings/parts/checked.html"

    def decide(self) -> Decision:
        """Only those who may change it."""
        return permissions.can_edit(self.request.actor, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings and what is lacking."""
        return super().get_context_data(**self.checked(), **kwargs)

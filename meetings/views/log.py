"""Logging a meeting: the form comes typed as far as the portal knows, and saves itself."""

from __future__ import annotations


from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from branches.models import Organization
from core import clock
from core.decisions import ActionError, Decision, NotAllowed, StaleRecord
from core.views import ScopedObjectMixin, SignedIn, go
from core.views import once
from meetings import actions, permissions
from meetings.forms import ItemFormSet, MeetingForm, meeting_content
from meetings.models import Meeting
from meetings.queries import prefill, rolls

UNPROCESSABLE = 422


class _Logging(SignedIn, TemplateResponseMixin, ContextMixin):
    """What the pages with the form share: the organisation, who is due, the two forms."""

    template_name = "meetings/log.html"
    organization: Organization
    meeting: Meeting | None = None

    def start(self) -> prefill.Start:
        """What the form begins with."""
        raise NotImplementedError

    def posted_start(self) -> prefill.Start:
        """Day, kinds and group as posted decide who is due; nonsense falls back to what is known."""
        return prefill.from_posted(self.start(), self.request.POST, self.organization)

    def get_forms(self, start: prefill.Start) -> tuple[MeetingForm, Any]:
        """Basics and agenda, bound when something was posted."""
        if self.request.method == "POST":
            data = self.request.POST
            return self.make_form(start, data), ItemFormSet(data, prefix="agenda")
        return self.make_form(start, None), ItemFormSet(initial=start.items, prefix="agenda")

    def make_form(self, start: prefill.Start, data: Any) -> MeetingForm:
        """Basics and roll for the day, kinds and group of ``start``."""
        return MeetingForm(
            data,
            initial=start.initial,
            organization=self.organization,
            expected=rolls.expected_roll(
                self.organization, start.group, start.kinds, start.held_on
            ),
            people=prefill.people(self.organization, start.group, start.held_on),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms and what the side column says."""
        form = kwargs["form"]
        return super().get_context_data(
            organization=self.organization,
            meeting=self.meeting,
            meter=self.meter(form, kwargs.pop("start")),
            today=clock.today(),
            **kwargs,
        )

    def meter(self, form: MeetingForm, start: prefill.Start) -> prefill.Meter:
        """The quorum as far as the form tells."""
        answers = form.data if form.is_bound else start.initial
        return prefill.meter(form.expected, answers, self.organization, start)

    def show(self, start: prefill.Start, forms: tuple[Any, Any], status: int = 200) -> HttpResponse:
        """The page with the forms."""
        form, items = forms
        context = self.get_context_data(form=form, items=items, start=start)
        return self.render_to_response(context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, typed as far as the portal knows."""
        start = self.start()
        return self.show(start, self.get_forms(start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save (or only rebuild roll and agenda), then go on to the check."""
        start = self.posted_start()
        form, items = self.get_forms(start)
        step = request.POST.get("step", "save")
        if step in ("roll", "add"):
            return self.show(start, self.rebuilt(start, add=step == "add"))
        if not (form.is_valid() and items.is_valid()):
            return self.show(start, (form, items), UNPROCESSABLE)
        try:
            return self.save(form, items, step)
        except (NotAllowed, StaleRecord):
            raise
        except ActionError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.show(start, (form, items), UNPROCESSABLE)

    def rebuilt(self, start: prefill.Start, *, add: bool) -> tuple[MeetingForm, Any]:
        """Fresh forms with everything typed so far, with one more item if asked; nothing is checked yet."""
        items = [*start.items, {}] if add else start.items
        form = self.make_form(start, None)
        return form, ItemFormSet(initial=items, prefix="agenda")

    def save(self, form: MeetingForm, items: Any, step: str) -> HttpResponse:
        """Write once for the token of the form and go to the next page."""
        token = self.request.POST.get(once.FIELD, "")

        def act() -> str:
            meeting = self.write(form, items)
            name = "meetings:check" if step == "check" else "meetings:edit"
            return reverse(name, args=[meeting.pk])

        url, _ = once.carry_out(token, self.request.user, act)
        return go(self.request, url)

    def write(self, form: MeetingForm, items: Any) -> Meeting:
        """Call the action."""
        content = meeting_content(form, items)
        if self.meeting is None:
            return actions.start_meeting(self.request.actor, self.organization, content)
        version = form.cleaned_data["version"]
        if version is None:
            version = self.meeting.version
        return actions.save_meeting(self.request.actor, self.meeting, content, version)


class LogView(_Logging):
    """A new record; nothing is written before the first save."""

    def prepare(self) -> None:
        """The branch acted for, and the duty that the visitor came from."""
        home = self.request.viewer.organization
        if home is None:
            raise Http404
        self.organization, self.group = prefill.place(home)

    def decide(self) -> Decision:
        """Who may log here."""
        return permissions.can_record(self.request.actor, self.organization, self.group)

    def start(self) -> prefill.Start:
        """From the address: ``?kind=&group=&on=``, or from ``?copy=`` of a meeting in sight."""
        copied = self.request.GET.get("copy", "")
        source = None
        if copied.isascii() and copied.isdigit() and len(copied) < 10:
            source = Meeting.objects.visible_to(self.request.user).filter(pk=int(copied)).first()
        return prefill.new(
            self.organization, self.group, self.request.GET, self.request.user, source
        )


class EditView(ScopedObjectMixin[Meeting], _Logging):
    """A draft."""

    model = Meeting

    def prepare(self) -> None:
        """The draft and its branch."""
        super().prepare()
        self.meeting = self.object
        self.organization = self.object.organization

    def get_queryset(self) -> Any:
        """With branch and group."""
        return super().get_queryset().select_related("organization", "group")

    def decide(self) -> Decision:
        """Only recorders, only while it is a draft."""
        return permissions.can_edit(self.request.actor, self.object)

    def start(self) -> prefill.Start:
        """What is stored."""
        return prefill.stored(self.object)


class AutosaveView(EditView):
    """The same save without a page: JSON for the form's own script."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refusals are answered as JSON too."""
        if not request.user.is_authenticated:
            return JsonResponse({"error": "登录已过期，重新登录后可继续填写"}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save what is valid so far; say so, or say why not."""
        form, items = self.get_forms(self.posted_start())
        if not (form.is_valid() and items.is_valid()):
            return JsonResponse({"error": "有内容填写不完整，暂未保存"}, status=UNPROCESSABLE)
        try:
            meeting = self.write(form, items)
        except StaleRecord as error:
            return JsonResponse({"error": str(error)}, status=409)
        except ActionError as error:
            return JsonResponse({"error": str(error)}, status=UNPROCESSABLE)
        now = timezone.localtime(clock.now())
        return JsonResponse({"saved": f"已保存 {now:%H:%M}", "version": meeting.version})


class RollPartView(SignedIn, TemplateResponseMixin, ContextMixin):
    """The roll for the kinds, group and day chosen: a part of the page, for the form's own script."""

    template_name = "meetings/parts/roll.html"
    http_method_names = ["post"]

    def prepare(self) -> None:
        """The branch of the meeting being logged, inside the user's sight."""
        pk = self.kwargs["organization"]
        self.organization = get_object_or_404(
            Organization.objects.visible_to(self.request.user), pk=pk
        )

    def decide(self) -> Decision:
        """Only recorders of this branch."""
        group = prefill.place(self.request.viewer.organization or self.organization)[1]
        return permissions.can_record(self.request.actor, self.organization, group)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The part, with the answers given so far kept."""
        base = prefill.Start(kinds=(), held_on=clock.today())
        start = prefill.from_posted(base, request.POST, self.organization)
        form = MeetingForm(
            initial=start.initial,
            organization=self.organization,
            expected=rolls.expected_roll(
                self.organization, start.group, start.kinds, start.held_on
            ),
            people=[],
        )
        meter = prefill.meter(form.expected, start.initial, self.organization, start)
        return self.render_to_response(self.get_context_data(form=form, meter=meter))

"""Logging a meeting: the form comes typed as far as the portal knows, and nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from branches.models import Organization
from core import audit, clock
from core.decisions import ActionError, Decision, NotAllowed, StaleRecord
from core.views import ScopedObjectMixin, go, once
from core.views.base import Page
from meetings import actions, permissions, queries
from meetings.actions.content import RollLine
from meetings.choices import Body, Presence, RollRole, State
from meetings.forms import ItemForms, ItemFormSet, MeetingForm, differences, meeting_content
from meetings.models import Meeting, MeetingKind
from meetings.queries import gathering, posted, prefill

UNPROCESSABLE = 422
CONFLICT = 409

Forms = tuple[MeetingForm, ItemForms]


class Problem(NamedTuple):
    """One line of the error summary: the sentence and the place it leads to."""

    text: str
    target: str


class Logging(Page):
    """What the pages with the form share: the organisation, who is due, the two forms."""

    template_name = "meetings/log.html"
    organization: Organization
    meeting: Meeting | None = None

    def start(self) -> prefill.Start:
        """What the form begins with."""
        raise NotImplementedError

    @cached_property
    def begun(self) -> prefill.Start:
        """``start``, with day, kinds and group as posted: they decide who is due."""
        if self.request.method != "POST":
            return self.start()
        return posted.start(self.start(), self.request.POST, self.organization)

    @cached_property
    def gathering(self) -> gathering.Gathering:
        """Who may come."""
        begun = self.begun
        return gathering.gathering(self.organization, begun.group, begun.kinds, begun.held_on)

    def make_form(self, initial: dict[str, Any], data: Any = None) -> MeetingForm:
        """Basics and roll for the gathering as it is chosen."""
        kept = prefill.observers(self.meeting)
        return MeetingForm(
            data,
            initial=initial,
            organization=self.organization,
            expected=self.gathering.expected,
            people=self.gathering.people,
            observers=[
                RollLine(r.person_id, RollRole.OBSERVER, Presence(r.presence), r.excuse, r.note) for r in kept
            ],
        )

    def posted_forms(self) -> Forms:
        """The forms as posted."""
        data = self.request.POST
        return self.make_form({}, data), ItemFormSet(data, prefix="agenda")

    def fresh_forms(self, begun: prefill.Start) -> Forms:
        """The forms with first values; nothing is checked yet."""
        return self.make_form(begun.initial), ItemFormSet(initial=begun.items, prefix="agenda")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms, who counts, which fields belong to which kinds."""
        form = kwargs["form"]
        answers = form.data if form.is_bound else form.initial
        kinds = list(MeetingKind.objects.filter(active=True))
        return super().get_context_data(
            organization=self.organization,
            meeting=self.meeting,
            meter=self.gathering.meter(answers),
            left_out=self.gathering.left_out,
            majorities=json.dumps(self.gathering.majorities()),
            lecturing=" ".join(kind.code for kind in kinds if kind.needs_lecturer),
            grouping=" ".join(kind.code for kind in kinds if kind.body == Body.GROUP),
            last=self.begun.last,
            attachments=queries.attachments(self.meeting) if self.meeting else [],
            today=clock.today(),
            **kwargs,
        )

    def show(self, forms: Forms, status: int = 200, **more: Any) -> HttpResponse:
        """The page with the forms and what is wrong with them."""
        form, items = forms
        wrong = problems(form, items) if form.is_bound and status != CONFLICT else []
        wrong += more.pop("further", [])
        context = self.get_context_data(form=form, items=items, problems=wrong, **more)
        return self.render_to_response(context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, typed as far as the portal knows."""
        return self.show(self.fresh_forms(self.begun))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or only rebuild roll and agenda; then on to the check if that was asked for."""
        step = request.POST.get("step", "save")
        rebuild = REBUILDING.get(step.partition("-")[0])
        if rebuild is not None:
            return self.show(self.fresh_forms(rebuild(self.begun, step.partition("-")[2])))
        form, items = self.posted_forms()
        if not (form.is_valid() and items.is_valid()):
            return self.show((form, items), UNPROCESSABLE)
        try:
            return self.save(form, items, step)
        except StaleRecord as error:
            return self.conflict((form, items), error)
        except NotAllowed:
            raise
        except ActionError as error:
            return self.refused((form, items), error)

    def refused(self, forms: Forms, error: ActionError) -> HttpResponse:
        """The sentence of the action at its place."""
        form, _ = forms
        if error.field in form.fields:
            form.add_error(error.field, str(error))
            return self.show(forms, UNPROCESSABLE)
        target = error.field if error.field in ("roll", "agenda") else "meeting"
        return self.show(forms, UNPROCESSABLE, further=[Problem(str(error), str(target))])

    def conflict(self, forms: Forms, error: StaleRecord) -> HttpResponse:
        """Somebody else was quicker; only a draft that still is one can be compared."""
        raise error

    def save(self, form: MeetingForm, items: ItemForms, step: str) -> HttpResponse:
        """Write once for the token of the form and go to the next page."""
        token = self.request.POST.get(once.FIELD, "")

        def act() -> str:
            meeting = self.write(form, items)
            name = {"check": "meetings:check", "attach": "meetings:attach"}.get(step, "meetings:edit")
            return reverse(name, args=[meeting.pk])

        url, _ = once.carry_out(token, self.request.user, act)
        return go(self.request, url)

    def write(self, form: MeetingForm, items: ItemForms) -> Meeting:
        """Call the action."""
        content = meeting_content(form, items)
        if self.meeting is None:
            return actions.start_meeting(self.request.actor, self.organization, content)
        version = form.cleaned_data["version"]
        seen = self.meeting.version if version is None else version
        return actions.save_meeting(self.request.actor, self.meeting, content, seen)


def problems(form: MeetingForm, items: ItemForms) -> list[Problem]:
    """Everything that is wrong, in the order of the page, each with the id of its control."""
    found = [Problem(str(text), "meeting") for text in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or f"{field.auto_id}_0"
        found += [Problem(str(text), target) for text in field.errors]
    found += [Problem(str(text), "agenda") for text in items.non_form_errors()]
    for number, item in enumerate(items.forms, 1):
        for field in item:
            target = field.id_for_label or f"{field.auto_id}_0"
            found += [Problem(f"议题 {number}：{text}", target) for text in field.errors]
    return found


def _with_item(begun: prefill.Start, which: str) -> prefill.Start:
    begun.items.append({})
    return begun


def _with_line(begun: prefill.Start, which: str) -> prefill.Start:
    """One more resolution at item ``which``."""
    for item in begun.items[posted.number_of(which) :][:1]:
        item["lines"] += 1
    return begun


def _moved_up(begun: prefill.Start, which: str) -> prefill.Start:
    """Item ``which`` one place up."""
    place = posted.number_of(which)
    if 0 < place < len(begun.items):
        begun.items.insert(place - 1, begun.items.pop(place))
    return begun


def _with_roll(begun: prefill.Start, which: str) -> prefill.Start:
    """The roll of the chosen day and kinds, with the usual items of the kinds."""
    begun.items[:] = posted.with_usual_items(begun.items, begun.kinds)
    return begun


def _as_last_time(begun: prefill.Start, which: str) -> prefill.Start:
    """The answers of the last meeting of the kind."""
    if begun.last is not None:
        begun.initial.update(prefill.answers(begun.last.roll.all()))
    return begun


REBUILDING: dict[str, Callable[[prefill.Start, str], prefill.Start]] = {
    "add": _with_item,
    "line": _with_line,
    "up": _moved_up,
    "roll": _with_roll,
    "last": _as_last_time,
}
"""Buttons that rebuild the page with everything typed so far: the way without a script."""


class LogView(Logging):
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
        """From the address: ``?kind=&group=&until=``, or from ``?copy=`` of a meeting in sight."""
        copied = self.request.GET.get("copy", "")
        source = None
        if copied.isascii() and copied.isdigit() and len(copied) < 10:
            source = Meeting.objects.visible_to(self.request.user).filter(pk=int(copied)).first()
        return prefill.new(self.organization, self.group, self.request.GET, self.request.user, source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also records of the month that may be the same meeting."""
        begun = self.begun
        similar = prefill.unfiled(self.organization, begun.kinds, begun.held_on)
        return super().get_context_data(similar=similar, **kwargs)


class EditView(ScopedObjectMixin[Meeting], Logging):
    """A draft."""

    model = Meeting

    def prepare(self) -> None:
        """The draft and its branch."""
        super().prepare()
        self.meeting = self.object
        self.organization = self.object.organization

    def get_queryset(self) -> Any:
        """With everything the form and the check-up read."""
        rows: Any = super().get_queryset()
        return rows.for_page()

    def decide(self) -> Decision:
        """Only recorders, only while it is a draft."""
        return permissions.can_edit(self.request.actor, self.object)

    def start(self) -> prefill.Start:
        """What is stored."""
        return prefill.stored(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also what the check-up says of the stored draft."""
        return super().get_context_data(
            findings=queries.findings(self.object), lacking=actions.lacking(self.object), **kwargs
        )

    def conflict(self, forms: Forms, error: StaleRecord) -> HttpResponse:
        """Both contents side by side; saving once more takes what was typed here."""
        row = Meeting.objects.filter(pk=self.object.pk, state=State.DRAFT).first()
        if row is None:
            raise error
        self.meeting = self.object = row
        stored = self.fresh_forms(prefill.stored(row))
        data = self.request.POST.copy()
        data["version"] = str(row.version)
        form = self.make_form({}, data)
        latest = audit.history(row)
        return self.show(
            (form, forms[1]),
            CONFLICT,
            differences=differences(stored, (form, forms[1])),
            latest=latest[0] if latest else None,
        )

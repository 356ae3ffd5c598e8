"""One organisation: found below it, correct, move, dissolve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from branches import actions, permissions, queries
from branches.forms import DissolveForm, EditForm, FoundForm, MoveForm
from branches.models import Organization
from branches.views.ground import OfOrganization, found_below
from core import audit
from core.decisions import Denied
from core.views import ActionFormView, ScopedObjectMixin

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from core.decisions import Decision
    from core.views.acting import Outcome

FIELDS = [name for name in EditForm.base_fields if name != "reason"]


class Found(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[FoundForm]):
    """A new organisation under this one."""

    form_class = FoundForm
    tab = "branches:found"
    title = "设立下级组织"
    verb = "设立"
    success_message = "已设立。"

    def decide(self) -> Decision:
        """A branch may found its own groups; nothing stands under a group."""
        kinds = found_below(self.object)
        if not kinds:
            return Denied("党小组之下不设组织。")
        return permissions.can_found(self.request.actor, self.object, kinds[0])

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the kinds that this user may found here."""
        by, place = self.request.actor, self.object
        kinds = [kind for kind in found_below(place) if permissions.can_found(by, place, kind)]
        return super().get_form_kwargs() | {"kinds": kinds}

    def act(self, form: FoundForm) -> Outcome:
        """Found it, show it."""
        return actions.found(self.request.actor, parent=self.object, **form.cleaned_data)


class Edit(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[EditForm]):
    """Names and particulars, and the history of the organisation."""

    form_class = EditForm
    tab = "branches:edit"
    title = "组织信息"
    success_message = "已保存。"

    def decide(self) -> Decision:
        """The political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object)

    def get_initial(self) -> dict[str, Any]:
        """What is on record."""
        return {name: getattr(self.object, name) for name in FIELDS}

    def act(self, form: EditForm) -> Outcome:
        """Correct it."""
        return actions.rename(self.request.actor, self.object, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the history and the places it stood at."""
        placements = self.object.placements.select_related("parent").order_by("-since")
        return super().get_context_data(entries=audit.history(self.object), placements=placements, **kwargs)


class Move(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[MoveForm]):
    """Another superior from a day on."""

    form_class = MoveForm
    template_name = "branches/move.html"
    tab = "branches:move"
    title = "调整隶属关系"
    success_message = "已调整隶属关系。"

    def decide(self) -> Decision:
        """The political office above both places; the new one is judged when it is known."""
        return permissions.can_move(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the organisations to choose from."""
        return super().get_form_kwargs() | {"rows": self.scoped()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``check`` shows what would move; otherwise move."""
        if "check" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        parent = form.cleaned_data["parent"]
        decision = permissions.can_move(self.request.actor, self.object, parent)
        if not decision:
            form.add_error("parent", decision.reason)
            return self.form_invalid(form)
        moving = queries.moving(self.request.user, self.object, parent)
        return self.render_to_response(self.get_context_data(form=form, moving=moving))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``moving``: None before it was checked."""
        return super().get_context_data(**{"moving": None} | kwargs)

    def act(self, form: MoveForm) -> Outcome:
        """Move it."""
        return actions.move(self.request.actor, self.object, **form.cleaned_data)


class Dissolve(OfOrganization, ScopedObjectMixin[Organization], ActionFormView[DissolveForm]):
    """The end of an organisation; its records stay."""

    form_class = DissolveForm
    tab = "branches:dissolve"
    title = "撤销组织"
    verb = "撤销"
    success_message = "已撤销，历史记录保留。"

    def decide(self) -> Decision:
        """The political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object, "dissolve")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What follows."""
        note = "撤销后不再产生新的工作，任职同时终止；撤销前须先把在册人员和下级组织转出。"
        return super().get_context_data(note=note, danger=True, **kwargs)

    def act(self, form: DissolveForm) -> Outcome:
        """Dissolve it."""
        return actions.dissolve(self.request.actor, self.object, **form.cleaned_data)

"""One organisation: found below it, correct, move, dissolve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from branches import actions, permissions
from branches.choices import Kind
from branches.forms import DissolveForm, EditForm, FoundForm, MoveForm
from branches.models import Organization
from branches.views.ground import OfOrganization
from core import audit
from core.views import ActionFormView, ScopedObjectMixin

if TYPE_CHECKING:
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
        """A branch may found its own groups."""
        kind = Kind.GROUP if self.object.kind == Kind.BRANCH else ""
        return permissions.can_found(self.request.actor, self.object, kind)

    def get_initial(self) -> dict[str, Any]:
        """Below a branch there are groups."""
        return {"kind": Kind.GROUP if self.object.kind == Kind.BRANCH else Kind.BRANCH}

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
    tab = "branches:move"
    title = "调整隶属关系"
    verb = "调整"
    success_message = "已调整隶属关系。"

    def decide(self) -> Decision:
        """The political office above both places; the new one is judged when it is known."""
        return permissions.can_move(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the organisations to choose from."""
        return super().get_form_kwargs() | {"rows": self.scoped()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many organisations move along."""
        count = Organization.objects.under(self.object.path).current().count()
        note = f"现隶属 {self.object.parent}。本组织及其下级共 {count} 个组织一并调整，以往记录按当时的隶属关系保留。"
        return super().get_context_data(note=note, **kwargs)

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

"""不计入应到会: record it, enter consent and approval, count the member again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.views import ActionFormView, ScopedObjectMixin
from members import actions, permissions, queries
from members.forms import ConsentForm, ExemptForm, RecountForm
from members.models import Member
from members.views.ground import OfMember

if TYPE_CHECKING:
    from core.decisions import Decision
    from core.views.acting import Outcome
    from members.models import Exemption


class Exempt(OfMember, ScopedObjectMixin[Member], ActionFormView[ExemptForm]):
    """A member who need not be counted as due."""

    form_class = ExemptForm
    tab = "members:exempt"
    title = "登记不计入应到会"
    verb = "登记"
    note = (
        "自费出国、长期患病、借调等半年以上不能到会的，报上级同意并经党员大会通过后，不计入应到会人数。"
        "备勤执勤、休假、短期培训、一般疾病仍计入应到会，按次登记请假。不登记病情和案情。"
    )
    success_message = "已登记。"

    def decide(self) -> Decision:
        """Keepers of the branch and the political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object, "exempt")

    def get_initial(self) -> dict[str, Any]:
        """The superior is known."""
        above = self.object.organization.parent
        return {"consented_by": above.name if above else ""}

    def act(self, form: ExemptForm) -> Outcome:
        """Record."""
        data = form.cleaned_data
        actions.exempt(
            self.request.actor,
            self.object,
            reason=data["reason"],
            since=data["since"],
            until=data["until"],
            consent=form.consent(),
        )
        return self.object


class _Settling(OfMember, ScopedObjectMixin[Member]):
    """Pages about the latest entry of the member."""

    tab = "members:exempt"
    action = ""

    @cached_property
    def row(self) -> Exemption | None:
        """The latest entry."""
        return queries.last_exemption(self.object)

    def decide(self) -> Decision:
        """Keepers of the branch and the political offices of the line, where there is an entry."""
        return permissions.can_settle(self.request.actor, self.object, self.row, self.action)


class Consent(_Settling, ActionFormView[ConsentForm]):
    """Consent of the superior and approval of the members' meeting."""

    form_class = ConsentForm
    action = "consent"
    title = "登记上级同意和党员大会通过"
    note = "两项齐全，才从会议当日起不计入应到会；已归档的会议记录不变。"
    success_message = "已登记。"

    def get_initial(self) -> dict[str, Any]:
        """What is entered so far."""
        above = self.object.organization.parent
        found = {name: getattr(self.row, name) for name in ConsentForm.base_fields}
        return found | {"consented_by": found["consented_by"] or (above.name if above else "")}

    def act(self, form: ConsentForm) -> Outcome:
        """Write it down."""
        actions.complete_exemption(self.request.actor, self.object, form.consent())
        return self.object


class Recount(_Settling, ActionFormView[RecountForm]):
    """Counted as due again."""

    form_class = RecountForm
    action = "recount"
    title = "恢复计入应到会"
    verb = "恢复"
    success_message = "已恢复。"

    def act(self, form: RecountForm) -> Outcome:
        """End the entry."""
        actions.count_again(self.request.actor, self.object, **form.cleaned_data)
        return self.object

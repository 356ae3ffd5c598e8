"""Dated changes of one member: stage, branch, group, rights, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.views import ActionFormView, ScopedObjectMixin
from members import actions, permissions
from members.forms import GroupForm, LeaveForm, RestoreForm, StageForm, SuspendForm, TransferForm
from members.models import Member
from members.views.ground import OfMember

if TYPE_CHECKING:
    from core.decisions import Decision
    from core.views.acting import Outcome


class ChangeStage(OfMember, ScopedObjectMixin[Member], ActionFormView[StageForm]):
    """Another stage."""

    form_class = StageForm
    tab = "members:stage"
    title = "变更党员身份"
    verb = "变更"
    success_message = "已变更。"

    def decide(self) -> Decision:
        """A political office of the line."""
        return permissions.can_manage(self.request.actor, self.object, "stage")

    def act(self, form: StageForm) -> Outcome:
        """Change it."""
        return actions.change_stage(self.request.actor, self.object, **form.cleaned_data)


class Transfer(OfMember, ScopedObjectMixin[Member], ActionFormView[TransferForm]):
    """Another branch."""

    form_class = TransferForm
    tab = "members:transfer"
    title = "组织关系转接"
    verb = "转接"
    note = "转出后，以往的会议记录仍保留在原支部。转往本平台以外的，请办理停止在册。"
    success_message = "已转接。"

    def decide(self) -> Decision:
        """A political office above both branches; the new one is judged when it is known."""
        return permissions.can_transfer(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, form: TransferForm) -> Outcome:
        """Transfer."""
        return actions.transfer(self.request.actor, self.object, **form.cleaned_data)


class AssignGroup(OfMember, ScopedObjectMixin[Member], ActionFormView[GroupForm]):
    """Another group of the own branch."""

    form_class = GroupForm
    tab = "members:group"
    title = "调整党小组"
    success_message = "已调整。"

    def decide(self) -> Decision:
        """Keepers of the branch and the political offices of the line."""
        return permissions.can_edit(self.request.actor, self.object, "group")

    def get_initial(self) -> dict[str, Any]:
        """The present group."""
        return {"group": self.object.group_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the branch."""
        return super().get_form_kwargs() | {"organization": self.object.organization}

    def act(self, form: GroupForm) -> Outcome:
        """Assign."""
        return actions.assign_group(self.request.actor, self.object, **form.cleaned_data)


class Suspend(OfMember, ScopedObjectMixin[Member], ActionFormView[SuspendForm]):
    """Rights suspended for a time."""

    form_class = SuspendForm
    tab = "members:suspend"
    title = "中止党员权利"
    verb = "登记"
    note = "只登记情形和起止日期，不登记案件内容。中止期间不计入有表决权人数。"
    success_message = "已登记。"

    def decide(self) -> Decision:
        """A political office of the line."""
        return permissions.can_manage(self.request.actor, self.object, "suspend")

    def act(self, form: SuspendForm) -> Outcome:
        """Suspend."""
        actions.suspend_rights(self.request.actor, self.object, **form.cleaned_data)
        return self.object


class Restore(OfMember, ScopedObjectMixin[Member], ActionFormView[RestoreForm]):
    """Rights restored."""

    form_class = RestoreForm
    tab = "members:restore"
    title = "恢复党员权利"
    verb = "恢复"
    success_message = "已恢复。"

    def decide(self) -> Decision:
        """A political office of the line."""
        return permissions.can_manage(self.request.actor, self.object, "restore")

    def act(self, form: RestoreForm) -> Outcome:
        """Restore."""
        return actions.restore_rights(self.request.actor, self.object, **form.cleaned_data)


class Leave(OfMember, ScopedObjectMixin[Member], ActionFormView[LeaveForm]):
    """Off the register."""

    form_class = LeaveForm
    tab = "members:leave"
    title = "停止在册"
    verb = "停止在册"
    note = "用于转往本平台以外、出党、去世等情形。以往记录保留，今后不再列入应到人员。"
    success_message = "已停止在册。"

    def decide(self) -> Decision:
        """A political office of the line."""
        return permissions.can_manage(self.request.actor, self.object, "deactivate")

    def act(self, form: LeaveForm) -> Outcome:
        """Take off."""
        return actions.deactivate(self.request.actor, self.object, **form.cleaned_data)

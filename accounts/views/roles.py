"""The security administrator's console of roles: who is which administrator; grants, never opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts import actions, permissions, queries
from accounts.exports import Handover
from accounts.forms import OpenAdministratorForm, ReasonForm, RoleForm
from accounts.models import User
from accounts.views import handover
from core.views import ActionFormView, ReasonActionView, ScopedListView, ScopedObjectMixin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.decisions import Decision
    from core.views.acting import Outcome


class RoleList(ScopedListView[User]):
    """Accounts without a person: administrators, and those that wait for a role."""

    model = User
    template_name = "accounts/roles.html"
    ordering = ("-admin_role", "username")

    def decide(self) -> Decision:
        """The security administrator, and the audit administrator to look."""
        return permissions.can_see_roles(self.request.user)

    def get_queryset(self) -> QuerySet[User]:
        """Only these accounts, not those of the party's members."""
        return queries.role_accounts(self.request.user)


class GrantRole(ScopedObjectMixin[User], ActionFormView[RoleForm]):
    """Make an account one of the three administrators."""

    model = User
    form_class = RoleForm
    template_name = "accounts/role.html"
    title = "授予管理员角色"
    verb = "授予"
    success_message = "角色已授予。"

    def get_queryset(self) -> QuerySet[User]:
        """Accounts without a person."""
        return queries.role_accounts(self.request.user)

    def decide(self) -> Decision:
        """Security administrator, somebody else's account, none of the other roles, no person."""
        return permissions.can_grant_admin_role(self.request.actor, self.object)

    def act(self, form: RoleForm) -> Outcome:
        """Grant."""
        actions.grant_admin_role(self.request.actor, self.object, role=form.cleaned_data["role"])
        return reverse("accounts:roles")


class RevokeRole(ReasonActionView[User, ReasonForm]):
    """Take the role of an administrator back, with a reason."""

    model = User
    form_class = ReasonForm
    template_name = "accounts/role.html"
    title = "撤销管理员角色"
    verb = "撤销角色"
    warning = "撤销后，该账号在所有设备上的登录和接口令牌随即失效，账号保留，不再有任何权限。"
    success_message = "角色已撤销。"

    def get_queryset(self) -> QuerySet[User]:
        """Accounts without a person."""
        return queries.role_accounts(self.request.user)

    def decide(self) -> Decision:
        """Security administrator, somebody else's role, not the last of a kind."""
        return permissions.can_revoke_admin_role(self.request.actor, self.object)

    def get_success_url(self) -> str:
        """The list of roles: the page of the account belongs to the system administrator."""
        return reverse("accounts:roles")

    def act(self, form: ReasonForm) -> Outcome:
        """Revoke."""
        actions.revoke_admin_role(self.request.actor, self.object, reason=form.cleaned_data["reason"])
        return self.get_success_url()


class OpenAdministrator(ActionFormView[OpenAdministratorForm]):
    """The system administrator opens an account without a person; it waits for its role."""

    form_class = OpenAdministratorForm
    template_name = "accounts/administrator_create.html"
    title = "开通管理员账号"
    success_message = "账号已开通，请交付初始密码，并由安全管理员授予角色。"

    def decide(self) -> Decision:
        """The system administrator only."""
        return permissions.can_manage_users(self.request.user)

    def act(self, form: OpenAdministratorForm) -> Outcome:
        """Open it, go to the password."""
        username = form.cleaned_data["username"]
        user, password = actions.create_user(self.request.actor, username=username)
        return handover.keep(self.request, [Handover(user.username, "管理员", password)])

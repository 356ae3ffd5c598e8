"""The system administrator's console: accounts, and nothing of the party's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator

from accounts import actions, permissions, queries
from accounts.exports import Handover
from accounts.filters import UserFilter
from accounts.forms import OpenAccountsForm, ReasonForm
from accounts.models import User
from accounts.views import handover
from core import audit
from core.views import (
    ActionFormView,
    ActionView,
    ReasonActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedMixin,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.decisions import Decision
    from core.views.acting import Outcome

PERSONS_A_PAGE = 50


class _Console(ScopedMixin[User]):
    """Accounts with ``is_locked``; nobody else sees any (404 for a page, 403 for the list)."""

    model = User

    def get_queryset(self) -> QuerySet[User]:
        """All accounts for the system administrator."""
        return queries.users_for_list(super().get_queryset())


class UserList(_Console, ScopedListView[User]):
    """Find accounts by name, pinyin, user name and state."""

    template_name = "accounts/users.html"
    filterset_class = UserFilter
    sorts = {
        "username": ("username",),
        "name": ("person__pinyin",),
        "seen": ("last_login",),
        "opened": ("created_at",),
    }
    ordering = ("username",)

    def decide(self) -> Decision:
        """The system administrator only."""
        return permissions.can_manage_users(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the three totals above the list."""
        return super().get_context_data(totals=queries.account_numbers(), **kwargs)


class UserPage(_Console, ScopedDetailView[User]):
    """One account: its state, its history, what can be done."""

    template_name = "accounts/user.html"
    context_object_name = "account"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be pressed, and the last entries about the account."""
        by, account = self.request.actor, self.object
        return super().get_context_data(
            can_reset=permissions.can_reset(by, account),
            can_reset_factor=permissions.can_reset_factor(by, account),
            can_unlock=permissions.can_unlock(by, account),
            can_disable=permissions.can_disable(by, account),
            entries=audit.history(account, refused=True),
            **kwargs,
        )


class OpenAccounts(ActionFormView[OpenAccountsForm]):
    """Tick persons of the register who have no account; accounts and passwords come in one go."""

    form_class = OpenAccountsForm
    template_name = "accounts/user_create.html"
    success_message = "账号已开通，请交付初始密码。"

    def decide(self) -> Decision:
        """The system administrator only."""
        return permissions.can_manage_users(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The persons found, a page at a time."""
        text = self.request.GET.get("q", "")[:50]
        persons = queries.persons_without_user(self.request.user, text)
        page = Paginator(persons, PERSONS_A_PAGE).get_page(self.request.GET.get("page", "1"))
        return super().get_context_data(q=text, page_obj=page, rows=page.object_list, **kwargs)

    def act(self, form: OpenAccountsForm) -> Outcome:
        """Open the accounts, go to the passwords."""
        persons = list(form.cleaned_data["persons"])
        opened = actions.create_users_for(by=self.request.actor, persons=persons)
        rows = [
            Handover(username, person.name, password)
            for person, (username, password) in zip(persons, opened, strict=True)
        ]
        return handover.keep(self.request, rows)


class ResetPassword(_Console, ActionView[User]):
    """A new one-time password."""

    title = "重置密码"
    verb = "重置密码"
    warning = "重置后原密码作废，该账号在所有设备上的登录随即退出。新的初始密码只显示一次。"
    success_message = "密码已重置，请交付初始密码。"

    def decide(self) -> Decision:
        """Not one's own, not a disabled one."""
        return permissions.can_reset(self.request.actor, self.object)

    def act(self) -> Outcome:
        """Reset, go to the password."""
        password = actions.reset_password(by=self.request.actor, user=self.object)
        row = Handover(self.object.username, self.object.display_name, password)
        return handover.keep(self.request, [row])


class ResetFactor(_Console, ReasonActionView[User, ReasonForm]):
    """Take off a second factor whose device is lost."""

    form_class = ReasonForm
    title = "重置动态口令"
    verb = "重置"
    warning = "请先当面核实本人。重置后凭密码登录，并须重新启用动态口令；如怀疑密码泄露，请同时重置密码。"
    success_message = "动态口令已重置。"

    def decide(self) -> Decision:
        """Not one's own, and only where there is one."""
        return permissions.can_reset_factor(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Outcome:
        """Reset."""
        return actions.reset_factor(
            by=self.request.actor, user=self.object, reason=form.cleaned_data["reason"]
        )


class UnlockUser(_Console, ActionView[User]):
    """Forget failed sign-ins."""

    title = "解除登录锁定"
    verb = "解除锁定"
    warning = "请先与本人核实。解除后可立即登录。"
    success_message = "已解除锁定。"

    def decide(self) -> Decision:
        """An account in use."""
        return permissions.can_unlock(self.request.actor, self.object)

    def act(self) -> Outcome:
        """Unlock."""
        return actions.unlock(by=self.request.actor, user=self.object)


class DisableUser(_Console, ReasonActionView[User, ReasonForm]):
    """Close an account with a reason."""

    form_class = ReasonForm
    title = "停用账号"
    verb = "停用"
    warning = "停用后不能登录，已登录的随即退出。本人的记录不受影响。"
    success_message = "账号已停用。"

    def decide(self) -> Decision:
        """Not one's own."""
        return permissions.can_disable(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Outcome:
        """Disable."""
        return actions.disable(by=self.request.actor, user=self.object, reason=form.cleaned_data["reason"])


class EnableUser(DisableUser):
    """Open a disabled account again with a reason."""

    title = "启用账号"
    verb = "启用"
    warning = "启用后可用原密码登录。如本人忘记密码，请随后重置密码。"
    success_message = "账号已启用。"

    def act(self, form: ReasonForm) -> Outcome:
        """Enable."""
        return actions.enable(by=self.request.actor, user=self.object, reason=form.cleaned_data["reason"])

"""Accounts: opened, unlocked, disabled, made an administrator's; one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from accounts import lockout, rules
from accounts.actions.passwords import end_tokens, give_password, one_time_password
from accounts.choices import AdminRole
from accounts.models import Person, User
from accounts.permissions import (
    can_create_user,
    can_disable,
    can_grant_admin_role,
    can_revoke_admin_role,
    can_unlock,
)
from core import audit, clock
from core.decisions import ActionError, StaleRecord, require

if TYPE_CHECKING:
    from core.actor import Actor

MOST_AT_ONCE = 100
"""Accounts opened in one go: each costs a password derivation (about 0.1 s)."""


@transaction.atomic
def create_user(
    by: Actor,
    *,
    username: str,
    person: Person | None = None,
    admin_role: str = AdminRole.NONE,
    password: str = "",
) -> tuple[User, str]:
    """Open an account; answers it with its one-time password, which is shown once and kept nowhere.

    ``password`` may be given by a job only (demo users); then it need not be changed.
    An ``admin_role`` and a ``person`` exclude each other.
    """
    require(can_create_user(by))
    username = rules.tidy_username(username)
    problem = rules.username_problem(username)
    if problem:
        raise ActionError(problem, field="username")
    if User.objects.filter(username=username).exists():
        raise ActionError("该用户名已被使用，请换一个。", field="username")
    given = password if by.is_system else ""
    user, password = _new_user(username, person, given)
    audit.record(by, "开通账号", user, after={"用户名": username, "人员": person})
    if admin_role:
        user = grant_admin_role(by, user, role=admin_role)
    return user, password


@transaction.atomic
def create_users_for(by: Actor, persons: Iterable[Person]) -> list[tuple[str, str]]:
    """Open an account for each of ``persons``, at most 100: [(user name, one-time password)].

    In the order of ``persons``. A user name is the pinyin, with a number
    where it is taken.
    """
    require(can_create_user(by))
    chosen = list(persons)
    if not chosen:
        raise ActionError("请至少勾选一名人员。", field="persons")
    if len(chosen) > MOST_AT_ONCE:
        raise ActionError(f"一次最多开通 {MOST_AT_ONCE} 个账号，请分批办理。", field="persons")
    taken = User.objects.filter(person__in=chosen).select_related("person").first()
    if taken is not None:
        raise StaleRecord(f"{taken.display_name}已有账号，请刷新页面后重新勾选。")
    return [
        (user.username, password)
        for user, password in (
            create_user(by, username=free_username(person), person=person) for person in chosen
        )
    ]


def free_username(person: Person) -> str:
    """``zhangwei``, or the next free of ``zhangwei2``, ``zhangwei3`` …"""
    base = rules.base_username(person.pinyin)
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    return next(name for name in rules.numbered(base) if name not in taken)


def _new_user(username: str, person: Person | None, password: str) -> tuple[User, str]:
    user = User(username=username, person=person, created_at=clock.now())
    secret = password or one_time_password()
    give_password(user, secret, one_time=not password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise StaleRecord("用户名或人员刚才已被使用，请刷新页面核对。") from error
    return user, secret


@transaction.atomic
def grant_admin_role(by: Actor, user: User, *, role: str) -> User:
    """Make ``user`` one of the three administrators; exclusive with the others and a person."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require(can_grant_admin_role(by, user))
    if role not in AdminRole.values or not role:
        raise ActionError("请选择一种管理员角色。", field="role")
    user.admin_role = role
    user.save(update_fields=["admin_role"])
    audit.record(by, "授予管理员角色", user, after={"角色": user.get_admin_role_display()})
    return user


@transaction.atomic
def revoke_admin_role(by: Actor, user: User, *, reason: str) -> User:
    """Take the role back: sessions end at the next request (the role is part of their hash), tokens now.

    All of the kind are locked, in the order of keys, so that two presses cannot take the last two.
    """
    kind = User.objects.filter(admin_role=user.admin_role).order_by("pk")
    list(kind.select_for_update().values_list("pk"))
    fresh = User.objects.get(pk=user.pk)
    if fresh.admin_role != user.admin_role:
        raise StaleRecord("该账号的角色刚才已被他人更改，请刷新页面核对。")
    require(can_revoke_admin_role(by, fresh))
    before, why = fresh.get_admin_role_display(), _given(reason)
    fresh.admin_role = AdminRole.NONE
    fresh.save(update_fields=["admin_role"])
    end_tokens(fresh)
    audit.record(by, "撤销管理员角色", fresh, before={"角色": before}, after={"角色": "无"}, reason=why)
    return fresh


@transaction.atomic
def unlock(by: Actor, user: User, *, reason: str = "") -> User:
    """Forget the failed sign-ins of ``user`` and the long absence."""
    require(can_unlock(by, user))
    lockout.unlock(user)
    user.unlocked_at = clock.now()
    user.save(update_fields=["unlocked_at"])
    audit.record(by, "解除登录锁定", user, reason=reason)
    return user


@transaction.atomic
def disable(by: Actor, user: User, *, reason: str) -> User:
    """Close the account: the next request of its sessions is refused, its tokens are withdrawn."""
    require(can_disable(by, user))
    _switch(user, active=False)
    end_tokens(user)
    audit.record(by, "停用账号", user, after={"启用": False}, reason=_given(reason))
    return user


@transaction.atomic
def enable(by: Actor, user: User, *, reason: str) -> User:
    """Open a disabled account again; the password stays."""
    require(can_disable(by, user))
    _switch(user, active=True)
    audit.record(by, "启用账号", user, after={"启用": True}, reason=_given(reason))
    return user


def _switch(user: User, *, active: bool) -> None:
    """Conditional update: two contradictory presses cannot both succeed."""
    if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        raise StaleRecord("账号状态刚才已被他人更改，请刷新页面核对。")
    user.is_active = active


def _given(reason: str) -> str:
    """The reason, which must be given."""
    if not reason.strip():
        raise ActionError("请写明原因。", field="reason")
    return reason.strip()

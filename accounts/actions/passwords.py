"""Passwords: one-time ones from the administrator, own ones from the user."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken

from accounts import lockout
from accounts.models import UsedPassword, User
from accounts.permissions import can_reset
from core import audit
from core.decisions import ActionError, require

if TYPE_CHECKING:
    from core.actor import Actor

LONGEST = 128
GROUPS = 4
GROUP = 4
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SMALLS = "abcdefghijkmnpqrstuvwxyz"
DIGITS = "23456789"


def one_time_password() -> str:
    """``Kd7m-p4Rt-…``: four groups without look-alikes (0 O 1 l I), about 90 bits."""
    signs = CAPITALS + SMALLS + DIGITS
    while True:
        text = "".join(secrets.choice(signs) for _ in range(GROUPS * GROUP))
        if all(set(text) & set(group) for group in (CAPITALS, SMALLS, DIGITS)):
            return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def give_password(user: User, password: str, *, one_time: bool) -> None:
    """Put ``password`` on ``user`` without saving; a one-time one must be changed at sign-in.

    Stamped with the real time, also while a demo sets the clock: the age of a secret is no story.
    """
    user.set_password(password)
    user.must_change_password = one_time
    user.password_changed_at = timezone.now()


@transaction.atomic
def reset_password(by: Actor, user: User, *, reason: str = "") -> str:
    """A new one-time password, shown once; ends all sessions and tokens of the user."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require(can_reset(by, user))
    _remember(user)
    password = one_time_password()
    give_password(user, password, one_time=True)
    user.save()
    lockout.unlock(user)
    end_tokens(user)
    audit.record(by, "重置密码", user, reason=reason)
    return password


@transaction.atomic
def change_password(by: Actor, user: User, *, old: str, new: str) -> User:
    """The user's own change; other sessions and all tokens of the user end with it.

    Raises ActionError on ``old`` when it is wrong and on ``new`` when the rules refuse it.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if by.user is None or by.user.pk != user.pk:
        raise ActionError("只能修改本人的密码。")
    if not user.check_password(old):
        raise ActionError("原密码不正确，请重新填写。", field="old")
    if old == new:
        raise ActionError("新密码不能与原密码相同，请换一个。", field="new")
    check_new(new, user)
    _remember(user)
    give_password(user, new, one_time=False)
    user.save()
    end_tokens(user)
    audit.record(by, "修改密码", user)
    return user


def _remember(user: User) -> None:
    """Keep the present password among the used ones and forget the oldest; one-time ones do not count."""
    if user.must_change_password or not user.has_usable_password():
        return
    UsedPassword.objects.create(user=user, password=user.password)
    kept = list(UsedPassword.objects.filter(user=user).values_list("pk", flat=True))
    UsedPassword.objects.filter(pk__in=kept[settings.PASSWORDS_REMEMBERED :]).delete()


def check_new(password: str, user: User) -> None:
    """ActionError with every rule that ``password`` breaks."""
    if len(password) > LONGEST:
        raise ActionError(f"密码不超过 {LONGEST} 位。", field="new")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ActionError("".join(error.messages), field="new") from error


def end_tokens(user: User) -> None:
    """Withdraw the API tokens of ``user``."""
    AuthToken.objects.filter(user=user).delete()

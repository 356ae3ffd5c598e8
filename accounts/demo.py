"""Accounts of the demo: one password for its eight users, derived once; everybody else cannot sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.actions.accounts import free_username
from accounts.choices import AdminRole
from accounts.models import User
from core import audit, clock

if TYPE_CHECKING:
    from accounts.models import Person
    from core.actor import Actor

ADMINISTRATORS = (AdminRole.SYSTEM, AdminRole.SECURITY, AdminRole.AUDIT)
OF_PERSONS = ("secretary", "politics", "discipline", "leader", "member")
USERS = (*OF_PERSONS, *(role.value for role in ADMINISTRATORS))
"""Who may sign in to the demo."""


@transaction.atomic
def open_account(by: Actor, person: Person | None, username: str = "", role: str = "") -> User:
    """Open an account without a password, under ``username`` or the pinyin of the name.

    The ordinary action derives a password for each account; sixty of them would be six seconds.
    """
    if person is not None and not username:
        username = free_username(person)
    user = User(username=username, person=person, admin_role=role, created_at=clock.now())
    user.set_unusable_password()
    user.save()
    audit.record(by, "开通账号", user, after={"用户名": username, "人员": person})
    return user


def open_administrators(by: Actor) -> None:
    """The three administrators of the demo."""
    for role in ADMINISTRATORS:
        open_account(by, None, role.value, role)


@transaction.atomic
def let_in(by: Actor, password: str) -> None:
    """Give ``password`` to the users of the demo; it has no age, so that it need not be changed."""
    hashed = make_password(password)
    User.objects.filter(username__in=USERS).update(password=hashed, password_changed_at=None)
    audit.record(by, "设置演示口令", "accounts.user:demo", after={"账号": len(USERS)})

"""Finding persons and users by name and pinyin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from accounts.choices import AdminRole

if TYPE_CHECKING:
    from accounts.models import Person, User


class PersonQuerySet(QuerySet["Person"]):
    """Persons; who may see which row is decided by the rooms above, by posts and membership."""

    def named(self, text: str) -> Self:
        """Persons whose name, pinyin or initials begin with (name: contain) ``text``."""
        text = text.strip()
        if not text:
            return self
        low = text.lower().replace(" ", "")
        return self.filter(Q(name__contains=text) | Q(pinyin__startswith=low) | Q(initials__startswith=low))

    def without_user(self) -> Self:
        """Persons of the register who have no account yet."""
        return self.filter(user__isnull=True)


class UserQuerySet(QuerySet["User"]):
    """Accounts; only the system administrator sees them as a list."""

    def visible_to(self, user: User) -> Self:
        """All accounts for the system administrator, none for anybody else."""
        return self if user.admin_role == AdminRole.SYSTEM else self.none()

    def named(self, text: str) -> Self:
        """Accounts found by user name, or by the name and pinyin of the person."""
        text = text.strip()
        if not text:
            return self
        low = text.lower().replace(" ", "")
        return self.filter(
            Q(username__contains=low)
            | Q(person__name__contains=text)
            | Q(person__pinyin__startswith=low)
            | Q(person__initials__startswith=low)
        )

    def never_signed_in(self) -> Self:
        """Accounts nobody has used yet."""
        return self.filter(last_login__isnull=True)

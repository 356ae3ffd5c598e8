"""What a password must and must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)
from django.core.exceptions import ValidationError

from accounts import rules
from core import crypto

if TYPE_CHECKING:
    from accounts.models import User


class LengthValidator(MinimumLengthValidator):
    """Django's check of the length in our words."""

    def get_error_message(self) -> str:
        """What to do about a short password."""
        return self.get_help_text()

    def get_help_text(self) -> str:
        """The rule in words."""
        return f"密码不少于 {self.min_length} 位。"


class CommonWordsValidator(CommonPasswordValidator):
    """Django's list of 20,000 common passwords in our words."""

    def get_error_message(self) -> str:
        """What to do about a common password."""
        return self.get_help_text()

    def get_help_text(self) -> str:
        """The rule in words."""
        return "密码不得使用常见密码。"


class ThreeClassesValidator:
    """At least three of: capitals, small letters, digits, other signs (GB/T 22239 8.1.4.1 a)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError when fewer than three classes occur."""
        if rules.password_classes(password) < rules.CLASSES_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        """The rule in words."""
        return "密码应至少包含大写字母、小写字母、数字、符号中的三种。"


class OwnWordsValidator:
    """No word that others can guess: own name, user name, numbers, the service and its number."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError when such a word occurs in the password."""
        if rules.contains_word(password, rules.HOUSE_WORDS | own_words(user)):
            raise ValidationError(self.get_help_text(), code="password_too_personal")

    def get_help_text(self) -> str:
        """The rule in words."""
        return "密码不得包含本人姓名、拼音、用户名、电话号码、出生年份，以及 119、xiaofang 等易猜词语。"


class HistoryValidator:
    """None of the last passwords again, the present one among them (GB/T 22239 8.1.4.1 a)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError when the password was used before."""
        if user is None or user.pk is None:
            return
        kept = user.used_passwords.values_list("password", flat=True)[: settings.PASSWORDS_REMEMBERED - 1]
        if any(check_password(password, encoded) for encoded in (user.password, *kept)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """The rule in words."""
        return f"密码不得与最近 {settings.PASSWORDS_REMEMBERED} 次用过的密码相同。"


def own_words(user: User | None) -> frozenset[str]:
    """The words that belong to ``user`` and the person behind the account."""
    if user is None:
        return frozenset()
    person = user.person
    if person is None:
        return frozenset({user.username})
    numbers = [
        crypto.decrypt(token, crypto.place("accounts_person", column, person.uuid))
        for column, token in (("phone", person.phone), ("id_number", person.id_number))
        if token
    ]
    born = [str(person.born_on.year), f"{person.born_on:%m%d}"] if person.born_on else []
    return rules.guessable_words(
        user.username, person.name, person.pinyin, *born, *(n[-6:] for n in numbers), *numbers
    )

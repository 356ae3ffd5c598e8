"""Forms of sign-in, password and accounts: shape only, the rules are in the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from accounts import rules
from accounts.actions.passwords import LONGEST
from accounts.choices import AdminRole
from accounts.models import Person
from accounts.permissions import can_sign_in

if TYPE_CHECKING:
    from accounts.models import User

    _Persons = forms.ModelMultipleChoiceField[Person]
else:  # the field takes no type at run time
    _Persons = forms.ModelMultipleChoiceField

LONGEST_KEY = 18
LONGEST_CODE = 40
WRONG = "用户名或密码不正确，或者账号已停用。请核对后重新填写，也可联系本单位系统管理员。"


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST,
        widget=widget,
        help_text=help_text,
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}不超过 {LONGEST} 位。",
        },
    )


class SignInForm(AuthenticationForm):
    """User name and password; one sentence for every way of being wrong."""

    username = forms.CharField(
        label="用户名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "请填写用户名。", "max_length": WRONG},
    )
    password = _password("密码", "current-password")
    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def clean_username(self) -> str:
        """The name as it is stored: small letters, narrow signs."""
        return rules.tidy_username(self.cleaned_data["username"])

    def confirm_login_allowed(self, user: User) -> None:
        """After the right password: refuse an initial password past its time."""
        super().confirm_login_allowed(user)
        decision = can_sign_in(user)
        if not decision:
            raise ValidationError(decision.reason, code="expired")


class CodeForm(forms.Form):
    """A one-time code, or a recovery code in its place."""

    otp = forms.CharField(
        label="动态口令",
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "请填写动态口令。", "max_length": "动态口令为 6 位数字。"},
    )


class KeepFactorForm(CodeForm):
    """What to do with a second factor that is switched on."""

    field_order = ("wish", "otp")
    wish = forms.ChoiceField(
        label="办理事项",
        choices=(("codes", "重新生成恢复码，原恢复码作废"), ("device", "停用并更换手机或验证器")),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择办理事项。", "invalid_choice": "请选择办理事项。"},
    )


class PasswordForm(forms.Form):
    """The present password and the new one twice."""

    old = _password("原密码", "current-password")
    new = _password("新密码", "new-password")
    again = _password("再次填写新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        """Both new ones must be the same."""
        data = super().clean() or self.cleaned_data
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", "两次填写的新密码不一致，请重新填写。")
        return data


class _PersonsField(_Persons):
    """Ticked persons; a number too long for any database is refused like an unknown one."""

    def clean(self, value: Any) -> Any:
        """The persons; ValidationError for anything that is not one of them."""
        if any(not str(item).isascii() or len(str(item)) > LONGEST_KEY for item in value or ()):
            raise ValidationError(self.error_messages["invalid_pk_value"])
        return super().clean(value)


class OpenAccountsForm(forms.Form):
    """The persons ticked in the list."""

    persons = _PersonsField(
        Person.objects.without_user().order_by("pinyin", "pk"),
        label="人员",
        error_messages={
            "required": "请至少勾选一名人员。",
            "invalid_choice": "勾选的人员已有账号，请刷新页面后重新勾选。",
            "invalid_pk_value": "勾选的人员不存在，请刷新页面后重新勾选。",
        },
    )


class OpenAdministratorForm(forms.Form):
    """The user name of an account without a person."""

    username = forms.CharField(
        label="用户名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写用户名。", "max_length": "用户名不超过 50 位。"},
    )


class RoleForm(forms.Form):
    """Which of the three."""

    role = forms.ChoiceField(
        label="角色",
        choices=[choice for choice in AdminRole.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种管理员角色。", "invalid_choice": "请选择一种管理员角色。"},
    )


class ReasonForm(forms.Form):
    """A reason, kept in the record of operations."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因。", "max_length": "原因不超过 200 个字。"},
    )

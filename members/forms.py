"""Forms of the register: shape only, the actions decide the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import CodeForm
from accounts.queries import factor_of
from branches.choices import Kind, Office
from branches.forms import DayField, PlaceField, Suggesting
from branches.models import Organization
from core import clock
from members import queries
from members.actions import Consent, Terms
from members.choices import Category, Exempt, Rank, Stage, StayKind, Suspension
from members.imports.compare import precision_field, show_moment
from members.imports.parse import DATES
from members.imports.values import BadValue, Moment, moment
from members.models import Member

if TYPE_CHECKING:
    from accounts.models import User

NUMBERS = (("id_number", "公民身份号码"), ("phone", "联系电话"))


class MomentField(forms.CharField):
    """A date known to the day or to the month: ``2014-07-01`` or ``2014-07``."""

    def __init__(self, **kwargs: Any) -> None:
        """Optional, with the hint how to write it."""
        kwargs.setdefault("help_text", "写作 2014-07-01；只知道年月的写作 2014-07。")
        super().__init__(max_length=20, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A moment as it is written."""
        return show_moment(value) if isinstance(value, Moment) else value

    def clean(self, value: Any) -> Moment | None:
        """The moment, or None for nothing; ValidationError for anything else."""
        text = super().clean(value)
        try:
            return moment(text, clock.today()) if text else None
        except BadValue as error:
            raise ValidationError(str(error)) from error


class DetailsForm(forms.Form):
    """What is known of a member besides branch, group and stage."""

    category = forms.ChoiceField(label="人员类别", choices=[("", "请选择"), *Category.choices])
    rank = forms.ChoiceField(label="消防救援衔", choices=[("", "无"), *Rank.choices], required=False)
    duty = forms.CharField(label="职务", max_length=50, required=False)
    ethnicity = forms.CharField(label="民族", max_length=20, required=False)
    native_place = forms.CharField(label="籍贯", max_length=50, required=False)
    education = forms.CharField(label="学历", max_length=20, required=False)
    worked_from = MomentField(label="参加工作时间")
    joined_on = MomentField(label="入党时间")
    full_on = MomentField(label="转正时间")

    def details(self) -> dict[str, Any]:
        """The cleaned details under the names of the register."""
        found = {name: self.cleaned_data[name] for name in DetailsForm.base_fields}
        for key in DATES:
            known = found.pop(key)
            found[key], found[precision_field(key)] = known or (None, "day")
        return found


class RegisterForm(DetailsForm):
    """A new member."""

    name = forms.CharField(label="姓名", max_length=50)
    id_number = forms.CharField(
        label="公民身份号码", max_length=30, help_text="出生日期和性别由号码得出；号码加密保存。"
    )
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    organization = PlaceField(label="所在党支部", kind=Kind.BRANCH)
    stage = forms.ChoiceField(label="党员类别", choices=Stage.choices, initial=Stage.FULL)
    since = DayField(label="编入日期", initial=clock.today, help_text="从这一天起属于该支部。")
    field_order = ["name", "id_number", "phone", "organization", "since", "stage"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` decides which branches are offered."""
        super().__init__(*args, **kwargs)
        offer(self, "organization", user)


class EditForm(DetailsForm):
    """Corrections; numbers only where they change."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=50)
    phone = forms.CharField(label="新的联系电话", max_length=30, required=False, help_text="不变则留空。")
    id_number = forms.CharField(
        label="更正公民身份号码", max_length=30, required=False, help_text="不变则留空。"
    )
    reason = forms.CharField(label="修改原因", max_length=200, required=False)
    field_order = ["version", "name"]

    def __init__(self, *args: Any, full: bool, **kwargs: Any) -> None:
        """``full``: also the identity number."""
        super().__init__(*args, **kwargs)
        if not full:
            del self.fields["id_number"]


class TransferForm(forms.Form):
    """Another branch from a day on."""

    organization = PlaceField(label="转入党支部", kind=Kind.BRANCH)
    since = DayField(label="转接日期", initial=clock.today)
    reason = forms.CharField(label="转接原因", max_length=100)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` decides which branches are offered."""
        super().__init__(*args, **kwargs)
        offer(self, "organization", user)


class StageForm(forms.Form):
    """Another stage from a day on."""

    stage = forms.ChoiceField(label="变更为", choices=Stage.choices)
    since = DayField(label="变更日期", help_text="支部党员大会通过之日等。")
    reason = forms.CharField(label="依据", max_length=200)


class GroupForm(forms.Form):
    """A group of the own branch, or none."""

    group = forms.ModelChoiceField(
        Organization.objects.none(), label="党小组", required=False, empty_label="不编入党小组"
    )
    since = DayField(label="生效日期", initial=clock.today)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """``organization``: the branch whose groups are offered."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = queries.groups_of(organization)


class SuspendForm(forms.Form):
    """Rights suspended for a time; no contents of the case."""

    kind = forms.ChoiceField(label="情形", choices=Suspension.choices)
    since = DayField(label="开始日期", initial=clock.today)
    until = DayField(label="恢复日期", required=False, help_text="未定则留空。")


class RestoreForm(forms.Form):
    """Rights restored."""

    until = DayField(label="恢复日期", initial=clock.today)


class ConsentForm(forms.Form):
    """Consent of the superior and approval of the members' meeting; each may still be to come."""

    consented_on = DayField(label="上级同意日期", required=False, help_text="尚未同意的留空，以后补登。")
    consented_by = forms.CharField(label="同意的上级党组织", max_length=100, required=False)
    consent_number = forms.CharField(label="批复文号", max_length=100, required=False)
    approved_on = DayField(
        label="党员大会通过日期", required=False, help_text="上级同意并经党员大会通过，才不计入应到会。"
    )

    def consent(self) -> Consent:
        """Both conditions as they were entered."""
        return Consent(**{name: self.cleaned_data[name] for name in ConsentForm.base_fields})


class ExemptForm(ConsentForm):
    """Why and from when a member is not counted as due."""

    reason = forms.ChoiceField(label="情形", choices=[("", "请选择"), *Exempt.choices])
    since = DayField(label="开始日期", initial=clock.today)
    until = DayField(label="恢复日期", required=False, help_text="未定则留空。")
    field_order = ["reason", "since", "until"]


class _TermsForm(forms.Form):
    """What a stay at another branch is for, and how long."""

    kind = forms.ChoiceField(label="情形", choices=[("", "请选择"), *StayKind.choices])
    since = DayField(label="开始日期", initial=clock.today)
    until = DayField(label="结束日期", required=False, help_text="归建当日，从这一天起回原支部；未定则留空。")
    reason = forms.CharField(label="事由", max_length=100)
    approval = forms.CharField(label="批准文号", max_length=100, required=False)

    def terms(self) -> Terms:
        """The cleaned values as the action takes them."""
        return Terms(**{name: self.cleaned_data[name] for name in _TermsForm.base_fields})


class LendForm(_TermsForm):
    """From the member's page: to which branch."""

    organization = PlaceField(label="参加组织生活的党支部", kind=Kind.BRANCH)
    field_order = ["organization"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` decides which branches are offered."""
        super().__init__(*args, **kwargs)
        offer(self, "organization", user)


class RecallForm(forms.Form):
    """Home again."""

    until = DayField(label="结束日期", initial=clock.today, help_text="从这一天起回原支部参加组织生活。")
    reason = forms.CharField(label="原因", max_length=100)


class RecountForm(forms.Form):
    """Counted as due again."""

    until = DayField(
        label="恢复日期", initial=clock.today, help_text="从这一天起计入应到会；登记有误的填开始日期。"
    )
    reason = forms.CharField(label="原因", max_length=100)


class LeaveForm(forms.Form):
    """Off the register."""

    on = DayField(label="停止日期", initial=clock.today)
    reason = forms.CharField(label="原因", max_length=100)


class RevealForm(forms.Form):
    """Which number, and why."""

    field = forms.ChoiceField(label="要查看的号码", choices=NUMBERS, widget=forms.RadioSelect)
    reason = forms.CharField(label="查看原因", max_length=200, help_text="查看会记入操作记录。")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Whoever has a second factor gives a code of it for each number (ASVS 7.5.3)."""
        super().__init__(*args, **kwargs)
        if factor_of(user) is not None:
            self.fields["otp"] = CodeForm.base_fields["otp"]


class UploadForm(forms.Form):
    """A roster workbook and the organisation it is of."""

    organization = PlaceField(label="花名册所属组织")
    file = forms.FileField(label="花名册文件", help_text="Excel 工作簿（.xlsx 或 .xls），不超过 20 MB。")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """``user`` decides which organisations are offered."""
        super().__init__(*args, **kwargs)
        offer(self, "organization", user)


class ConfirmForm(forms.Form):
    """Whether lines with errors are left out."""

    skip_errors = forms.BooleanField(label="跳过错误行，只导入其余各行", required=False)


class PersonField(forms.CharField):
    """A member in sight by name, or by ``姓名（支部简称）`` where several have it."""

    def offer(self, user: User, organization: Organization) -> None:
        """Suggest the members of ``organization`` and below; everybody in sight is accepted."""
        self.user = user
        rows = Member.objects.visible_to(user).filter(active=True)
        under = Organization.objects.under(organization.path).values("pk")
        names = rows.filter(organization__in=under).values_list("person__name", "organization__short_name")
        self.widget = Suggesting(lambda: (f"{name}（{branch}）" for name, branch in names[:200]))

    def clean(self, value: Any) -> Member:
        """The one member that is meant; ValidationError otherwise."""
        name, _, branch = super().clean(value).partition("（")
        found = queries.named_in(self.user, name.strip(), branch.removesuffix("）"))
        if len(found) > 1:
            raise ValidationError("有同名人员，请从提示中选择，写作“姓名（支部简称）”。")
        if not found:
            raise ValidationError("花名册中没有这个人，请先登记。")
        return found[0]


class HostForm(_TermsForm):
    """From the host's page: which member."""

    person = PersonField(label="党员", max_length=110, help_text="填写姓名，输入时有提示。")
    field_order = ["person"]

    def __init__(self, *args: Any, user: User, organization: Organization, **kwargs: Any) -> None:
        """``organization``: whose members are suggested."""
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.offer(user, organization)


class AppointForm(forms.Form):
    """Who takes which office from when."""

    person = PersonField(label="人选", max_length=110, help_text="填写姓名，输入时有提示。")
    office = forms.ChoiceField(label="职务", choices=Office.choices)
    since = DayField(label="任职日期", initial=clock.today)
    division = forms.CharField(label="分工", max_length=100, required=False)
    approval = forms.CharField(label="批准文号", max_length=100, required=False)

    def __init__(self, *args: Any, user: User, organization: Organization, **kwargs: Any) -> None:
        """Offices that the organisation has; a group has only its leader."""
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.offer(user, organization)
        office: Any = self.fields["office"]
        group = organization.kind == Kind.GROUP
        office.choices = [
            (value, label) for value, label in Office.choices if (value == Office.GROUP_LEADER) == group
        ]


def offer(form: forms.Form, name: str, user: User) -> None:
    """Let a place field choose among the organisations in sight."""
    field: Any = form.fields[name]
    field.offer(Organization.objects.visible_to(user))


def initial_of(member: Member) -> dict[str, Any]:
    """What is on record, as the form of corrections starts with it."""
    initial = {name: getattr(member, name) for name in DetailsForm.base_fields}
    for key in DATES:
        day = initial[key]
        initial[key] = Moment(day, getattr(member, precision_field(key))) if day else None
    return initial | {"version": member.version, "name": member.person.name}

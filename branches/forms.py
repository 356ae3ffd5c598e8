"""Forms of organisations, terms and posts: shape only, the actions decide the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from branches.choices import Kind, UnitLevel
from branches.models import Organization
from branches.querysets import STEP
from core import clock
from regulations.forms import ValueForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from branches.querysets import OrganizationQuerySet

SUGGESTIONS = 200
"""Names offered while typing; every organisation in sight is accepted."""
IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]\s*$")


class DayField(forms.DateField):
    """A native date field that keeps its value."""

    widget = forms.DateInput

    def __init__(self, **kwargs: Any) -> None:
        """As DateField, with the widget of the browser."""
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)


class Suggesting(forms.TextInput):
    """A text field with a list of suggestions; works without scripts."""

    def __init__(self, suggest: Callable[[], Iterable[str]]) -> None:
        """``suggest`` is asked when the field is drawn."""
        super().__init__(attrs={"autocomplete": "off"})
        self.suggest = suggest

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field and its list."""
        attrs = dict(attrs or {})
        attrs["list"] = f"{attrs.get('id', name)}_list"
        field = super().render(name, value, attrs, renderer)
        words = ((word,) for word in self.suggest())
        options = format_html_join("", '<option value="{}"></option>', words)
        return format_html('{}<datalist id="{}">{}</datalist>', field, attrs["list"], options)


class PlaceField(forms.CharField):
    """An organisation in sight by ``简称（编号）``, code, full or short name."""

    def __init__(self, *, kind: str = "", **kwargs: Any) -> None:
        """``kind`` narrows what is accepted; ``rows`` comes from :meth:`offer`."""
        kwargs.setdefault("help_text", "填写名称或编号，输入时有提示。")
        super().__init__(max_length=150, **kwargs)
        self.kind = kind
        self.rows: OrganizationQuerySet = Organization.objects.none()

    def offer(self, rows: OrganizationQuerySet) -> None:
        """The organisations to choose from: those in sight of the user."""
        current = rows.current().filter(kind=self.kind) if self.kind else rows.current()
        self.rows = current
        names = current.order_by("path").values_list("short_name", "code")[:SUGGESTIONS]
        self.widget = Suggesting(lambda: (f"{name}（{code}）" for name, code in names))
        self.widget.is_required = self.required

    def prepare_value(self, value: Any) -> Any:
        """An organisation as the words that find it again."""
        if isinstance(value, Organization):
            return f"{value.short_name}（{value.code}）"
        return value

    def clean(self, value: Any) -> Any:
        """The one organisation that is meant; ValidationError otherwise."""
        text = super().clean(value)
        if not text:
            return None
        coded = IN_BRACKETS.search(text)
        found = list(self.rows.filter(code=coded[1])[:1]) if coded else []
        if not found:
            named = Q(code=text) | Q(name=text) | Q(short_name=text)
            found = list(self.rows.filter(named)[:2])
        if len(found) > 1:
            raise ValidationError("有多个同名组织，请从提示中选择，或填写编号。")
        if not found:
            raise ValidationError("没有找到这个组织，请从提示中选择。")
        return found[0]


class TreeForm(forms.Form):
    """What of the tree to show; a wrong ``open`` is left aside."""

    q = forms.CharField(label="名称、编号或拼音", max_length=50, required=False)
    on = DayField(label="查看这一天的机构", required=False)
    open = forms.IntegerField(required=False, min_value=1, max_value=10**STEP - 1)

    def clean_on(self) -> date | None:
        """Not a day to come."""
        day: date | None = self.cleaned_data["on"]
        if day and day > clock.today():
            raise ValidationError("请选择今天或更早的日期。")
        return day


class DetailsForm(forms.Form):
    """What can be corrected later."""

    name = forms.CharField(label="全称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=50)
    unit_name = forms.CharField(label="所在单位（队伍名）", max_length=100, required=False)
    bureau_name = forms.CharField(label="所在单位（局名）", max_length=100, required=False)
    level = forms.ChoiceField(label="单位层级", choices=[("", "不填"), *UnitLevel.choices], required=False)
    founded_on = DayField(label="成立日期", required=False)
    approval = forms.CharField(label="批准文号", max_length=100, required=False)
    position = forms.IntegerField(
        label="编制次序", min_value=0, max_value=32000, initial=0, help_text="同级组织按此由小到大排列。"
    )
    temporary = forms.BooleanField(label="临时组织", required=False)
    joint = forms.BooleanField(label="联合组织", required=False)
    study_group = forms.BooleanField(label="设党委理论学习中心组", required=False)


class FoundForm(DetailsForm):
    """A new organisation; its superior comes from the address."""

    kind = forms.ChoiceField(label="组织类别")
    code = forms.RegexField(
        r"^[A-Za-z0-9-]+$",
        label="编号",
        max_length=30,
        error_messages={"invalid": "编号只用字母、数字和横线"},
    )
    duties_from = DayField(
        label="启用日期", initial=clock.today, help_text="从这一天起计算各项工作，此前没有待办。"
    )
    field_order = ["kind", "code", "name", "short_name"]

    def __init__(self, *args: Any, kinds: Iterable[Kind], **kwargs: Any) -> None:
        """``kinds``: what may be founded there."""
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(kind.value, kind.label) for kind in kinds]


class EditForm(DetailsForm):
    """Corrections, with the reason."""

    reason = forms.CharField(label="修改原因", max_length=200, required=False)


class MoveForm(forms.Form):
    """The new superior, from when and why."""

    parent = PlaceField(label="新的上级组织")
    on = DayField(label="生效日期", initial=clock.today)
    reason = forms.CharField(label="依据或原因", max_length=200)

    def __init__(self, *args: Any, rows: OrganizationQuerySet, **kwargs: Any) -> None:
        """``rows``: the organisations in sight."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(rows)  # type: ignore[attr-defined]  # a PlaceField


class DissolveForm(forms.Form):
    """From when and why."""

    on = DayField(label="撤销日期", initial=clock.today)
    reason = forms.CharField(label="依据或原因", max_length=200)


class TermForm(forms.Form):
    """A new term."""

    started_on = DayField(label="产生日期")
    years = forms.IntegerField(label="任期（年）", min_value=1, max_value=10)
    number = forms.IntegerField(
        label="届次", min_value=1, max_value=999, required=False, help_text="不填则接上一届。"
    )
    approval = forms.CharField(label="批准文号", max_length=100, required=False)


class EndForm(forms.Form):
    """From when and why a post ends."""

    until = DayField(label="免职日期", initial=clock.today, help_text="这一天起不再担任。")
    reason = forms.CharField(label="免职原因", max_length=200)


class LocalValueForm(ValueForm):
    """A value of one's own, from when and why."""

    value = forms.CharField(label="本级规定的值", max_length=2000)
    since = DayField(label="自哪天起", initial=clock.today)
    reason = forms.CharField(label="依据或原因", max_length=200)

"""The one form of a meeting: basics, roll, agenda; shape only, the actions decide the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import formset_factory

from branches.choices import Kind
from branches.models import Organization
from core import clock
from meetings.actions.content import (
    AgendaInput,
    MeetingInput,
    ResolutionInput,
    RollLine,
    VoteInput,
)
from meetings.choices import Excuse, Method, Presence, RollRole, Topic
from meetings.models import MeetingKind

if TYPE_CHECKING:
    from meetings.queries.rolls import ExpectedPerson

ITEMS = 30
"""Most items of an agenda on one page."""
HERE = Presence.PRESENT.value
AWAY = Presence.ABSENT.value
PRESENCES = [(HERE, "出席"), *Excuse.choices, (AWAY, "缺席")]


def day_widget() -> forms.DateInput:
    """A native date field that keeps its value."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


def time_widget() -> forms.TimeInput:
    """A native time field that keeps its value."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"})


def text_widget(**attrs: Any) -> forms.TextInput:
    """A text field in our look."""
    return forms.TextInput(attrs={"class": "form-control", **attrs})


def area_widget(rows: int, **attrs: Any) -> forms.Textarea:
    """A text area in our look; text pasted from Word keeps its paragraphs only."""
    return forms.Textarea(
        attrs={"rows": rows, "class": "form-control", "data-paste": "", **attrs}
    )


class MeetingForm(forms.Form):
    """Basics and roll; one field ``p<person>`` for each person due."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kinds = forms.MultipleChoiceField(label="会议类型", widget=forms.CheckboxSelectMultiple)
    group = forms.ModelChoiceField(
        Organization.objects.none(), label="党小组", required=False, empty_label="不是党小组会"
    )
    held_on = forms.DateField(label="日期", widget=day_widget())
    starts_at = forms.TimeField(label="开始", required=False, widget=time_widget())
    ends_at = forms.TimeField(label="结束", required=False, widget=time_widget())
    place = forms.CharField(label="地点", required=False, max_length=100, widget=text_widget())
    chair = forms.TypedChoiceField(label="主持人", required=False, coerce=int, empty_value=None)
    recorder = forms.TypedChoiceField(label="记录人", required=False, coerce=int, empty_value=None)
    lecturer = forms.CharField(label="主讲人", required=False, max_length=50, widget=text_widget())
    observers = forms.CharField(
        label="列席人员", required=False, max_length=300, widget=text_widget()
    )
    minutes = forms.CharField(
        label="记录正文",
        required=False,
        max_length=50000,
        widget=area_widget(8),
        help_text="可从 Word、WPS 粘贴，保留段落和编号。不要写身份证号、病情等内容。",
    )
    late_reason = forms.CharField(
        label="补录原因", required=False, max_length=200, widget=text_widget()
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        expected: Sequence[ExpectedPerson],
        people: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        """``expected`` are the persons due, ``people`` those who may chair or record (id, label)."""
        super().__init__(*args, **kwargs)
        self.expected = list(expected)
        self.fields["kinds"].choices = list(  # type: ignore[attr-defined]  # a choice field
            MeetingKind.objects.filter(active=True).values_list("code", "name")
        )
        groups = organization.children.filter(kind=Kind.GROUP, dissolved_on__isnull=True)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]  # a choice field
        self.fields["group"].widget.attrs["class"] = "form-select"
        for name in ("chair", "recorder"):
            self.fields[name].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["class"] = "form-select"
        for person in self.expected:
            self.fields[f"p{person.person_id}"] = forms.ChoiceField(
                label=person.name, choices=PRESENCES, initial=HERE, required=False
            )

    def clean_held_on(self) -> Any:
        """A year that people meet in."""
        day = self.cleaned_data["held_on"]
        if not 1921 <= day.year <= clock.today().year + 1:
            raise forms.ValidationError("请填写正确的日期")
        return day

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        data = super().clean() or {}
        first, last = data.get("starts_at"), data.get("ends_at")
        if first and last and last <= first:
            self.add_error("ends_at", "结束时间应晚于开始时间")
        return data

    def roll(self) -> tuple[RollLine, ...]:
        """The roll as entered; a person without an answer was present."""
        return tuple(
            _line(person, self.cleaned_data.get(f"p{person.person_id}") or HERE)
            for person in self.expected
        )

    @property
    def roll_fields(self) -> list[tuple[ExpectedPerson, forms.BoundField]]:
        """Persons with their fields, for the page."""
        return [(person, self[f"p{person.person_id}"]) for person in self.expected]


def _line(person: ExpectedPerson, answer: str) -> RollLine:
    role = RollRole(person.role)
    if answer in (HERE, AWAY):
        return RollLine(person.person_id, role, Presence(answer))
    return RollLine(person.person_id, role, Presence.EXCUSED, answer)


class ItemForm(forms.Form):
    """One item of the agenda with its decision and, when voted on, the totals."""

    title = forms.CharField(label="议题", max_length=200, widget=text_widget())
    topic = forms.ChoiceField(label="类型", choices=Topic.choices, initial=Topic.OTHER)
    discussion = forms.CharField(
        label="讨论情况", required=False, max_length=10000, widget=area_widget(2)
    )
    decision = forms.CharField(
        label="决议", required=False, max_length=1000, widget=area_widget(2)
    )
    owner = forms.CharField(label="责任人", required=False, max_length=50, widget=text_widget())
    due_on = forms.DateField(label="完成时限", required=False, widget=day_widget())
    voted = forms.BooleanField(label="需表决", required=False)
    method = forms.ChoiceField(
        label="方式", choices=Method.choices, required=False, initial=Method.HANDS
    )
    candidates = forms.IntegerField(label="本票人数", required=False, min_value=1, max_value=99)
    in_favour = forms.IntegerField(label="赞成", required=False, min_value=0, max_value=9999)
    against = forms.IntegerField(label="反对", required=False, min_value=0, max_value=9999)
    abstain = forms.IntegerField(label="弃权", required=False, min_value=0, max_value=9999)
    void = forms.IntegerField(label="无效票", required=False, min_value=0, max_value=9999)
    written_in_favour = forms.IntegerField(
        label="会前书面赞成", required=False, min_value=0, max_value=9999
    )
    passed = forms.TypedChoiceField(
        label="结果",
        choices=[("", "未宣布"), ("1", "通过"), ("0", "未通过")],
        required=False,
        coerce=lambda text: text == "1",
        empty_value=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Numbers and selects in our look; numbers ask for the phone's number keys."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget.attrs |= {"class": "form-control", "inputmode": "numeric"}
            elif isinstance(field, forms.ChoiceField):
                field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """A vote has numbers."""
        data = super().clean() or {}
        if data.get("voted") and data.get("in_favour") is None and "in_favour" not in self.errors:
            self.add_error("in_favour", "请填写赞成票数")
        return data

    def content(self) -> AgendaInput:
        """The item as the action takes it."""
        data = self.cleaned_data
        decided = data["decision"].strip()
        resolution = ResolutionInput(decided, data["owner"].strip(), data["due_on"])
        return AgendaInput(
            title=data["title"].strip(),
            topic=Topic(data["topic"]),
            discussion=data["discussion"].strip(),
            vote=_vote(data) if data["voted"] else None,
            resolutions=(resolution,) if decided else (),
        )


def _vote(data: dict[str, Any]) -> VoteInput:
    """Ballots are counted from their parts: nobody types a sum."""
    counted = sum(data[name] or 0 for name in ("in_favour", "against", "abstain", "void"))
    secret = data["method"] == Method.SECRET
    return VoteInput(
        method=Method(data["method"] or Method.HANDS),
        candidates=data["candidates"] or 1,
        issued=counted if secret else None,
        returned=counted if secret else None,
        void=data["void"] or 0,
        in_favour=data["in_favour"] or 0,
        against=data["against"] or 0,
        abstain=data["abstain"] or 0,
        written_in_favour=data["written_in_favour"] or 0,
        passed=data["passed"],
    )


ItemFormSet = formset_factory(
    ItemForm, extra=0, max_num=ITEMS, validate_max=True, absolute_max=ITEMS + 5, can_delete=True
)
"""The agenda; an item is taken away by its ``DELETE`` box."""


def meeting_content(form: MeetingForm, items: Any) -> MeetingInput:
    """Both valid forms as the content of a meeting."""
    data = form.cleaned_data
    group = data["group"]
    return MeetingInput(
        kinds=tuple(data["kinds"]),
        held_on=data["held_on"],
        group_id=group.pk if group else None,
        starts_at=data["starts_at"],
        ends_at=data["ends_at"],
        place=data["place"].strip(),
        chair_id=data["chair"],
        recorder_id=data["recorder"],
        lecturer=data["lecturer"].strip(),
        observers=data["observers"].strip(),
        minutes=data["minutes"].strip(),
        late_reason=data["late_reason"].strip(),
        roll=form.roll(),
        agenda=tuple(
            item.content()
            for item in items.forms
            if item.has_changed() and not item.cleaned_data.get("DELETE") and item.cleaned_data
        ),
    )


class ReasonForm(forms.Form):
    """One reason."""

    reason = forms.CharField(label="原因", max_length=200, widget=area_widget(3, maxlength=200))


class OutcomeForm(forms.Form):
    """How a resolution was carried out."""

    done_on = forms.DateField(label="落实日期", widget=day_widget())
    outcome = forms.CharField(label="落实情况", max_length=500, widget=area_widget(3))


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="文件",
        help_text="照片或 PDF、Word、Excel 文件，不超过 20 MB。不要上传身份证照片，不要求上传照片。",
    )


class ExplanationForm(forms.Form):
    """Why a finding stands as it does."""

    rule = forms.CharField(max_length=10, widget=forms.HiddenInput)
    explanation = forms.CharField(label="说明", max_length=300, widget=text_widget())

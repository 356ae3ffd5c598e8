"""The form of a meeting: basics and roll; shape only, the actions decide the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from branches.choices import Kind
from branches.models import Organization
from branches.queries import parameter
from core import clock
from core.forms import word
from meetings.actions.content import MeetingInput, RollLine
from meetings.choices import Excuse, Presence, RollRole
from meetings.forms.controls import area_widget, day_widget, select_widget, text_widget, time_widget
from meetings.models import MeetingKind

if TYPE_CHECKING:
    from meetings.forms.agenda import ItemForms
    from meetings.queries.rolls import ExpectedPerson

HERE = Presence.PRESENT.value
AWAY = Presence.ABSENT.value
PRESENCES = [
    (HERE, "✓ 出席"),
    *((value, f"－ {label}") for value, label in Excuse.choices),
    (AWAY, "✕ 缺席"),
]
FIRST_YEAR = 1921
"""No meeting of the party is older."""


@dataclass(frozen=True, slots=True)
class RollField:
    """One person on the page: who, the answer, the note to an absence."""

    person: ExpectedPerson
    answer: forms.BoundField
    note: forms.BoundField

    @property
    def is_here(self) -> bool:
        """Whether the answer so far is 出席."""
        return (self.answer.value() or HERE) == HERE


class MeetingForm(forms.Form):
    """Basics and roll; one field ``p<person>`` and a note ``n<person>`` for each person due."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kinds = forms.MultipleChoiceField(label="会议类型", widget=forms.CheckboxSelectMultiple)
    group = forms.ModelChoiceField(
        Organization.objects.none(),
        label="党小组",
        required=False,
        empty_label="请选择",
        widget=select_widget(),
    )
    held_on = forms.DateField(label="日期", widget=day_widget())
    starts_at = forms.TimeField(label="开始", required=False, widget=time_widget())
    ends_at = forms.TimeField(label="结束", required=False, widget=time_widget())
    place = forms.CharField(label="地点", required=False, max_length=100, widget=text_widget())
    chair = forms.TypedChoiceField(
        label="主持人", required=False, coerce=int, empty_value=None, widget=select_widget()
    )
    recorder = forms.TypedChoiceField(
        label="记录人", required=False, coerce=int, empty_value=None, widget=select_widget()
    )
    lecturer = forms.CharField(
        label="主讲人", required=False, max_length=50, widget=text_widget(list="people")
    )
    title = forms.CharField(label="会议名称", required=False, max_length=100, widget=text_widget())
    observers = forms.CharField(label="列席人员", required=False, max_length=300, widget=text_widget())
    minutes = forms.CharField(
        label="记录正文",
        required=False,
        max_length=50000,
        widget=area_widget(5),
        help_text="可从 Word、WPS 粘贴，保留段落和编号。不要写身份证号、病情等内容。",
    )
    late_reason = forms.CharField(label="补录原因", required=False, max_length=200, widget=text_widget())

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        expected: Sequence[ExpectedPerson],
        people: Sequence[tuple[int, str]],
        observers: Sequence[RollLine] = (),
        **kwargs: Any,
    ) -> None:
        """``expected`` are due, ``people`` may chair or record (id, label), ``observers`` stay as stored."""
        super().__init__(*args, **kwargs)
        self.expected = list(expected)
        self.people = list(people)
        self.observers_kept = list(observers)
        self.organization = organization
        kinds = MeetingKind.objects.filter(active=True).values_list("code", "name")
        self._offer("kinds", list(kinds))
        for name in ("chair", "recorder"):
            self._offer(name, [("", "请选择"), *people])
        groups = organization.children.filter(kind=Kind.GROUP, dissolved_on__isnull=True)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]  # a choice field
        for person in self.expected:
            self._add_person(person)
        word(self)

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def _add_person(self, person: ExpectedPerson) -> None:
        key = person.person_id
        self.fields[f"p{key}"] = forms.ChoiceField(
            label=person.name, choices=PRESENCES, initial=HERE, required=False
        )
        self.fields[f"n{key}"] = forms.CharField(
            label=f"{person.name}未到会的说明",
            required=False,
            max_length=100,
            widget=text_widget(placeholder="说明（选填）"),
        )

    @property
    def is_late(self) -> bool:
        """Whether the day chosen is so long ago that a reason is asked (CK-02)."""
        field = self["held_on"]
        try:
            day = field.field.to_python(field.value())
            if day is None:
                return False
            allowed = parameter("CK-02.days", self.organization, day)
            return not allowed.admits((clock.today() - day).days)
        except (forms.ValidationError, KeyError):
            return False

    def clean_held_on(self) -> Any:
        """A year that people meet in."""
        day = self.cleaned_data["held_on"]
        if not FIRST_YEAR <= day.year <= clock.today().year + 1:
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
        """The roll as entered, a person without an answer was present; stored observers go along."""
        lines = [self._line(person) for person in self.expected]
        due = {line.person_id for line in lines}
        return (*lines, *(line for line in self.observers_kept if line.person_id not in due))

    def _line(self, person: ExpectedPerson) -> RollLine:
        key, role = person.person_id, RollRole(person.role)
        answer = self.cleaned_data.get(f"p{key}") or HERE
        note = self.cleaned_data.get(f"n{key}", "").strip()
        if answer == HERE:
            return RollLine(key, role, Presence.PRESENT)
        if answer == AWAY:
            return RollLine(key, role, Presence.ABSENT, note=note)
        return RollLine(key, role, Presence.EXCUSED, answer, note)

    @property
    def roll_fields(self) -> list[RollField]:
        """Persons with their fields, for the page."""
        return [
            RollField(person, self[f"p{person.person_id}"], self[f"n{person.person_id}"])
            for person in self.expected
        ]

    @property
    def here_count(self) -> int:
        """How many of those due are present by the answers so far."""
        return sum(row.is_here for row in self.roll_fields)

    @property
    def absent_count(self) -> int:
        """How many are absent without an excuse."""
        return sum(row.answer.value() == AWAY for row in self.roll_fields)

    @property
    def excused_words(self) -> str:
        """``3（出警 1，病假 2）``, or 0."""
        kinds = Counter(row.answer.value() for row in self.roll_fields)
        parts = [f"{label} {kinds[value]}" for value, label in Excuse.choices if kinds[value]]
        total = sum(kinds[value] for value in Excuse.values)
        return f"{total}（{'，'.join(parts)}）" if parts else "0"


def meeting_content(form: MeetingForm, items: ItemForms) -> MeetingInput:
    """Both valid forms as the content of a meeting."""
    data = form.cleaned_data
    group = data["group"]
    return MeetingInput(
        kinds=tuple(data["kinds"]),
        held_on=data["held_on"],
        title=data["title"].strip(),
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
        agenda=items.content(),
    )

"""The agenda of a meeting: items with their resolutions and, when voted on, the totals."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from django import forms
from django.forms import BaseFormSet, formset_factory

from core.forms import word
from meetings.actions.content import AgendaInput, ResolutionInput, VoteInput
from meetings.choices import Method, Topic
from meetings.forms.controls import (
    area_widget,
    count_widget,
    day_widget,
    select_widget,
    text_widget,
)

ITEMS = 30
"""Most items of an agenda on one page."""
LINES = 10
"""Most resolutions of one item on the page."""
VOTING = (
    "method",
    "in_favour",
    "against",
    "abstain",
    "void",
    "candidates",
    "issued",
    "returned",
    "written_in_favour",
    "passed",
)
"""The fields of a vote, in the order of the page."""
YES_OR_NO = [("", "未记录"), ("1", "是"), ("0", "否")]


def count_field(label: str, least: int = 0, most: int = 9999) -> forms.IntegerField:
    """A number of people or ballots."""
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, widget=count_widget()
    )


def decided_field(label: str, choices: list[tuple[str, str]], widget: Any) -> forms.TypedChoiceField:
    """Yes, no, or nothing recorded (None)."""
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        required=False,
        coerce=lambda text: text == "1",
        empty_value=None,
        widget=widget,
    )


class ResolutionLine(NamedTuple):
    """The three fields of one resolution."""

    text: forms.BoundField
    owner: forms.BoundField
    due_on: forms.BoundField


class ItemForm(forms.Form):
    """One item; ``lines`` says how many resolutions it has: ``decision_0``, ``owner_0``, ``due_on_0`` …"""

    lines = forms.IntegerField(required=False, initial=1, widget=forms.HiddenInput)
    title = forms.CharField(label="议题", max_length=200, widget=text_widget())
    topic = forms.ChoiceField(
        label="议题类型", choices=Topic.choices, initial=Topic.OTHER, widget=select_widget()
    )
    discussion = forms.CharField(label="讨论情况", required=False, max_length=10000, widget=area_widget(2))
    speakers = count_field("发言人数")
    leader_spoke_last = decided_field("主要负责人末位发言", YES_OR_NO, select_widget())
    voted = forms.BooleanField(
        label="本议题进行了表决",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input voted"}),
    )
    method = forms.ChoiceField(
        label="方式",
        choices=Method.choices,
        required=False,
        initial=Method.HANDS,
        widget=forms.RadioSelect,
    )
    in_favour = count_field("赞成")
    against = count_field("反对")
    abstain = count_field("弃权")
    void = count_field("无效票")
    candidates = count_field("本票人数", 1, 99)
    issued = count_field("发出选票")
    returned = count_field("收回选票")
    written_in_favour = count_field("会前书面赞成")
    passed = decided_field("宣布的结果", [("", "未宣布"), ("1", "通过"), ("0", "未通过")], forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One set of fields for each resolution."""
        super().__init__(*args, **kwargs)
        for number in range(self.line_count()):
            self._add_line(number)
        word(self)

    def line_count(self) -> int:
        """How many resolutions the item has room for, at least one."""
        told = self.data.get(self.add_prefix("lines")) if self.is_bound else self.initial.get("lines")
        text = str(told or "")
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
        return min(max(count, 1), LINES)

    def _add_line(self, number: int) -> None:
        self.fields[f"decision_{number}"] = forms.CharField(
            label="决议", required=False, max_length=1000, widget=area_widget(2)
        )
        self.fields[f"owner_{number}"] = forms.CharField(
            label="责任人", required=False, max_length=50, widget=text_widget(list="people")
        )
        self.fields[f"due_on_{number}"] = forms.DateField(
            label="完成时限", required=False, widget=day_widget()
        )

    @property
    def resolution_lines(self) -> list[ResolutionLine]:
        """The fields of each resolution, for the page."""
        return [
            ResolutionLine(self[f"decision_{n}"], self[f"owner_{n}"], self[f"due_on_{n}"])
            for n in range(self.line_count())
        ]

    @property
    def blank_line(self) -> ResolutionLine:
        """One more resolution for the page's script to copy; ``__line__`` stands for its number."""
        blank = ItemForm(prefix=self.prefix)
        for name in ("decision", "owner", "due_on"):
            blank.fields[f"{name}___line__"] = blank.fields[f"{name}_0"]
        return ResolutionLine(blank["decision___line__"], blank["owner___line__"], blank["due_on___line__"])

    def clean(self) -> dict[str, Any]:
        """A vote has numbers, and who answers for something answers for a decision."""
        data = super().clean() or {}
        if data.get("voted") and data.get("in_favour") is None and "in_favour" not in self.errors:
            self.add_error("in_favour", "请填写赞成票数")
        for number in range(self.line_count()):
            said = (data.get(f"{name}_{number}") for name in ("owner", "due_on"))
            if any(said) and not data.get(f"decision_{number}"):
                self.add_error(f"decision_{number}", "请填写决议")
        return data

    def content(self) -> AgendaInput:
        """The item as the action takes it."""
        data = self.cleaned_data
        return AgendaInput(
            title=data["title"].strip(),
            topic=Topic(data["topic"]),
            discussion=data["discussion"].strip(),
            speakers=data["speakers"],
            leader_spoke_last=data["leader_spoke_last"],
            vote=_vote(data) if data["voted"] else None,
            resolutions=tuple(
                ResolutionInput(
                    data[f"decision_{n}"].strip(), data[f"owner_{n}"].strip(), data[f"due_on_{n}"]
                )
                for n in range(self.line_count())
                if data[f"decision_{n}"].strip()
            ),
        )


def _vote(data: dict[str, Any]) -> VoteInput:
    """The totals; ballots not counted by hand are the sum of their parts: nobody types a sum."""
    counted = sum(data[name] or 0 for name in ("in_favour", "against", "abstain", "void"))
    secret = data["method"] == Method.SECRET
    issued, returned = data["issued"], data["returned"]
    return VoteInput(
        method=Method(data["method"] or Method.HANDS),
        candidates=data["candidates"] or 1,
        issued=counted if secret and issued is None else issued,
        returned=counted if secret and returned is None else returned,
        void=data["void"] or 0,
        in_favour=data["in_favour"] or 0,
        against=data["against"] or 0,
        abstain=data["abstain"] or 0,
        written_in_favour=data["written_in_favour"] or 0,
        passed=data["passed"],
    )


class ItemForms(BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The items of one agenda; one is taken away by its ``DELETE`` box."""

    def content(self) -> tuple[AgendaInput, ...]:
        """The items that were filled in and not taken away."""
        return tuple(
            item.content()
            for item in self.forms
            if item.has_changed() and not item.cleaned_data.get("DELETE") and item.cleaned_data
        )


ItemFormSet = cast(
    "type[ItemForms]",
    formset_factory(
        ItemForm,
        formset=ItemForms,
        extra=0,
        max_num=ITEMS,
        validate_max=True,
        absolute_max=ITEMS + 5,
        can_delete=True,
    ),
)

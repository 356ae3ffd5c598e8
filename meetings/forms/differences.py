"""Two contents of one draft side by side, in the words of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django import forms

from meetings.forms.agenda import VOTING

if TYPE_CHECKING:
    from meetings.forms.agenda import ItemForm, ItemForms
    from meetings.forms.basics import MeetingForm

EMPTY = "（空）"


class Difference(NamedTuple):
    """One place where two contents are not the same."""

    label: str
    stored: str
    typed: str


Words = dict[str, str]


def differences(
    stored: tuple[MeetingForm, ItemForms], typed: tuple[MeetingForm, ItemForms]
) -> list[Difference]:
    """Where ``typed`` says something else than ``stored``, in the order of the page."""
    old, new = _words(*stored), _words(*typed)
    return [
        Difference(label, old.get(label) or EMPTY, new.get(label) or EMPTY)
        for label in {**old, **new}
        if old.get(label, "") != new.get(label, "")
    ]


def _words(form: MeetingForm, items: ItemForms) -> Words:
    words = {str(field.label): said(field) for field in form.visible_fields()}
    kept = [item for item in items.forms if not item["DELETE"].value()]
    return words | {f"议题 {number}": _item(item) for number, item in enumerate(kept, 1)}


def _item(item: ItemForm) -> str:
    """Everything filled in at one item, in one line; the numbers of a vote only where one was held."""
    left_out = {"title", "DELETE", *(() if item["voted"].value() else VOTING)}
    texts = [said(field) for field in item.visible_fields() if field.name not in left_out]
    return "；".join(text for text in (said(item["title"]), *texts) if text)


def said(field: forms.BoundField) -> str:
    """The value of a field as people read it."""
    value = field.value()
    if value is None or value == "" or value is False:
        return ""
    if isinstance(field.field, forms.BooleanField):
        return str(field.label)
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        names = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        return "、".join(names.get(str(each), "") for each in chosen)
    return str(field.field.widget.format_value(value) or "")

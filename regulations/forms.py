"""The form by which the security administrator changes a value."""

from __future__ import annotations

from django import forms

from regulations.choices import CODES
from regulations.models import Parameter


class ValueForm(forms.Form):
    """A new value from a day on, with the reason; a list is written one entry a line."""

    value = forms.CharField(label="新值", max_length=2000)
    since = forms.DateField(label="自哪天起", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="修改原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, parameter: Parameter, **kwargs: object) -> None:
        """Show the present value as the form wants it."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as received
        self.parameter = parameter
        field = self.fields["value"]
        field.initial = written(parameter.value)
        if isinstance(parameter.value, list):
            field.widget = forms.Textarea(attrs={"rows": len(parameter.value) + 1})
            field.help_text = "一行一项；分档的一行写“上限 比例”，不限的上限写“—”。"

    def clean_value(self) -> object:
        """The value in the form of the present one."""
        return read(self.cleaned_data["value"], self.parameter.value)


NO_LIMIT = "—"


def written(value: object) -> str:
    """A value as text: lists by line, pairs with a space."""
    if not isinstance(value, list):
        return _word(value)
    lines = (
        " ".join(str(part) or NO_LIMIT for part in item) if isinstance(item, list) else _word(item)
        for item in value
    )
    return "\n".join(lines)


def read(text: str, like: object) -> object:
    """Text as a value of the form of ``like``; ``ValidationError`` for something else."""
    text = text.strip()
    if isinstance(like, int):
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError("请填写整数")
        return int(text)
    if not isinstance(like, list):
        return _code(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if isinstance(like[0], list):
        return [["" if part == NO_LIMIT else part for part in line.split()] for line in lines]
    return [_code(line) for line in lines]


def _word(code: object) -> str:
    """A code in words; everything else as it is."""
    return CODES.get(str(code), str(code))


def _code(word: str) -> str:
    """The code of a word; everything else as it is."""
    return next((code for code, label in CODES.items() if label == word), word)

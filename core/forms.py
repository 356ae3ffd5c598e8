"""The words of forms: what to do, with the name of the field, not Django's general sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    from django.forms import BaseForm, Field

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)


def word(form: BaseForm) -> None:
    """Give every field of ``form`` its Chinese sentences, unless it has sentences of its own."""
    for name, field in form.fields.items():
        label = str(field.label or name)
        standard = _standard(field)
        for code, sentence in _sentences(field, label).items():
            if field.error_messages.get(code) == standard.get(code):
                field.error_messages[code] = sentence


def _standard(field: Field) -> dict[str, object]:
    """The messages Django gives a field of this class."""
    messages: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        messages.update(getattr(kind, "default_error_messages", {}))
    return messages


def _sentences(field: Field, label: str) -> dict[str, str]:
    """The sentence for each kind of mistake; figures are filled in by Django."""
    sentences = {
        "required": _asking(field, label),
        "max_length": f"{label}不超过 %(limit_value)d 个字，现在是 %(show_value)d 个",
        "min_length": f"{label}至少 %(limit_value)d 个字，现在是 %(show_value)d 个",
        "max_value": f"{label}不大于 %(limit_value)s",
        "min_value": f"{label}不小于 %(limit_value)s",
        "invalid_choice": f"请在所列选项中选择{label}",
    }
    if isinstance(field, forms.DateTimeField):
        sentences["invalid"] = f"请按 2026-09-18 19:30 的样式填写{label}"
    elif isinstance(field, forms.DateField):
        sentences["invalid"] = f"请按 2026-09-18 的样式填写{label}"
    elif isinstance(field, forms.TimeField):
        sentences["invalid"] = f"请按 19:30 的样式填写{label}"
    elif isinstance(field, forms.IntegerField):
        sentences["invalid"] = f"请用数字填写{label}"
    return sentences


def _asking(field: Field, label: str) -> str:
    """``请填写…``, ``请选择…`` or ``请勾选…`` as the control is used."""
    if isinstance(field, forms.BooleanField):
        return f"请勾选“{label}”"
    return f"请选择{label}" if isinstance(field.widget, CHOOSING) else f"请填写{label}"

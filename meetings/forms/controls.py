"""Controls in our look, shared by the forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms


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
    return forms.Textarea(attrs={"rows": rows, "class": "form-control", "data-paste": "", **attrs})


def count_widget() -> forms.NumberInput:
    """A number field that asks for the phone's number keys."""
    return forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})


def select_widget() -> forms.Select:
    """A select in our look."""
    return forms.Select(attrs={"class": "form-select"})

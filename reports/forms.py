"""Shapes of what people type about cycles and bulletins."""

from __future__ import annotations

from typing import Any

from django import forms

from core.periods import Period
from reports import rules
from reports.choices import CycleKind
from reports.models import Bulletin


class ReasonForm(forms.Form):
    """One reason."""

    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200})
    )


class CycleForm(forms.Form):
    """Which period to close."""

    kind = forms.ChoiceField(label="周期", choices=CycleKind.choices, widget=forms.RadioSelect)
    period = forms.CharField(
        label="期间", max_length=7, help_text="月写作 2026-10，季度写作 2026Q3，年写作 2026"
    )

    def clean(self) -> dict[str, Any]:
        """The period must be written in the manner of its kind."""
        data = super().clean() or {}
        if "period" not in data or "kind" not in data:
            return data
        try:
            period = Period.parse(data["period"])
        except ValueError as error:
            self.add_error("period", str(error))
            return data
        if period.kind != rules.KINDS[data["kind"]]:
            self.add_error("period", "期间与周期不一致，请按提示填写")
        data["period"] = period
        return data


class WordingForm(forms.Form):
    """One text a section; ``edit`` is the version the page was opened with."""

    edit = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, bulletin: Bulletin, **kwargs: Any) -> None:
        """Make a field for each section of ``bulletin``."""
        super().__init__(*args, **kwargs)
        self.keys = [section["key"] for section in bulletin.sections]
        self.fields["edit"].initial = bulletin.edit
        for section in bulletin.sections:
            self.fields[section["key"]] = forms.CharField(
                label=f"{section['heading']}：表述",
                required=False,
                max_length=4000,
                initial=section["wording"],
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
            )

    def wordings(self) -> dict[str, str]:
        """Section key → text."""
        return {key: self.cleaned_data[key] for key in self.keys}

"""Shapes of what people type about rounds."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.models import Indicator, Round, Scheme
from core.periods import Period


class OpenForm(forms.Form):
    """Which year to assess, by which scheme."""

    scheme = forms.ModelChoiceField(Scheme.objects.all(), label="考核办法", empty_label=None)
    period = forms.CharField(label="期间", max_length=7, help_text="年写作 2026，季度写作 2026Q3")

    def clean_period(self) -> Period:
        """A period the calendar has."""
        try:
            return Period.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class ScoreForm(forms.Form):
    """Points of one manual indicator; ``version`` is that of the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    points = forms.DecimalField(label="得分", max_digits=6, decimal_places=2, min_value=0)
    remark = forms.CharField(
        label="理由", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, round_: Round, indicator: Indicator, **kwargs: Any) -> None:
        """Full marks are the limit."""
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = round_.version
        self.fields["points"].help_text = f"满分 {indicator.points}，不满分须写明理由"
        self.fields["points"].widget.attrs |= {"max": str(indicator.points), "inputmode": "decimal"}

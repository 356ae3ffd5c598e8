"""The small forms of the steps of a record: reason, outcome, file, explanation."""

from __future__ import annotations

from django import forms

from meetings.forms.controls import area_widget, day_widget, text_widget


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

"""Shapes of what people type about duties."""

from django import forms


class ReasonForm(forms.Form):
    """One reason."""

    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200})
    )


class MatrixForm(forms.Form):
    """What the matrix shows; wrong values fall back to the whole year."""

    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)
    month = forms.IntegerField(required=False, min_value=1, max_value=12)
    node = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    expand = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    open = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    duty = forms.CharField(required=False, max_length=40)
    faulty = forms.BooleanField(required=False)

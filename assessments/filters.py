"""Filters of rounds."""

import django_filters
from django import forms

from assessments.models import Round

LARGEST = 2**31 - 1
"""The largest key there can be."""


class RoundFilter(django_filters.FilterSet):
    """By period and state; the organisation comes by links, not from a list beyond the reader's sight."""

    period = django_filters.CharFilter(label="期间", max_length=7)
    organization = django_filters.NumberFilter(
        label="党组织", widget=forms.HiddenInput, min_value=1, max_value=LARGEST
    )

    class Meta:
        """Exact fields."""

        model = Round
        fields = ["period", "state"]

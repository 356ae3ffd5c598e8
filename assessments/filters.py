"""Filters of rounds."""

import django_filters
from django import forms

from assessments.choices import State
from assessments.models import Round

LARGEST = 2**31 - 1
"""The largest key there can be."""


class RoundFilter(django_filters.FilterSet):
    """By period and state; the organisation comes by links, not from a list beyond the reader's sight."""

    state = django_filters.ChoiceFilter(choices=State.choices, label="状态", empty_label="全部")
    period = django_filters.CharFilter(label="期间，如 2026Q3", max_length=7)
    organization = django_filters.NumberFilter(
        label="党组织", widget=forms.HiddenInput, min_value=1, max_value=LARGEST
    )

    class Meta:
        """Exact fields."""

        model = Round
        fields = ["state", "period"]

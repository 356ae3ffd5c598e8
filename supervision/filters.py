"""Filters of occurrences, the same for pages and API."""

import django_filters
from django import forms

from supervision.choices import State
from supervision.models import Occurrence

LARGEST = 2**31 - 1
"""The largest key there can be."""


class OccurrenceFilter(django_filters.FilterSet):
    """By duty, period, state and last day; organisation and meeting by number only.

    A list to choose them from would name records outside the reader's sight.
    """

    state = django_filters.ChoiceFilter(choices=State.choices, label="状态")
    due_after = django_filters.DateFilter("due_on", "gte", label="截止自")
    due_before = django_filters.DateFilter("due_on", "lte", label="截止至")
    organization = django_filters.NumberFilter(
        label="党组织", widget=forms.HiddenInput, min_value=1, max_value=LARGEST
    )
    meeting = django_filters.NumberFilter(
        label="会议", widget=forms.HiddenInput, min_value=1, max_value=LARGEST
    )

    class Meta:
        """Exact fields."""

        model = Occurrence
        fields = ["duty", "period"]

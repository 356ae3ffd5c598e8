"""Filters of occurrences, the same for pages and API."""

import django_filters

from supervision.choices import State
from supervision.models import Occurrence


class OccurrenceFilter(django_filters.FilterSet):
    """By duty, period, state and last day."""

    state = django_filters.ChoiceFilter(choices=State.choices, label="状态")
    due_after = django_filters.DateFilter("due_on", "gte", label="截止自")
    due_before = django_filters.DateFilter("due_on", "lte", label="截止至")

    class Meta:
        """Exact fields."""

        model = Occurrence
        fields = ["organization", "duty", "period", "state", "meeting"]

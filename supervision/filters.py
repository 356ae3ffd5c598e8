"""Filters of occurrences, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from branches.models import Organization
from core import clock
from supervision.choices import State
from supervision.models import Duty, Occurrence

if TYPE_CHECKING:
    from django.db.models import QuerySet

LARGEST = 2**31 - 1
"""The largest key there can be."""
OVERDUE = "overdue"
STATES = [(OVERDUE, "逾期"), *State.choices]


def day_widget() -> forms.DateInput:
    """A native date field."""
    return forms.DateInput(attrs={"type": "date"})


class OccurrenceFilter(django_filters.FilterSet):
    """By duty, period, state and last day; organisation (with those below it) and meeting by number only.

    A list to choose them from would name records outside the reader's sight.
    """

    duty = django_filters.ModelChoiceFilter(queryset=Duty.objects.all(), label="事项", empty_label="全部")
    period = django_filters.CharFilter(label="期间，如 2026-10", max_length=7)
    state = django_filters.ChoiceFilter(choices=STATES, label="状态", empty_label="全部", method="by_state")
    due_after = django_filters.DateFilter("due_on", "gte", label="截止自", widget=day_widget())
    due_before = django_filters.DateFilter("due_on", "lte", label="截止至", widget=day_widget())
    organization = django_filters.NumberFilter(
        label="党组织", widget=forms.HiddenInput, min_value=1, max_value=LARGEST, method="by_subtree"
    )
    meeting = django_filters.NumberFilter(
        label="会议", widget=forms.HiddenInput, min_value=1, max_value=LARGEST
    )

    class Meta:
        """Fields are declared above."""

        model = Occurrence
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Occurrence], name: str, value: str) -> Any:
        """Occurrences in a state; ``overdue`` is open and past its day."""
        if value == OVERDUE:
            return rows.overdue_on(clock.today())  # type: ignore[attr-defined]  # our query set
        return rows.filter(state=value)

    def by_subtree(self, rows: QuerySet[Occurrence], name: str, value: Any) -> Any:
        """Occurrences of one organisation and those below it; nothing for an unknown one."""
        root = Organization.objects.filter(pk=int(value)).first()
        if root is None:
            return rows.none()
        return rows.filter(organization__in=Organization.objects.under(root.path).values("pk"))

"""Filters of meetings, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from branches.models import Organization
from core import clock, text
from meetings.choices import State
from meetings.models import Meeting, MeetingKind

if TYPE_CHECKING:
    from django.db.models import QuerySet


class MeetingFilter(django_filters.FilterSet):
    """By words, kind, state, days and subtree."""

    q = django_filters.CharFilter(method="by_words", label="议题或决议", max_length=50)
    kind = django_filters.ModelChoiceFilter(
        field_name="kinds", queryset=MeetingKind.objects.all(), label="类型", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        choices=State.choices, method="by_stage", label="状态", empty_label="全部"
    )
    held_after = django_filters.DateFilter(
        "held_on", "gte", label="自", widget=forms.DateInput(attrs={"type": "date"})
    )
    held_before = django_filters.DateFilter(
        "held_on", "lte", label="至", widget=forms.DateInput(attrs={"type": "date"})
    )
    organization = django_filters.NumberFilter(
        method="by_subtree", label="党组织", widget=forms.HiddenInput, max_value=2**31
    )

    class Meta:
        """Fields are declared above."""

        model = Meeting
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Meeting], name: str, value: str) -> Any:
        """Meetings whose title, agenda or decisions contain ``value``."""
        return text.match(rows, "search", value)

    def by_stage(self, rows: QuerySet[Meeting], name: str, value: str) -> Any:
        """Meetings shown as ``value``: a draft whose day has come is ``held``."""
        return rows.in_stage(value, clock.today())  # type: ignore[attr-defined]  # our query set

    def by_subtree(self, rows: QuerySet[Meeting], name: str, value: Any) -> Any:
        """Meetings of one organisation and those below it; nothing for an unknown one."""
        root = Organization.objects.filter(pk=int(value)).first()
        if root is None:
            return rows.none()
        return rows.filter(organization__in=Organization.objects.under(root.path).values("pk"))

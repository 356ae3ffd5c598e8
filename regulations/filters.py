"""Filters of the rule library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from core import clock
from regulations.choices import Confidence, Force, Severity
from regulations.models import Clause, Regulation

if TYPE_CHECKING:
    from regulations.querysets import ClauseQuerySet


class ClauseFilter(django_filters.FilterSet):
    """By words, regulation, use, how it binds, how sure it is, and whether it is in force."""

    q = django_filters.CharFilter(method="by_words", label="编号或内容", max_length=50)
    regulation = django_filters.ModelChoiceFilter(
        queryset=Regulation.objects.all(), label="制度", empty_label="全部"
    )
    use = django_filters.AllValuesFilter(label="用途", empty_label="全部")
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label="程度", empty_label="全部")
    confidence = django_filters.ChoiceFilter(choices=Confidence.choices, label="核实情况", empty_label="全部")
    force = django_filters.ChoiceFilter(
        method="by_force", choices=Force.choices, label="效力", empty_label="全部"
    )

    class Meta:
        """Fields are declared above."""

        model = Clause
        fields: list[str] = []

    def by_words(self, rows: ClauseQuerySet[Clause], name: str, value: str) -> ClauseQuerySet[Clause]:
        """Clauses that hold every word."""
        return rows.found_by(value)

    def by_force(self, rows: ClauseQuerySet[Clause], name: str, value: str) -> ClauseQuerySet[Clause]:
        """Clauses by where they stand today."""
        return rows.standing(value, clock.today())

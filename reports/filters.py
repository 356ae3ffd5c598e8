"""Filters of cycles and bulletins."""

import django_filters

from reports.choices import BulletinState, CycleKind
from reports.models import Bulletin, Cycle


class CycleFilter(django_filters.FilterSet):
    """By kind and period."""

    kind = django_filters.ChoiceFilter(choices=CycleKind.choices, label="周期", empty_label="全部")
    period = django_filters.CharFilter(label="期间，如 2026-10", max_length=7)

    class Meta:
        """Exact fields."""

        model = Cycle
        fields = ["kind", "period"]


class BulletinFilter(django_filters.FilterSet):
    """By state, period and words of the title."""

    state = django_filters.ChoiceFilter(choices=BulletinState.choices, label="状态", empty_label="全部")
    period = django_filters.CharFilter("cycle__period", label="期间，如 2026-10", max_length=7)
    title = django_filters.CharFilter("title", "contains", label="标题", max_length=50)

    class Meta:
        """Exact fields."""

        model = Bulletin
        fields = ["state"]

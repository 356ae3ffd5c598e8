"""Filters of cycles, bulletins and authorisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Q

from accounts.models import Person
from branches.choices import Office
from branches.models import Appointment, Organization
from reports.choices import BulletinState, CycleKind
from reports.models import Bulletin, Cycle
from reports.queries.grants import STATES, in_state

if TYPE_CHECKING:
    from django.db.models import QuerySet


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


class GrantFilter(django_filters.FilterSet):
    """By person, organisation, office and state; the same for page and API."""

    q = django_filters.CharFilter(method="by_person", label="姓名、拼音或用户名", max_length=50)
    organization = django_filters.CharFilter(method="by_place", label="党组织名称或编号", max_length=50)
    office = django_filters.ChoiceFilter(choices=Office.choices, label="职务", empty_label="全部")
    state = django_filters.ChoiceFilter(
        choices=list(STATES.items()), method="by_state", label="状态", empty_label="全部"
    )

    class Meta:
        """Fields are declared above."""

        model = Appointment
        fields: list[str] = []

    def by_person(self, rows: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        """Posts of persons found by name or pinyin, or by the user name of their account."""
        named = Q(person__in=Person.objects.named(value).values("pk"))
        return rows.filter(named | Q(person__user__username__contains=value.strip().lower()))

    def by_place(self, rows: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        """Posts in organisations found by name, code or pinyin."""
        return rows.filter(organization__in=Organization.objects.named(value).values("pk"))

    def by_state(self, rows: QuerySet[Appointment], name: str, value: str) -> QuerySet[Appointment]:
        """Posts in one state today."""
        return in_state(rows, value)

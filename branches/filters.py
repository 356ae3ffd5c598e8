"""Filters of organisations, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from branches.choices import Kind
from branches.models import Organization
from regulations.models import Parameter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from branches.querysets import OrganizationQuerySet


class WholeNumberFilter(django_filters.Filter):
    """A whole number; a fraction is refused."""

    field_class = forms.IntegerField


class OrganizationFilter(django_filters.FilterSet):
    """By words, kind and parent."""

    search = django_filters.CharFilter(method="by_words", label="名称或拼音", max_length=50)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label="类别")
    parent = WholeNumberFilter("parent_id", label="上级", max_value=2**31)
    code = django_filters.CharFilter(label="编号", max_length=30)

    class Meta:
        """Fields are declared above."""

        model = Organization
        fields: list[str] = []

    def by_words(self, rows: OrganizationQuerySet, name: str, value: str) -> Any:
        """Found by name, short name, code, pinyin or initials."""
        return rows.named(value)


class ValueFilter(django_filters.FilterSet):
    """Parameters by words; ``own`` is answered by the page, which knows what is set."""

    q = django_filters.CharFilter(method="by_words", label="编号、名称或条款内容", max_length=50)
    own = django_filters.BooleanFilter(
        method="as_it_is", label="只看另有规定的", widget=forms.CheckboxInput, initial=False
    )

    class Meta:
        """Fields are declared above."""

        model = Parameter
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Parameter], name: str, value: str) -> QuerySet[Parameter]:
        """Parameters whose code, label, clause text or citation holds every word."""
        for word in value.split():
            rows = rows.filter(
                Q(key__icontains=word)
                | Q(label__icontains=word)
                | Q(clause__text__icontains=word)
                | Q(clause__citation__icontains=word)
            )
        return rows

    def as_it_is(self, rows: QuerySet[Parameter], name: str, value: bool) -> QuerySet[Parameter]:
        """Nothing here."""
        return rows

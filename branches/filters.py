"""Filters of organisations, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from branches.choices import Kind
from branches.models import Organization

if TYPE_CHECKING:
    from branches.querysets import OrganizationQuerySet


class OrganizationFilter(django_filters.FilterSet):
    """By words, kind and parent."""

    search = django_filters.CharFilter(method="by_words", label="名称或拼音", max_length=50)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label="类别")
    parent = django_filters.NumberFilter("parent_id", label="上级", max_value=2**31)
    code = django_filters.CharFilter(label="编号", max_length=30)

    class Meta:
        """Fields are declared above."""

        model = Organization
        fields: list[str] = []

    def by_words(self, rows: OrganizationQuerySet, name: str, value: str) -> Any:
        """Found by name, short name, code, pinyin or initials."""
        return rows.named(value)

"""Filters of the register, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from branches.models import Organization
from members.choices import Category, Stage
from members.models import Member

if TYPE_CHECKING:
    from members.querysets import MemberQuerySet


class MemberFilter(django_filters.FilterSet):
    """By name or pinyin, stage, category, sex and subtree."""

    q = django_filters.CharFilter(method="by_name", label="姓名或拼音", max_length=50)
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label="党员类别", empty_label="全部")
    category = django_filters.ChoiceFilter(
        choices=Category.choices, label="人员类别", empty_label="全部"
    )
    organization = django_filters.NumberFilter(
        method="by_subtree", label="党组织", widget=forms.HiddenInput, max_value=2**31
    )
    active = django_filters.BooleanFilter(label="在册", widget=forms.HiddenInput)

    class Meta:
        """Fields are declared above."""

        model = Member
        fields: list[str] = []

    def by_name(self, rows: MemberQuerySet, name: str, value: str) -> Any:
        """Found by name, pinyin or initials."""
        return rows.named(value)

    def by_subtree(self, rows: MemberQuerySet, name: str, value: Any) -> Any:
        """Members of one organisation and those below it; nothing for an unknown one."""
        root = Organization.objects.filter(pk=int(value)).first()
        if root is None:
            return rows.none()
        return rows.filter(organization__in=Organization.objects.under(root.path).values("pk"))

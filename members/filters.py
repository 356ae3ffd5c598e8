"""Filters of the register, the same for pages and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from accounts.choices import Sex
from accounts.models import Person
from branches.filters import WholeNumberFilter
from branches.forms import PlaceField
from branches.models import Organization
from core import clock
from members.choices import Category, Rank, Stage, StayKind
from members.models import Exemption, Member, Stay

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from members.querysets import ExemptionQuerySet, MemberQuerySet, StayQuerySet


class ScopeField(PlaceField):
    """A place field that also takes the id of an organisation, as links and the API give it."""

    def prepare_value(self, value: Any) -> Any:
        """An id as the words that find it again."""
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = self.rows.filter(pk=value).first() or value
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        """The organisation; an id counts where no code is meant."""
        text = str(value or "").strip()
        if text.isascii() and text.isdigit():
            found = self.rows.filter(pk=text).first()
            if found is not None:
                return found
        return super().clean(value)


class ScopeFilter(django_filters.Filter):
    """An organisation with what is under it."""

    field_class = ScopeField


class _OfSubtree(django_filters.FilterSet):
    """Rows of one organisation and those below it, out of those in sight of whoever asks."""

    organization = ScopeFilter(method="by_subtree", label="党组织及下级", help_text="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the organisations in sight of whoever asks."""
        super().__init__(*args, **kwargs)
        if self.request is not None:
            field: Any = self.form.fields["organization"]
            field.offer(Organization.objects.visible_to(self.request.user))

    def by_subtree(self, rows: QuerySet[Any], name: str, value: Organization) -> Any:
        """Rows of one organisation and those below it."""
        return rows.filter(organization__in=Organization.objects.under(value.path).values("pk"))


class ExemptionFilter(_OfSubtree):
    """By subtree, member, and the day on which an entry holds."""

    member = WholeNumberFilter("person__member", label="党员", max_value=2**31)
    on = django_filters.DateFilter(method="by_day", label="日期")

    class Meta:
        """Fields are declared above."""

        model = Exemption
        fields: list[str] = []

    def by_day(self, rows: ExemptionQuerySet, name: str, value: date) -> Any:
        """Entries that hold on the day."""
        return rows.on(value)


class StayFilter(_OfSubtree):
    """By host or home, person, kind, and whether it holds today."""

    q = django_filters.CharFilter(method="by_name", label="姓名或拼音", max_length=50)
    kind = django_filters.ChoiceFilter(choices=StayKind.choices, label="情形", empty_label="全部")
    now = django_filters.BooleanFilter(
        method="by_now", label="只看今天在外的", widget=forms.CheckboxInput, initial=False
    )

    class Meta:
        """Fields are declared above."""

        model = Stay
        fields: list[str] = []

    def by_name(self, rows: StayQuerySet, name: str, value: str) -> Any:
        """Found by the person's name, pinyin or initials."""
        return rows.filter(person__in=Person.objects.named(value).values("pk"))

    def by_now(self, rows: StayQuerySet, name: str, value: bool) -> Any:
        """Only those that hold today, where that is asked."""
        return rows.on(clock.today()) if value else rows

    def by_subtree(self, rows: QuerySet[Any], name: str, value: Organization) -> Any:
        """Stays at one organisation or below it, or of its members elsewhere."""
        under = Organization.objects.under(value.path).values("pk")
        return rows.filter(Q(organization__in=under) | Q(person__member__organization__in=under))


class MemberFilter(_OfSubtree):
    """By name or pinyin, subtree, stage, category, rank, sex."""

    q = django_filters.CharFilter(method="by_name", label="姓名或拼音", max_length=50)
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label="党员类别", empty_label="全部")
    category = django_filters.ChoiceFilter(choices=Category.choices, label="人员类别", empty_label="全部")
    rank = django_filters.ChoiceFilter(choices=Rank.choices, label="消防救援衔", empty_label="全部")
    sex = django_filters.ChoiceFilter("person__sex", choices=Sex.choices, label="性别", empty_label="全部")
    active = django_filters.BooleanFilter(label="在册", widget=forms.HiddenInput)

    class Meta:
        """Fields are declared above."""

        model = Member
        fields: list[str] = []

    def by_name(self, rows: MemberQuerySet, name: str, value: str) -> Any:
        """Found by name, pinyin or initials."""
        return rows.named(value)

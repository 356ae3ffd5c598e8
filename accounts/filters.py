"""Filters of accounts and of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from core.models import AuditEntry
from core.models.records import kinds

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.querysets import UserQuerySet

STATES = (
    ("locked", "已锁定"),
    ("dormant", "久未登录"),
    ("disabled", "已停用"),
    ("unused", "从未登录"),
    ("initial", "待改初始密码"),
)
RESULTS = (("ok", "已完成"), ("denied", "被拒绝"))


class _Day(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        """The calendar reads ISO dates only."""
        super().__init__(format="%Y-%m-%d")


class UserFilter(django_filters.FilterSet):
    """By name, pinyin or user name, and by state."""

    q = django_filters.CharFilter(method="by_name", label="姓名、拼音或用户名", max_length=50)
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="状态", empty_label="全部")

    def by_name(self, users: UserQuerySet, name: str, value: str) -> UserQuerySet:
        """Accounts found by the text."""
        return users.named(value)

    def by_state(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Accounts in the state; ``is_locked`` and ``is_dormant`` come from ``queries.users_for_list``."""
        wanted = {
            "locked": Q(is_locked=True),
            "dormant": Q(is_dormant=True, is_active=True),
            "disabled": Q(is_active=False),
            "unused": Q(last_login__isnull=True),
            "initial": Q(must_change_password=True, is_active=True),
        }
        return users.filter(wanted[value])


class AuditFilter(django_filters.FilterSet):
    """By who, what, when and about what."""

    actor = django_filters.CharFilter("actor", "contains", label="操作人", max_length=50)
    verb = django_filters.CharFilter("verb", "contains", label="操作", max_length=50)
    subject = django_filters.CharFilter(method="by_subject", label="对象（如“账号 12”）", max_length=100)
    since = django_filters.DateFilter("at", "date__gte", label="自", widget=_Day)
    until = django_filters.DateFilter("at", "date__lte", label="至", widget=_Day)
    result = django_filters.ChoiceFilter(choices=RESULTS, label="结果", empty_label="全部")

    class Meta:
        """Only the filters above."""

        model = AuditEntry
        fields: tuple[str, ...] = ()

    def by_subject(self, entries: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        """By kind and number (``会议记录 17``, ``会议记录``) or by the name (``meetings.meeting:17``).

        Never by the title: to find a word in it is to read it.
        """
        words, _, key = value.strip().partition(" ")
        wanted = [kind for kind, name in kinds().items() if name == words]
        subjects = Q(subject=value)
        for kind in wanted:
            subjects |= Q(subject=f"{kind}:{key}") if key else Q(subject__startswith=f"{kind}:")
        return entries.filter(subjects)

"""The law of the house as rows: regulations, clauses, and the numbers that the clauses carry."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from regulations.choices import CODES, Comparator, Confidence, Force, Severity
from regulations.querysets import ClauseQuerySet, ParameterQuerySet, RegulationQuerySet
from regulations.rules import UNSURE

WORDS = {"周期", "情形", "基数", "档"}
"""Units of values that are words and not numbers."""


class Edition(models.Model):
    """The one row whose mark changes with the law, so that a kept book can be compared cheaply.

    The mark is random and not a counter: a number rolled back and given again would hide a change.
    """

    ONLY: ClassVar[int] = 1

    mark = models.CharField("版次", max_length=32)
    digest = models.CharField("随附数据摘要", max_length=64, blank=True)

    class Meta:
        """There is one row only."""

        verbose_name = "条款库版次"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="the_law_has_one_edition_row"),
        ]

    def __str__(self) -> str:
        return self.mark


class Regulation(models.Model):
    """A regulation in one version, with its dates of force."""

    code = models.SlugField("代码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=100)
    version = models.CharField("版本", max_length=40, blank=True)
    issued = models.DateField("印发日期", null=True, blank=True)
    since = models.DateField("施行日期", null=True, blank=True)
    until = models.DateField("失效日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    objects = RegulationQuerySet.as_manager()

    class Meta:
        """By title, the newest version first."""

        verbose_name = "制度"
        ordering = ["title", "-since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=F("until")),
                name="a_regulation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）" if self.version else self.title


class Clause(models.Model):
    """One rule row (``MT-03``) of one regulation: citation, our own words, how it binds."""

    regulation = models.ForeignKey(
        Regulation, verbose_name="制度", on_delete=models.PROTECT, related_name="clauses"
    )
    rule = models.CharField("编号", max_length=10, db_index=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    citation = models.CharField("依据", max_length=200)
    text = models.CharField("内容", max_length=300)
    use = models.CharField("用途", max_length=20, db_index=True)
    severity = models.CharField("程度", max_length=10, choices=Severity, default=Severity.HARD)
    confidence = models.CharField("核实情况", max_length=12, choices=Confidence, default=Confidence.SOURCE)
    since = models.DateField("适用自", null=True, blank=True)
    until = models.DateField("适用至", null=True, blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        """In the order of the rules."""

        verbose_name = "条款"
        ordering = ["rule", "since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["regulation", "rule"], name="a_rule_stands_once_in_a_regulation"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=F("until")),
                name="a_clause_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.citation}"

    def get_absolute_url(self) -> str:
        """The page of the rule, all its versions together."""
        return reverse("regulations:detail", args=[self.rule])

    @property
    def begins(self) -> date | None:
        """The first day of force: its own, or that of the regulation."""
        return self.since or self.regulation.since

    @property
    def ends(self) -> date | None:
        """The last day of force: its own, or that of the regulation."""
        return self.until or self.regulation.until

    def force_on(self, day: date) -> Force:
        """Whether the clause is in force on ``day``, no longer, or not yet."""
        if self.begins is not None and day < self.begins:
            return Force.TO_COME
        return Force.PAST if self.ends is not None and self.ends < day else Force.NOW

    @property
    def is_unsure(self) -> bool:
        """Whether the number is unconfirmed, so that breaking it only warns."""
        return Confidence(self.confidence) in UNSURE


class Parameter(models.Model):
    """One cited number, list or order; a changed value is a new row that begins on its day."""

    clause = models.ForeignKey(
        Clause, verbose_name="条款", on_delete=models.PROTECT, related_name="parameters"
    )
    name = models.SlugField("参数名", max_length=40)
    position = models.PositiveSmallIntegerField("次序", default=0)
    label = models.CharField("名称", max_length=60)
    value = models.JSONField("值")
    unit = models.CharField("单位", max_length=20, blank=True)
    comparator = models.CharField("关系", max_length=2, choices=Comparator)
    since = models.DateField("自", null=True, blank=True)
    until = models.DateField("至", null=True, blank=True)
    edited = models.BooleanField("由安全管理员修改", default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField("修改时间", null=True, blank=True)
    reason = models.CharField("修改原因", max_length=300, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        """In the order of the clause, oldest value first."""

        verbose_name = "参数"
        ordering = ["clause", "position", "since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "name", "since"], name="a_value_begins_once_on_a_day"),
            models.UniqueConstraint(
                fields=["clause", "name"],
                condition=Q(since=None),
                name="a_parameter_has_one_first_value",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=F("until")),
                name="a_value_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(edited=False) | ~Q(reason=""), name="a_changed_value_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def code(self) -> str:
        """The code by which every room asks: ``MT-03.majority``."""
        return f"{self.clause.rule}.{self.name}"

    @property
    def shown(self) -> str:
        """The value in words: a list joined by ``、``, a pair of a list by ``：``."""
        if not isinstance(self.value, list):
            return _words(self.value)
        return "、".join(_words(item) for item in self.value)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list or an order, too long for a cell."""
        return isinstance(self.value, list)

    @property
    def words(self) -> str:
        """The number as a reader says it: ``不少于 3 人``."""
        if self.unit in WORDS:
            return self.shown
        unit = "" if self.unit == "比例" else f" {self.unit}"
        return f"{Comparator(self.comparator).label} {self.shown}{unit}"

    def holds_from(self, day: date | None) -> bool:
        """Whether the value is in force on ``day``; None is the time before every change."""
        if day is None:
            return self.since is None
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


def _words(item: object) -> str:
    if isinstance(item, list):
        return "：".join(str(part) or "以上" for part in item)
    return CODES.get(str(item), str(item))

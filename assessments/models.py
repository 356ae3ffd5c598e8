"""How well: versioned schemes, rounds, scores with the rows behind them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from assessments.choices import Source, State
from branches.models import Organization
from core.addresses import page_of
from core.querysets import InScope


class Scheme(models.Model):
    """A versioned scoring scheme."""

    code = models.CharField("代码", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    title = models.CharField("名称", max_length=100)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        """A version of a scheme stands once."""

        verbose_name = "考核办法"
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_scheme_a_version")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.version}版）"


class Indicator(models.Model):
    """One indicator of the tree; automatic ones name a fact query of ``assessments.queries``."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="indicators")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    code = models.CharField("代码", max_length=40)
    title = models.CharField("指标", max_length=100)
    standard = models.CharField("标准", max_length=300, blank=True)
    source = models.CharField("方式", max_length=10, choices=Source, blank=True)
    fact = models.CharField("取数", max_length=60, blank=True)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        """In the order of the table."""

        verbose_name = "指标"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="one_indicator_a_code")]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One scoring of one organisation for one period."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rounds")
    period = models.CharField("周期", max_length=7)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField("建立时间")
    reviewed_at = models.DateTimeField("评定时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InScope.as_manager()

    class Meta:
        """One round a scheme, organisation and period."""

        verbose_name = "考核轮次"
        ordering = ["-period", "organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "organization", "period"], name="one_round_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.period} {self.scheme.title}"

    def get_absolute_url(self) -> str:
        """The page of the round."""
        return page_of("assessments:round", self.pk)


class Score(models.Model):
    """The score of one indicator in one round; null is not zero and not full marks."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True, blank=True)
    numerator = models.PositiveIntegerField("已落实", null=True, blank=True)
    denominator = models.PositiveIntegerField("应落实", null=True, blank=True)
    rows = models.JSONField("依据记录", default=list)
    remark = models.CharField("说明", max_length=300, blank=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scored_at = models.DateTimeField("评分时间", null=True, blank=True)

    class Meta:
        """One score an indicator."""

        verbose_name = "得分"
        ordering = ["indicator__position"]
        constraints = [models.UniqueConstraint(fields=["round", "indicator"], name="one_score_an_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator}：{'未评' if self.points is None else self.points}"

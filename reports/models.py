"""What is read and issued: cycles with frozen figures, and bulletins drafted from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from branches.models import Organization
from core.addresses import page_of
from core.models import Document
from core.querysets import InScope
from reports.choices import BulletinState, CycleKind, CycleState
from reports.querysets import BulletinQuerySet


class Cycle(models.Model):
    """A month, quarter or year of one issuing committee: collect → freeze → draft → issue."""

    kind = models.CharField("周期", max_length=10, choices=CycleKind)
    period = models.CharField("期间", max_length=7)
    organization = models.ForeignKey(
        Organization, verbose_name="印发党委", on_delete=models.PROTECT, related_name="cycles"
    )
    state = models.CharField("状态", max_length=12, choices=CycleState, default=CycleState.COLLECTING)
    freezes_on = models.DateField("封账日")
    frozen_at = models.DateTimeField("封账时间", null=True, blank=True)

    objects = InScope.as_manager()

    class Meta:
        """A committee has one cycle a period."""

        verbose_name = "周期"
        ordering = ["-period", "organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "organization"], name="one_cycle_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.period}"

    @property
    def subject(self) -> str:
        """The name of the record in audit."""
        return f"reports.cycle:{self.pk}"


class Figure(models.Model):
    """One frozen number: what was counted for which organisation, and the rows behind it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="figures")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField("指标", max_length=60)
    owed = models.PositiveIntegerField("应办", default=0)
    done = models.PositiveIntegerField("落实", default=0)
    late = models.PositiveIntegerField("逾期", default=0)
    waived = models.PositiveIntegerField("免办", default=0)
    recorded_late = models.PositiveIntegerField("补录", default=0)
    rows = models.JSONField("依据记录", default=list)

    class Meta:
        """A number stands once in a cycle."""

        verbose_name = "封账数字"
        ordering = ["organization__path", "code"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "organization", "code"], name="a_figure_is_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.code} {self.done}/{self.owed}"


class Bulletin(models.Model):
    """A 通报: drafted from frozen figures, worded by the political department, issued with a number."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="bulletins")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bulletins")
    version = models.PositiveSmallIntegerField("版次", default=1)
    edit = models.PositiveIntegerField(default=1)
    title = models.CharField("标题", max_length=120)
    addressee = models.CharField("主送", max_length=200)
    sections = models.JSONField("正文", default=list)
    state = models.CharField("状态", max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    number = models.CharField("文号", max_length=60, blank=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)
    drafted_at = models.DateTimeField("起草时间")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField("核稿时间", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField("印发日期", null=True, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        """Newest first; a version stands once."""

        verbose_name = "通报"
        ordering = ["-cycle__period", "organization__path", "-version"]
        constraints = [models.UniqueConstraint(fields=["cycle", "version"], name="one_bulletin_a_version")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the bulletin."""
        return page_of("reports:bulletin", self.pk)

    @property
    def subject(self) -> str:
        """The name of the record in audit and papers."""
        return f"reports.bulletin:{self.pk}"

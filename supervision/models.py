"""What is owed: duties as data, and their occurrences."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Organization
from core.addresses import page_of
from core.models import MonthFigures
from core.periods import Period
from meetings.models import Meeting, MeetingKind
from supervision.choices import Holder, State
from supervision.querysets import OccurrenceQuerySet


class Duty(models.Model):
    """A recurring obligation of a kind of organisation, closed by filed meetings of one kind.

    ``rule`` is the clause that obliges; ``count_parameter`` and ``period_parameter`` name the cited
    parameters with the number owed in a period and the kind of period.
    """

    code = models.CharField("代码", max_length=40, primary_key=True)
    title = models.CharField("事项", max_length=50)
    holder = models.CharField("承担组织", max_length=30, choices=Holder)
    kind = models.ForeignKey(
        MeetingKind, verbose_name="完成方式", on_delete=models.PROTECT, related_name="duties"
    )
    rule = models.CharField("依据条款", max_length=10)
    count_parameter = models.CharField("次数参数", max_length=60)
    period_parameter = models.CharField("周期参数", max_length=60)
    position = models.PositiveSmallIntegerField("次序", default=0)
    active = models.BooleanField("启用", default=True)

    class Meta:
        """In the usual order."""

        verbose_name = "责任事项"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class Occurrence(models.Model):
    """A duty of one organisation in one period; written only by beat and by actions, never deleted."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="occurrences")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="occurrences")
    holder = models.ForeignKey(
        Organization, verbose_name="承担组织", on_delete=models.PROTECT, related_name="+"
    )
    period = models.CharField("周期", max_length=7)
    number = models.PositiveSmallIntegerField("第几次", default=1)
    opens_on = models.DateField("起始")
    due_on = models.DateField("截止")
    state = models.CharField("状态", max_length=15, choices=State, default=State.OPEN)
    meeting = models.ForeignKey(
        Meeting,
        verbose_name="落实会议",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="occurrences",
    )
    closed_on = models.DateField("落实日期", null=True, blank=True)
    recorded_late = models.BooleanField("补录", default=False)
    reason = models.CharField("原因", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("生成时间")

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        """One occurrence a duty, holder, period and number; a meeting closes a duty once."""

        verbose_name = "待办事项"
        ordering = ["due_on", "duty__position", "holder__path"]
        indexes = [
            models.Index(fields=["organization", "due_on"], name="occurrence_organization_due"),
            models.Index(fields=["period", "organization"], name="occurrence_period"),
            models.Index(fields=["-due_on", "organization"], name="occurrence_latest"),
            models.Index(fields=["due_on"], name="occurrence_open_due", condition=Q(state="open")),
            models.Index(
                fields=["organization", "due_on"], name="occurrence_open_of", condition=Q(state="open")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "holder", "period", "number"], name="a_duty_is_owed_once_a_period"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="a_closed_duty_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(reason=""), name="a_waiver_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty}（{Period.parse(self.period).label}）"

    def get_absolute_url(self) -> str:
        """The page of the occurrence."""
        return page_of("supervision:detail", self.pk)


class DutyMonth(MonthFigures):
    """What fell due in a month, by duty: the last day of an occurrence decides its month.

    Overdue is no column: what is ``open`` in a month that is over is overdue.
    """

    owed = models.PositiveIntegerField("应落实", default=0)
    done = models.PositiveIntegerField("已落实", default=0)
    recorded_late = models.PositiveIntegerField("补录", default=0)
    open = models.PositiveIntegerField("未落实", default=0)
    waived = models.PositiveIntegerField("免办", default=0)
    own_open = models.PositiveIntegerField("本级未落实", default=0)

    class Meta(MonthFigures.Meta):
        """Written by core.rollups only; who is behind is found in the order of the tree."""

        verbose_name = "落实月度统计"
        indexes = [
            *MonthFigures.Meta.indexes,
            models.Index(fields=["path"], name="dutymonth_behind", condition=Q(own_open__gt=0)),
        ]

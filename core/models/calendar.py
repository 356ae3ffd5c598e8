"""The official calendar of working days, as an administrator can fill it."""

from django.db import models


class CalendarDay(models.Model):
    """A day that differs from the weekend rule, or is confirmed to follow it (incl. 调休)."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("工作日")
    name = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        """A calendar in order of days."""

        verbose_name = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'工作日' if self.working else '休息日'}"

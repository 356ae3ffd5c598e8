"""Dates as documents and tables show them, and how many days are left, in words."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone

from core import clock
from core.periods import Period

register = template.Library()

WEEKDAYS = "一二三四五六日"


def as_day(value: date | datetime) -> date:
    """The calendar day of ``value`` in the time zone of the portal."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if value.tzinfo else value.date()
    return value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年9月18日, as documents write it; empty for nothing."""
    if not value:
        return ""
    on = as_day(value)
    return f"{on.year}年{on.month}月{on.day}日"


@register.filter
def cn_month(value: date | datetime | None) -> str:
    """2026年9月; empty for nothing."""
    if not value:
        return ""
    on = as_day(value)
    return f"{on.year}年{on.month}月"


@register.filter
def period(value: str | None) -> str:
    """2026年10月 for ``2026-10``, 2026年三季度 for ``2026Q3``; other texts as they are."""
    try:
        return Period.parse(value or "").label
    except ValueError:
        return value or ""


@register.filter
def weekday(value: date | datetime | None) -> str:
    """周五; empty for nothing."""
    return f"周{WEEKDAYS[as_day(value).weekday()]}" if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-09-18 周五, as tables write it; empty for nothing."""
    return f"{as_day(value).isoformat()} {weekday(value)}" if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """09-18 周五, where the year is plain from the page; empty for nothing."""
    return f"{as_day(value):%m-%d} {weekday(value)}" if value else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """2026年9月18日 周五; empty for nothing."""
    return f"{cn_date(value)} {weekday(value)}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """2026-09-18 19:30 in local time; empty for nothing."""
    if not value:
        return ""
    local = timezone.localtime(value) if value.tzinfo else value
    return f"{local:%Y-%m-%d %H:%M}"


@register.filter
def hour(value: datetime | None) -> str:
    """19:30 in local time; empty for nothing."""
    return moment(value)[11:] if value else ""


@register.filter
def days_left(value: date | datetime | None) -> str:
    """还有 3 天 · 今天到期 · 已过 22 天, counted in calendar days from today; empty for nothing."""
    if not value:
        return ""
    left = (as_day(value) - clock.today()).days
    if left == 0:
        return "今天到期"
    return f"还有 {left} 天" if left > 0 else f"已过 {-left} 天"


@register.filter
def days_until(value: date | datetime | None) -> int | str:
    """The number of calendar days until ``value`` (negative when it is over); empty for nothing."""
    return (as_day(value) - clock.today()).days if value else ""

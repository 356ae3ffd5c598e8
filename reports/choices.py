"""Words about cycles and bulletins."""

from django.db.models import TextChoices


class CycleKind(TextChoices):
    """How often figures are closed and reported."""

    MONTHLY = "monthly", "月度"
    QUARTERLY = "quarterly", "季度"
    YEARLY = "yearly", "年度"


class CycleState(TextChoices):
    """Where a cycle stands."""

    COLLECTING = "collecting", "收集中"
    FROZEN = "frozen", "已封账"
    DRAFTED = "drafted", "已起草"
    ISSUED = "issued", "已印发"


class BulletinState(TextChoices):
    """Where a bulletin stands."""

    DRAFT = "draft", "起草中"
    REVIEWED = "reviewed", "待签发"
    ISSUED = "issued", "已印发"

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


JOBS = {
    "meetings.minutes_pdf": "生成会议记录",
    "members.read_roster": "读取花名册",
    "members.write_roster": "导入花名册",
    "reports.cycle": "封账",
    "reports.bulletin_paper": "排印通报",
}
"""What a job does, without saying for whom: all that the system administrator needs."""

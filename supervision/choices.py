"""Words about duties."""

from django.db.models import TextChoices


class Holder(TextChoices):
    """Who holds a duty."""

    BRANCH = "branch", "党支部"
    BRANCH_WITH_COMMITTEE = "branch_with_committee", "设支委会的党支部"
    GROUP = "group", "党小组"
    COMMITTEE = "committee", "党委"


class State(TextChoices):
    """Where an occurrence stands; overdue is not a state but a day."""

    OPEN = "open", "待办"
    CLOSED = "closed", "已落实"
    WAIVED = "waived", "经批准免办"
    NOT_APPLICABLE = "not_applicable", "不适用"

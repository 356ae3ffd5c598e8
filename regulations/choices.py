"""Words of the law: how binding a clause is, how sure we are of it, and what a check says."""

from enum import StrEnum

from django.db.models import TextChoices


class Severity(TextChoices):
    """How a clause binds: only ``hard`` clauses can give an error."""

    HARD = "hard", "应当"
    SOFT = "soft", "一般"
    LOCAL = "local", "地方规定"
    ADVICE = "advice", "建议"


class Confidence(TextChoices):
    """How the number was confirmed; the last three count as unconfirmed and only warn."""

    SOURCE = "source", "读原文"
    SECOND = "second", "据引用"
    MEMORY = "memory", "待核实"
    UNCONFIRMED = "unconfirmed", "未确认"
    CONFLICT = "conflict", "说法不一"


class Comparator(TextChoices):
    """The relation that a fact must have to the number (``半数以上`` is ≥, ``超过半数`` is >)."""

    AT_LEAST = "ge", "不少于"
    MORE_THAN = "gt", "超过"
    AT_MOST = "le", "不超过"
    LESS_THAN = "lt", "少于"
    EQUAL = "eq", "等于"
    LIST = "in", "限于"


class Level(StrEnum):
    """What a finding says: a broken hard rule, a broken soft or unsure one, or a missing fact."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The Chinese word shown beside the symbol."""
        return {"error": "不符", "warning": "注意", "note": "提示"}[self.value]


class Force(TextChoices):
    """Where a clause stands on a day."""

    NOW = "now", "现行"
    PAST = "past", "已失效"
    TO_COME = "to_come", "尚未施行"

"""Words about assessment."""

from django.db.models import TextChoices


class Source(TextChoices):
    """Where the score of an indicator comes from."""

    AUTOMATIC = "automatic", "自动"
    MANUAL = "manual", "人工"


class State(TextChoices):
    """Where a round stands."""

    OPEN = "open", "评分中"
    REVIEWED = "reviewed", "已评定"

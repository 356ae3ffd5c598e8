"""What every table of figures by organisation and month has in common."""

from django.conf import settings
from django.db import models


class MonthFigures(models.Model):
    """Figures of one organisation, with everything below it, in one month, for one ``code`` of its room.

    ``parent`` and ``path`` tell under whom it was counted; in a ``sealed`` month they stay, also when
    the organisation moves. The subclass adds its figures and a unique constraint.
    """

    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        settings.ORGANIZATION_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    path = models.CharField(max_length=140)
    month = models.CharField("月份", max_length=7)
    code = models.CharField("项目", max_length=40, blank=True)
    sealed = models.BooleanField("已封账", default=False)

    class Meta:
        """Read by parent and month: a page costs its children, never the subtree."""

        abstract = True
        indexes = [models.Index(fields=["parent", "month"], name="%(class)s_of_parent")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "month", "code"], name="%(class)s_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month} {self.code}"

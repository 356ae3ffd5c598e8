"""What proves that nothing was changed: links of the chains, seals of the audit trail. Only ever added."""

from django.conf import settings
from django.db import models


class ChainEntry(models.Model):
    """One link of an organisation's chain: the digest of a filed record and of the link before."""

    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    subject = models.CharField("对象", max_length=100)
    content_digest = models.CharField("内容摘要", max_length=64)
    previous = models.CharField("上一环", max_length=64)
    digest = models.CharField("本环摘要", max_length=64)
    at = models.DateTimeField("时间")
    form = models.PositiveSmallIntegerField("内容格式", default=1)
    """Which form of content and link was digested; it grows when more columns are covered."""

    class Meta:
        """In chain order; a number stands once in a chain. Triggers refuse every change."""

        verbose_name = "存证链"
        ordering = ["organization", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="a_chain_number_stands_once"),
            models.UniqueConstraint(fields=["subject"], name="a_record_is_chained_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}#{self.number}"


class AuditSeal(models.Model):
    """A batch of audit entries under a Merkle root, chained to the batch before."""

    number = models.PositiveIntegerField("批次", unique=True)
    at = models.DateTimeField("时间")
    ranges = models.JSONField("记录编号")
    """Numbers of the entries in order, as ``[[first, last], …]``."""
    last = models.BigIntegerField("最大编号", db_index=True)
    leaves = models.BinaryField("各条摘要")
    """The leaf of each entry in the same order, 32 bytes each: names the one that was changed."""
    root = models.CharField("根摘要", max_length=64)
    previous = models.CharField("上一批", max_length=64)
    digest = models.CharField("本批摘要", max_length=64)

    class Meta:
        """In order. Triggers refuse every change."""

        verbose_name = "操作记录封存批次"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第 {self.number} 批"

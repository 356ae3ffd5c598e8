"""Files kept by the portal, papers issued from it, and workbooks brought into it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.querysets import InScope


class StoredFile(models.Model):
    """A file on disk under a generated name, with its digest; never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    digest = models.CharField("SM3 摘要", max_length=64)
    file = models.FileField("文件", upload_to="%Y/%m")
    created_at = models.DateTimeField("保存时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InScope.as_manager()

    class Meta:
        """Named for lists."""

        verbose_name = "文件"

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A stored file attached to a record of any room (``subject`` = ``meetings.meeting:17``)."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=100)
    caption = models.CharField("说明", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = InScope.as_manager()

    class Meta:
        """In the order given."""

        verbose_name = "附件"
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["subject"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.caption or self.file.name


class Document(models.Model):
    """A paper of the portal: number, version, PDF and .docx, and the record it was made from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=50)
    subject = models.CharField("来源", max_length=100)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=100, blank=True)
    version = models.PositiveSmallIntegerField("版次", default=1)
    pdf = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    docx = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField("成文日期", null=True, blank=True)
    created_at = models.DateTimeField("生成时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InScope.as_manager()

    class Meta:
        """Newest first; a record has each version of a paper once."""

        verbose_name = "文件材料"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "version"], name="one_paper_a_version"),
            models.UniqueConstraint(
                fields=["organization", "kind", "number", "version"],
                condition=~Q(number=""),
                name="a_number_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ImportBatch(models.Model):
    """One workbook brought in: uploaded, previewed, confirmed, undone."""

    class State(models.TextChoices):
        """Where an import stands."""

        UPLOADED = "uploaded", "已上传"
        PARSED = "parsed", "待确认"
        REJECTED = "rejected", "无法读取"
        CONFIRMED = "confirmed", "已导入"
        UNDONE = "undone", "已撤销"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=50)
    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.UPLOADED)
    summary = models.JSONField("核对结果", default=dict)
    message = models.CharField("说明", max_length=500, blank=True)
    created_at = models.DateTimeField("上传时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = InScope.as_manager()

    class Meta:
        """Newest first."""

        verbose_name = "导入批次"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d}"


class ImportRow(models.Model):
    """One row of a workbook as read, what would become of it, and after confirmation what was."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    status = models.CharField("结果", max_length=10)
    values = models.JSONField("内容", default=dict)
    messages = models.JSONField("说明", default=list)
    undo = models.JSONField("撤销所需", default=dict)

    class Meta:
        """In the order of the sheet."""

        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_row_is_read_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 行"

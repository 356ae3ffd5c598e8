"""What the portal remembers about its own work: audit, chain, numbers, notices, months to recount."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from core.querysets import InScope

SEALED_ROOMS = frozenset({"members", "meetings", "supervision", "assessments", "reports"})
PERSON = "accounts.person:"
HARMLESS = frozenset({"号码", "行数", "剩余"})
"""Values that say nothing of a record's content: which number was looked at, how many rows were taken."""
SEALED = "（内容不在操作记录中显示）"


@cache
def kinds() -> dict[str, str]:
    """The kinds of records in words, by the name that stands before the colon."""
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}


class AuditEntry(models.Model):
    """Who did what, in which post, to which record, with what before and after; only ever added."""

    at = models.DateTimeField("时间", db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField("操作人", max_length=200)
    post = models.CharField("职务", max_length=200, blank=True)
    verb = models.CharField("操作", max_length=80)
    subject = models.CharField("对象", max_length=100, blank=True)
    subject_label = models.CharField("对象名称", max_length=200, blank=True)
    organization = models.ForeignKey(
        settings.ORGANIZATION_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    reason = models.CharField("原因", max_length=500, blank=True)
    result = models.CharField("结果", max_length=20, default="ok")
    request_id = models.CharField("请求编号", max_length=40, blank=True)
    ip = models.CharField("地址", max_length=45, blank=True)
    agent = models.CharField("浏览器摘要", max_length=16, blank=True)
    digest = models.CharField("内容摘要", max_length=64, editable=False)

    objects = InScope.as_manager()

    class Meta:
        """Newest first; found by record. Triggers refuse UPDATE, DELETE and TRUNCATE."""

        verbose_name = "操作记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject_label}"

    @property
    def object_words(self) -> str:
        """Kind and number of the record (``会议记录 17``): what a reader of the trail may always know."""
        kind, _, key = self.subject.partition(":")
        name = kinds().get(kind)
        return f"{name} {key}" if name else self.subject

    @property
    def object_name(self) -> str:
        """The record's name where its room is no business of the party's, else nothing."""
        return self.subject_label if self._is_open else ""

    @property
    def open_before(self) -> dict[str, Any]:
        """What was before, as far as a reader of the trail may know it."""
        return self._open(self.before)

    @property
    def open_after(self) -> dict[str, Any]:
        """What is after it, likewise."""
        return self._open(self.after)

    @property
    def open_reason(self) -> str:
        """The reason where it tells nothing of a sealed room's contents, else that there is one."""
        return self.reason if self._room not in SEALED_ROOMS or not self.reason else SEALED

    @property
    def _room(self) -> str:
        return self.subject.partition(".")[0]

    @property
    def _is_open(self) -> bool:
        """Whether the record is of a room whose contents are not sealed before administrators."""
        return self._room not in SEALED_ROOMS and not self.subject.startswith(PERSON)

    def _open(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of an open room; of a sealed one only which things changed."""
        if self._is_open or not values:
            return values
        return {key: value if key in HARMLESS else SEALED for key, value in values.items()}


class Sequence(models.Model):
    """The last number given in a series such as ``meeting:17:2026``."""

    name = models.CharField(max_length=100, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """Named for the administrator."""

        verbose_name = "编号"

    def __str__(self) -> str:
        return f"{self.name}={self.last}"


class Notice(models.Model):
    """A message to one user, at most one for each ``key``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=200)
    text = models.CharField("内容", max_length=300)
    url = models.CharField("地址", max_length=300, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        """Newest first; unread ones are counted by an index."""

        verbose_name = "消息"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_notice_is_given_once")]
        indexes = [models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True))]

    def __str__(self) -> str:
        return self.text


class DirtyMonth(models.Model):
    """A month of an organisation whose figures must be counted again; marks are only added (core.rollups)."""

    organization = models.ForeignKey(settings.ORGANIZATION_MODEL, on_delete=models.CASCADE, related_name="+")
    month = models.CharField("月份", max_length=7)
    marked_at = models.DateTimeField()

    class Meta:
        """In the order in which they were made."""

        verbose_name = "待更新统计"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month}"

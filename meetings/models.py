"""What was held: meeting, agenda, roll, votes, resolutions, findings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from branches.models import Organization
from core import clock
from core.addresses import page_of
from core.models import MonthFigures
from meetings.choices import Body, Excuse, Method, Presence, RollRole, State, Topic
from meetings.querysets import MeetingQuerySet


class MeetingKind(models.Model):
    """A kind of meeting as data: 党员大会, 支委会, 党小组会, 党课, 主题党日 …"""

    code = models.CharField("代码", max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=30)
    body = models.CharField("应到范围", max_length=10, choices=Body)
    position = models.PositiveSmallIntegerField("次序", default=0)
    agenda = models.JSONField("常用议题", default=list)
    needs_lecturer = models.BooleanField("须写明主讲人", default=False)
    active = models.BooleanField("启用", default=True)

    class Meta:
        """In the usual order."""

        verbose_name = "会议种类"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """One gathering, entered once whatever kinds it was; frozen when filed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, verbose_name="党组织", on_delete=models.PROTECT, related_name="meetings"
    )
    group = models.ForeignKey(
        Organization,
        verbose_name="党小组",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="group_meetings",
    )
    kinds = models.ManyToManyField(MeetingKind, verbose_name="会议种类", related_name="meetings")
    title = models.CharField("会议名称", max_length=100)
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始", null=True, blank=True)
    ends_at = models.TimeField("结束", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.ForeignKey(
        Person,
        verbose_name="主持人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    chair_post = models.CharField("主持人职务", max_length=50, blank=True)
    recorder = models.ForeignKey(
        Person,
        verbose_name="记录人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lecturer = models.CharField("主讲人", max_length=50, blank=True)
    observers = models.CharField("列席人员", max_length=300, blank=True)
    minutes = models.TextField("记录正文", blank=True, max_length=50000)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField("修改次数", default=1)
    number = models.CharField("编号", max_length=80, blank=True)
    late_reason = models.CharField("补录原因", max_length=200, blank=True)
    due = models.PositiveSmallIntegerField("应到", default=0)
    voters_due = models.PositiveSmallIntegerField("有表决权应到", default=0)
    present = models.PositiveSmallIntegerField("实到", default=0)
    voters_present = models.PositiveSmallIntegerField("有表决权实到", default=0)
    excused = models.PositiveSmallIntegerField("请假", default=0)
    absent = models.PositiveSmallIntegerField("缺席", default=0)
    left_out = models.JSONField("不计入应到会", default=list, blank=True)
    """Persons and names of those not counted as due, as ``[[17, "张三"]]``; why is in the register alone."""
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField("记录日期", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField("归档时间", null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField("版本", default=1)
    corrects = models.OneToOneField(
        "self",
        verbose_name="更正自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrected_by",
    )
    correction_reason = models.CharField("更正原因", max_length=200, blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search = models.TextField(blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        """Newest first; a number is given once in an organisation and edition."""

        verbose_name = "会议记录"
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-held_on"], name="meeting_organization_day"),
            models.Index(fields=["state", "-held_on"], name="meeting_state_day"),
            models.Index(fields=["-held_on", "-id"], name="meeting_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number", "edition"],
                condition=~Q(number=""),
                name="a_meeting_number_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(due=F("present") + F("excused") + F("absent")),
                name="present_excused_and_absent_make_up_the_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the record."""
        return page_of("meetings:detail", self.pk)

    @property
    def subject(self) -> str:
        """The name of the record in audit, chain and attachments."""
        return f"meetings.meeting:{self.pk}"

    @property
    def is_frozen(self) -> bool:
        """Whether the content can no longer change."""
        return self.state in {State.FILED, State.VOIDED}

    @property
    def stage(self) -> State:
        """The state as shown: a draft whose day has come is ``held`` and waits to be submitted."""
        if self.state == State.DRAFT and self.held_on <= clock.today():
            return State.HELD
        return State(self.state)

    @property
    def in_force(self) -> bool:
        """Whether this is the filed version that counts."""
        return self.state == State.FILED and self.replaced_by_id is None


class MeetingMonth(MonthFigures):
    """Meetings in force of a month by kind, and under the code ``""`` all of them, each once."""

    held = models.PositiveIntegerField("次数", default=0)
    due = models.PositiveIntegerField("应到人次", default=0)
    present = models.PositiveIntegerField("实到人次", default=0)
    excused = models.PositiveIntegerField("请假人次", default=0)
    absent = models.PositiveIntegerField("缺席人次", default=0)

    class Meta(MonthFigures.Meta):
        """Written by core.rollups only."""

        verbose_name = "会议月度统计"


class AgendaItem(models.Model):
    """One item of the agenda: what was discussed, and with how many speaking."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField("次序")
    topic = models.CharField("类型", max_length=20, choices=Topic, default=Topic.OTHER)
    title = models.CharField("议题", max_length=200)
    discussion = models.TextField("讨论情况", blank=True, max_length=10000)
    speakers = models.PositiveSmallIntegerField("发言人数", null=True, blank=True)
    leader_spoke_last = models.BooleanField("主要负责人末位发言", null=True, blank=True)

    class Meta:
        """In the order of the meeting."""

        verbose_name = "议题"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person on the roll; ``name`` is the name as it stood that day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    name = models.CharField("姓名", max_length=50)
    role = models.CharField("表决权", max_length=10, choices=RollRole, default=RollRole.VOTER)
    presence = models.CharField("到会情况", max_length=10, choices=Presence, default=Presence.PRESENT)
    excuse = models.CharField("请假种类", max_length=10, choices=Excuse, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A person stands once on a roll; an excuse belongs to an excused absence."""

        verbose_name = "到会"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="once_on_a_roll"),
            models.CheckConstraint(
                condition=Q(excuse="") | Q(presence="excused"),
                name="an_excuse_belongs_to_an_excused_absence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_presence_display()}"


class Vote(models.Model):
    """The totals of one vote; who voted how is not stored anywhere."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="vote")
    method = models.CharField("方式", max_length=10, choices=Method, default=Method.HANDS)
    candidates = models.PositiveSmallIntegerField("候选人数", default=1)
    issued = models.PositiveSmallIntegerField("发出", null=True, blank=True)
    returned = models.PositiveSmallIntegerField("收回", null=True, blank=True)
    void = models.PositiveSmallIntegerField("无效", default=0)
    in_favour = models.PositiveSmallIntegerField("赞成", default=0)
    against = models.PositiveSmallIntegerField("反对", default=0)
    abstain = models.PositiveSmallIntegerField("弃权", default=0)
    written_in_favour = models.PositiveSmallIntegerField("会前书面赞成", default=0)
    passed = models.BooleanField("宣布通过", null=True, blank=True)

    class Meta:
        """Totals only."""

        verbose_name = "表决"

    def __str__(self) -> str:
        return f"赞成{self.in_favour} 反对{self.against} 弃权{self.abstain}"


class Resolution(models.Model):
    """What was decided, who sees to it and until when, and whether it is done."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="resolutions")
    text = models.CharField("决议", max_length=1000)
    owner = models.CharField("责任人", max_length=50, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    done_on = models.DateField("落实日期", null=True, blank=True)
    outcome = models.CharField("落实情况", max_length=500, blank=True)

    class Meta:
        """In the order written."""

        verbose_name = "决议"
        ordering = ["id"]
        indexes = [models.Index(fields=["due_on"], name="resolution_open", condition=Q(done_on__isnull=True))]

    def __str__(self) -> str:
        return self.text[:30]


class RecordedFinding(models.Model):
    """What the check-up said when the record was filed, and the explanation kept with it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField("规则", max_length=10)
    level = models.CharField("程度", max_length=10)
    message = models.CharField("内容", max_length=500)
    clause = models.CharField("依据", max_length=200)
    explanation = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        """By rule."""

        verbose_name = "核对结果"
        ordering = ["rule", "id"]

    def __str__(self) -> str:
        return f"{self.rule} {self.message}"

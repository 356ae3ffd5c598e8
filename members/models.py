"""The register: member records, and the dated truth about branch, stage and rights."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from branches.models import Organization
from core.addresses import page_of
from members.choices import Category, Exempt, Precision, Rank, Stage, StayKind, Suspension
from members.querysets import ExemptionQuerySet, MemberQuerySet, MembershipQuerySet, StayQuerySet


class Member(models.Model):
    """A person in the register; ``organization``, ``group`` and ``stage`` cache today's truth for lists."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="member")
    organization = models.ForeignKey(
        Organization, verbose_name="所在党支部", on_delete=models.PROTECT, related_name="+"
    )
    group = models.ForeignKey(
        Organization,
        verbose_name="党小组",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    stage = models.CharField("党员类别", max_length=15, choices=Stage)
    category = models.CharField("人员类别", max_length=15, choices=Category, blank=True)
    rank = models.CharField("消防救援衔", max_length=5, choices=Rank, blank=True)
    duty = models.CharField("职务", max_length=50, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    native_place = models.CharField("籍贯", max_length=50, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    worked_from = models.DateField("参加工作时间", null=True, blank=True)
    worked_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    joined_on = models.DateField("入党时间", null=True, blank=True)
    joined_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    full_on = models.DateField("转正时间", null=True, blank=True)
    full_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    note = models.CharField("备注", max_length=200, blank=True)
    active = models.BooleanField("在册", default=True)
    version = models.PositiveIntegerField(default=1)

    objects = MemberQuerySet.as_manager()

    class Meta:
        """Found by branch; those without a rank have none."""

        verbose_name = "党员"
        ordering = ["organization__path", "person__pinyin", "id"]
        indexes = [
            models.Index(
                fields=["organization", "stage"], name="member_active_stage", condition=Q(active=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rank="") | ~Q(category__in=["contract", "clerk"]),
                name="contract_staff_and_clerks_have_no_rank",
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        """The page of the person."""
        return page_of("reports:person", self.pk)


class Membership(models.Model):
    """Which branch and group a person belonged to, and when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    group = models.ForeignKey(
        Organization,
        verbose_name="党小组",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="group_memberships",
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        """A person belongs to one branch at a time (ED-05)."""

        verbose_name = "组织关系"
        ordering = ["person", "since"]
        indexes = [models.Index(fields=["organization", "since", "until"], name="membership_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="one_branch_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} @ {self.organization}"


class Standing(models.Model):
    """Which stage a person stood at, and when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="standings")
    stage = models.CharField("阶段", max_length=15, choices=Stage)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)

    class Meta:
        """One stage at a time."""

        verbose_name = "党员身份"
        ordering = ["person", "since"]
        indexes = [models.Index(fields=["person", "stage", "since"], name="standing_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="one_stage_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_stage_display()}"


class RightsSuspension(models.Model):
    """A time in which a full member may not vote, elect or stand (选举条例 art 5); no case contents."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="suspensions")
    kind = models.CharField("情形", max_length=12, choices=Suspension)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        """In order of time."""

        verbose_name = "权利中止"
        ordering = ["person", "since"]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"


class Exemption(models.Model):
    """A time in which a member is not counted as due in a branch (不计入应到会, XA-01–07).

    It holds at a meeting only where the superior had consented and the members' meeting had approved
    by that day. A row that ends on the day it begins was taken back.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exemptions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="exemptions")
    reason = models.CharField("情形", max_length=20, choices=Exempt)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    consented_on = models.DateField("上级同意日期", null=True, blank=True)
    consented_by = models.CharField("同意的上级党组织", max_length=100, blank=True)
    consent_number = models.CharField("批复文号", max_length=100, blank=True)
    approved_on = models.DateField("党员大会通过日期", null=True, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        """One open row a person and branch."""

        verbose_name = "不计入应到会"
        ordering = ["person", "since"]
        indexes = [models.Index(fields=["organization", "since", "until"], name="exemption_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(until__isnull=True),
                name="one_open_exemption_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="an_exemption_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_reason_display()}"

    def consented_by_day(self, day: date) -> bool:
        """Whether the superior had consented by ``day``."""
        return self.consented_on is not None and self.consented_on <= day

    def approved_by_day(self, day: date) -> bool:
        """Whether the members' meeting had approved by ``day``."""
        return self.approved_on is not None and self.approved_on <= day

    def holds_on(self, day: date) -> bool:
        """Whether the member is left out on ``day``, which lies within the row: both conditions are met."""
        return self.consented_by_day(day) and self.approved_by_day(day)

    @property
    def lacking(self) -> str:
        """What is still missing, in words; empty where nothing is."""
        words = (("上级党组织同意", self.consented_on), ("党员大会通过", self.approved_on))
        return "、".join(word for word, day in words if day is None)


class Stay(models.Model):
    """A time in which a member takes part in another branch, the relation staying at home (MT-14, BR-08).

    A row that ends on the day it begins was taken back. The home is the membership of the day.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    organization = models.ForeignKey(
        Organization, verbose_name="参加组织生活的党支部", on_delete=models.PROTECT, related_name="stays"
    )
    kind = models.CharField("情形", max_length=12, choices=StayKind)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("事由", max_length=100)
    approval = models.CharField("批准文号", max_length=100, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        """One open row a person."""

        verbose_name = "临时参加组织生活"
        ordering = ["person", "since"]
        indexes = [models.Index(fields=["organization", "since", "until"], name="stay_days")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="one_open_stay_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_stay_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}在{self.organization}"

"""The organisation: tree, placements, terms, posts, local values."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from branches.choices import Kind, Office, UnitLevel
from branches.querysets import AppointmentQuerySet, OrganizationQuerySet
from core.addresses import page_of
from core.querysets import InScope


class Organization(models.Model):
    """A party (or youth) organisation; ``path`` caches today's place in the tree."""

    code = models.CharField("编号", max_length=30, unique=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=50)
    unit_name = models.CharField("所在单位（队伍名）", max_length=100, blank=True)
    bureau_name = models.CharField("所在单位（局名）", max_length=100, blank=True)
    kind = models.CharField("组织类别", max_length=20, choices=Kind)
    level = models.CharField("单位层级", max_length=20, choices=UnitLevel, blank=True)
    temporary = models.BooleanField("临时组织", default=False)
    joint = models.BooleanField("联合组织", default=False)
    parent = models.ForeignKey(
        "self",
        verbose_name="上级组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=140, unique=True)
    position = models.PositiveSmallIntegerField("编制次序", default=0)
    pinyin = models.CharField(max_length=400, blank=True, db_index=True)
    initials = models.CharField(max_length=100, blank=True)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    duties_from = models.DateField("启用日期")
    approval = models.CharField("批准文号", max_length=100, blank=True)
    study_group = models.BooleanField("设党委理论学习中心组", default=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        """In the order of the establishment under each parent."""

        verbose_name = "党组织"
        ordering = ["path"]
        indexes = [models.Index(fields=["parent", "position", "id"], name="organization_children")]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        """The page of the organisation."""
        return page_of("reports:organization", self.pk)

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the parent, read from the path without a query."""
        from branches.querysets import STEP

        steps = [int(self.path[i : i + STEP]) for i in range(0, len(self.path), STEP)]
        return steps[:-1]


class Placement(models.Model):
    """Where an organisation stood in the tree and when: the truth behind ``path``."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        """One open placement for each organisation."""

        verbose_name = "隶属关系"
        ordering = ["organization", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(until__isnull=True),
                name="one_open_placement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} ← {self.parent}"


class Term(models.Model):
    """One term of a committee (届)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField("届次", default=1)
    started_on = models.DateField("产生日期")
    years = models.PositiveSmallIntegerField("任期（年）")
    ends_on = models.DateField("届满日期")
    shift_days = models.SmallIntegerField("经批准提前或延期（天）", default=0)
    approval = models.CharField("批准文号", max_length=100, blank=True)

    class Meta:
        """Newest first."""

        verbose_name = "届次"
        ordering = ["organization", "-started_on"]

    def __str__(self) -> str:
        return f"{self.organization} 第{self.number}届"


class Appointment(models.Model):
    """Who holds which office or staff role where, and when; rights come only from current ones."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    office = models.CharField("职务", max_length=30, choices=Office)
    division = models.CharField("分工", max_length=100, blank=True)
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)
    approval = models.CharField("批准文号", max_length=100, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        """A person holds an office in an organisation once at a time."""

        verbose_name = "任职"
        ordering = ["organization", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "office"],
                condition=Q(until__isnull=True),
                name="one_open_appointment_to_an_office",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="an_appointment_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}{self.get_office_display()}"


class LocalValue(models.Model):
    """A parameter that a committee sets for its own subtree, with dates and a reason."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="local_values")
    code = models.CharField("参数", max_length=60)
    value = models.JSONField("值")
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("依据", max_length=200)

    objects = InScope.as_manager()

    class Meta:
        """One value from one day."""

        verbose_name = "本级规定"
        ordering = ["organization", "code", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code", "since"], name="one_local_value_from_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.code}={self.value}"

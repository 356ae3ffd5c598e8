"""Persons and users: a person may have at most one user; numbers are kept encrypted."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.choices import AdminRole, Sex
from accounts.querysets import PersonQuerySet, UserQuerySet
from core.addresses import page_of

UserManager = BaseUserManager.from_queryset(UserQuerySet)


class Person(models.Model):
    """A person; identity number and phone are ciphertext with a blind index beside them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=200, blank=True, db_index=True)
    initials = models.CharField("简拼", max_length=50, blank=True, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_number = models.TextField("公民身份号码（密文）", blank=True)
    id_number_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    id_number_mask = models.CharField("公民身份号码", max_length=18, blank=True)
    phone = models.TextField("联系电话（密文）", blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_mask = models.CharField("联系电话", max_length=20, blank=True)
    created_at = models.DateTimeField("登记时间")

    objects = PersonQuerySet.as_manager()

    class Meta:
        """In pinyin order, as lists of names are read."""

        verbose_name = "人员"
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """An account. Rights come from current posts of its person, or from one administrator role."""

    username = models.CharField("用户名", max_length=50, unique=True)
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="user"
    )
    admin_role = models.CharField(
        "管理员角色", max_length=12, choices=AdminRole, default=AdminRole.NONE, blank=True
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    unlocked_at = models.DateTimeField("解除锁定时间", null=True, blank=True)
    created_at = models.DateTimeField("开户时间")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        """An administrator holds no person's posts."""

        verbose_name = "账号"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(admin_role="") | Q(person__isnull=True),
                name="an_administrator_has_no_person_record",
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Password and role: whoever is given a role or loses it is out at the next request."""
        key = "accounts.models.User.session"
        signed = self.password + self.admin_role
        return salted_hmac(key, signed, secret=secret, algorithm="sha256").hexdigest()

    def get_absolute_url(self) -> str:
        """The page of the account in the system administrator's console."""
        return page_of("accounts:user", self.pk)

    @property
    def display_name(self) -> str:
        """The person's name, or the administrator's role, or the user name."""
        if self.person is not None:
            return self.person.name
        return self.get_admin_role_display() if self.admin_role else self.username


class UsedPassword(models.Model):
    """The hash of a password of before, so that it is not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField("摘要", max_length=128)

    class Meta:
        """Newest first."""

        verbose_name = "用过的密码"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.pk}"


class SecondFactor(models.Model):
    """The one-time codes of an account; the row is there once a first code has proved the device."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret = models.TextField("密钥（密文）")
    last_step = models.BigIntegerField("最近用过的时间步")
    confirmed_at = models.DateTimeField("启用时间")

    class Meta:
        """One for an account."""

        verbose_name = "动态口令"

    def __str__(self) -> str:
        return f"{self.user}的动态口令"


class RecoveryCode(models.Model):
    """A code for the day on which the device is lost; kept as a digest, good once."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField("摘要", max_length=64)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        """A digest stands once."""

        verbose_name = "恢复码"
        constraints = [
            models.UniqueConstraint(fields=["factor", "digest"], name="a_recovery_code_is_given_once")
        ]

    def __str__(self) -> str:
        return f"恢复码 {self.pk}"

"""Words about persons and users."""

from django.db.models import TextChoices


class Sex(TextChoices):
    """As on the identity card."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class AdminRole(TextChoices):
    """The three administrators (三员); a property of the user, exclusive with posts."""

    NONE = "", "无"
    SYSTEM = "sysadmin", "系统管理员"
    SECURITY = "secadmin", "安全管理员"
    AUDIT = "auditadmin", "审计管理员"

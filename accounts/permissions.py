"""Who may do what with accounts and persons. Posts are the matter of the rooms above."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from accounts import rules, sessions
from accounts.choices import AdminRole
from accounts.models import SecondFactor, User
from core import clock
from core.decisions import Allowed, Decision, Denied

if TYPE_CHECKING:
    from core.actor import Actor

SYSTEM_VERBS = frozenset(
    {
        "create_user",
        "create_person",
        "update_person",
        "set_numbers",
        "grant_admin_role",
        "unlock",
        "reset_factor",
    }
)
"""What a job of the system (first start, demo, import, command on the server) may do here."""

NEEDS_SYSADMIN = "账号由系统管理员管理，请联系本单位系统管理员。"
NEEDS_AUDITADMIN = "操作记录由审计管理员查阅，请联系本单位审计管理员。"
ADMIN_NO_BUSINESS = "管理员账号不办理党务业务，请由承担相应职务的同志办理。"
OWN_ACCOUNT = "不能停用或重置本人账号，请由另一名系统管理员办理。"
OWN_FACTOR = "不能重置本人的动态口令，请由另一名系统管理员办理，或凭恢复码自行更换。"
CLOSED = "账号已停用，请先启用账号。"
DORMANT = "账号超过 {days} 天没有登录，已锁定，请联系本单位系统管理员解除锁定。"
LAST_OF_ITS_KIND = "这是在用的最后一名{role}，不能撤销；请先授予接任者这一角色。"
CLOSED_SIGN_IN = "账号已停用，请联系本单位系统管理员。"


def can_manage_users(user: User | None) -> Decision:
    """See, open, reset, unlock, disable accounts: the system administrator (GB/T 22239 8.1.5)."""
    if user is not None and user.admin_role == AdminRole.SYSTEM:
        return Allowed()
    return Denied(NEEDS_SYSADMIN)


def can_create_user(by: Actor) -> Decision:
    """Open accounts: the system administrator, or the first start."""
    return Allowed() if _is_job(by, "create_user") else can_manage_users(by.user)


def can_reset(by: Actor, user: User) -> Decision:
    """Give a new one-time password; not to oneself and not to a disabled account."""
    if by.user is not None and by.user.pk == user.pk:
        return Denied(OWN_ACCOUNT)
    if not user.is_active:
        return Denied(CLOSED)
    return can_manage_users(by.user)


def can_unlock(by: Actor, user: User) -> Decision:
    """Forget failed sign-ins and the long absence of an account that is in use."""
    if not user.is_active:
        return Denied(CLOSED)
    return Allowed() if _is_job(by, "unlock") else can_manage_users(by.user)


def can_reset_factor(by: Actor, user: User) -> Decision:
    """Take a lost second factor off; one's own is the matter of another system administrator."""
    if by.user is not None and by.user.pk == user.pk:
        return Denied(OWN_FACTOR)
    if not SecondFactor.objects.filter(user=user).exists():
        return Denied("该账号没有启用动态口令，无须重置。")
    return Allowed() if _is_job(by, "reset_factor") else can_manage_users(by.user)


def can_disable(by: Actor, user: User) -> Decision:
    """Disable or enable an account; nobody disables oneself."""
    if by.user is not None and by.user.pk == user.pk:
        return Denied(OWN_ACCOUNT)
    return can_manage_users(by.user)


def can_grant_admin_role(by: Actor, user: User) -> Decision:
    """Make an account an administrator's: the first start, or secadmin for somebody else.

    Administrators have no person behind them, so that no post can be joined to the role (D 1).
    """
    if user.person_id is not None:
        return Denied("该账号对应花名册中的人员，不能兼任管理员，请另开管理员账号。")
    if user.admin_role:
        return Denied("该账号已是管理员，三类管理员不得兼任。")
    if _is_job(by, "grant_admin_role"):
        return Allowed()
    if by.user is None or by.user.admin_role != AdminRole.SECURITY or by.user.pk == user.pk:
        return Denied("管理员角色由安全管理员授予，且不能授予本人。")
    if not user.is_active:
        return Denied(CLOSED)
    return Allowed()


def can_revoke_admin_role(by: Actor, user: User) -> Decision:
    """Take the role of an administrator back: secadmin, never the own, never the last of a kind (D 2).

    A role without anybody in use would leave the portal without accounts, grants or a reader of the trail.
    """
    if not user.admin_role:
        return Denied("该账号没有管理员角色，无须撤销。")
    if by.user is None or by.user.admin_role != AdminRole.SECURITY or by.user.pk == user.pk:
        return Denied("管理员角色由安全管理员撤销，且不能撤销本人的角色。")
    others = User.objects.filter(admin_role=user.admin_role, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        return Denied(LAST_OF_ITS_KIND.format(role=user.get_admin_role_display()))
    return Allowed()


def can_see_roles(user: User | None) -> Decision:
    """See who is which administrator: who grants the roles, and who audits them."""
    if user is not None and user.admin_role in (AdminRole.SECURITY, AdminRole.AUDIT):
        return Allowed()
    return Denied("管理员角色由安全管理员授予，请联系本单位安全管理员。")


def can_read_audit(user: User | None) -> Decision:
    """Read the whole audit trail: the audit administrator."""
    if user is not None and user.admin_role == AdminRole.AUDIT:
        return Allowed()
    return Denied(NEEDS_AUDITADMIN)


def can_keep_person(by: Actor, verb: str) -> Decision:
    """Enter or change a person's data; which posts may, the register has decided before."""
    if _is_job(by, verb):
        return Allowed()
    if by.user is None or by.user.admin_role:
        return Denied(ADMIN_NO_BUSINESS)
    return Allowed()


def can_sign_in(user: User) -> Decision:
    """After the right password: not with an old initial one (ASVS 6.4.1), not after long absence."""
    given = user.password_changed_at
    age = timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)
    if user.must_change_password and given is not None and clock.now() - given > age:
        return Denied("初始密码已过有效期，请联系本单位系统管理员重置。")
    if is_dormant(user):
        return Denied(DORMANT.format(days=settings.DORMANT_DAYS))
    return Allowed()


def can_act(user: User) -> Decision:
    """Have done in the background what was asked for: not any more once the account is closed."""
    return Allowed() if user.is_active else Denied(CLOSED_SIGN_IN)


def is_dormant(user: User) -> bool:
    """Whether nobody has used the account for ``DORMANT_DAYS``: signed in, got a password, unlocked."""
    signs = (user.last_login, user.password_changed_at, user.unlocked_at)
    return rules.is_dormant(signs, clock.now(), settings.DORMANT_DAYS)


def can_take_token(user: User) -> Decision:
    """Sign in through the API: only with an own password, and the second factor where it is due."""
    if user.must_change_password:
        return Denied("请先在网页登录并修改初始密码，再使用接口。")
    if sessions.asked(user) and not SecondFactor.objects.filter(user=user).exists():
        return Denied("请先在网页登录并启用动态口令，再使用接口。")
    return can_sign_in(user)


def _is_job(by: Actor, verb: str) -> bool:
    return by.is_system and verb in SYSTEM_VERBS

"""What waits for each of the three administrators: numbers with a way to the page that deals with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from accounts import queries as accounts
from accounts.choices import AdminRole
from core import chain, clock
from core.models import AuditEntry, Job
from core.models.jobs import JobState
from core.queries import pulse

if TYPE_CHECKING:
    from accounts.models import User

WATCHED = (
    "登录锁定",
    "登录失败",
    "开通账号",
    "停用账号",
    "重置密码",
    "重置动态口令",
    "使用恢复码",
    "授予管理员角色",
    "查看号码",
    "导出清单",
)
"""Events that the audit administrator looks at first: doors, rights, personal numbers, lists taken away."""
WEEK = timedelta(days=7)
LATEST = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the home page: what, how many, where it is dealt with; ``bad`` asks for attention."""

    words: str
    value: str
    url: str = ""
    bad: bool = False


def waiting_for(user: User) -> list[Waiting]:
    """The lines for the role of ``user``."""
    match user.admin_role:
        case AdminRole.SYSTEM:
            return [*_accounts(), *_running()]
        case AdminRole.SECURITY:
            return _roles()
        case AdminRole.AUDIT:
            return [_chain(), *_watched()]
    return []


def changes_of_the_law() -> list[AuditEntry]:
    """The latest changes of common and local values, for the security administrator."""
    about = Q(subject__startswith="regulations.parameter:") | Q(subject__startswith="branches.localvalue:")
    return list(AuditEntry.objects.filter(about)[:LATEST])


def _accounts() -> list[Waiting]:
    """Accounts that somebody may be waiting for."""
    numbers, page = accounts.account_numbers(), reverse("accounts:users")
    lines = (
        ("已锁定的账号", "locked"),
        ("久未登录已锁定的账号", "dormant"),
        ("待改初始密码的账号", "initial"),
    )
    return [
        Waiting(words, f"{numbers[state]} 个", f"{page}?state={state}", bad=numbers[state] > 0)
        for words, state in lines
    ]


def _running() -> list[Waiting]:
    """Background work and the sign of life of the worker (``/readyz`` tells the rest)."""
    jobs = Job.objects.aggregate(
        failed=Count("pk", filter=Q(state=JobState.FAILED)),
        waiting=Count("pk", filter=Q(state__in=[JobState.QUEUED, JobState.RUNNING])),
    )
    found = pulse()
    return [
        Waiting("未完成的后台任务", f"{jobs['failed']} 个", reverse("reports:jobs"), bad=jobs["failed"] > 0),
        Waiting("排队和进行中的任务", f"{jobs['waiting']} 个", reverse("reports:jobs")),
        Waiting("后台进程最近信号", _ago(found.seconds), reverse("core:readyz"), bad=bool(found.silent)),
        Waiting("定时任务最近信号", _ago(found.beat), reverse("core:readyz"), bad=not found.beats),
    ]


def _ago(seconds: int | None) -> str:
    return "没有信号" if seconds is None else f"{seconds} 秒前"


def _roles() -> list[Waiting]:
    """Accounts of administrators, and those that wait for a role."""
    numbers, page = accounts.role_numbers(), reverse("accounts:roles")
    lines = [
        Waiting(AdminRole(role).label, f"{numbers[role]} 个", page, bad=numbers[role] == 0)
        for role in (AdminRole.SYSTEM, AdminRole.SECURITY, AdminRole.AUDIT)
    ]
    return [*lines, Waiting("待授予角色的账号", f"{numbers['none']} 个", page, bad=numbers["none"] > 0)]


def _chain() -> Waiting:
    """How the chains stood when they were last checked."""
    checked = AuditEntry.objects.filter(verb=chain.CHECKED).first()
    page = f"{reverse('accounts:audit')}?{urlencode({'verb': chain.CHECKED})}"
    if checked is None:
        return Waiting("存证链核对", "尚未核对", page, bad=True)
    broken = checked.after["不符"]
    day = f"{checked.at.astimezone(clock.now().tzinfo):%Y-%m-%d %H:%M}"
    result = f"{broken} 条链有不符" if broken else f"完整，共 {checked.after['环数']} 环"
    return Waiting("存证链核对", f"{result}（{day}）", page, bad=broken > 0)


def _watched() -> list[Waiting]:
    """The events of the last seven days by kind, and everything that was refused."""
    since = clock.now() - WEEK
    recent = AuditEntry.objects.filter(at__gte=since)
    counted = recent.aggregate(
        refused=Count("pk", filter=Q(result="denied")),
        **{f"n{i}": Count("pk", filter=Q(verb=verb)) for i, verb in enumerate(WATCHED)},
    )
    day = f"{since.date():%Y-%m-%d}"
    lines = [
        Waiting(f"近七日{verb}", f"{counted[f'n{i}']} 次", _trail(verb=verb, since=day))
        for i, verb in enumerate(WATCHED)
    ]
    refused = counted["refused"]
    url = _trail(result="denied", since=day)
    return [Waiting("近七日被拒绝的操作", f"{refused} 次", url, bad=refused > 0), *lines]


def _trail(**query: str) -> str:
    return f"{reverse('accounts:audit')}?{urlencode(query)}"

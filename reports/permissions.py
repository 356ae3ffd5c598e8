"""Who words, reviews and issues bulletins; who runs a cycle by hand."""

from __future__ import annotations

from accounts.choices import AdminRole
from accounts.models import User
from branches.choices import COMMITTEE_OFFICES, POLITICAL_OFFICES, Kind
from branches.models import Organization
from branches.queries import holds
from core.actor import Actor
from core.decisions import Allowed, Decision, Denied
from reports.choices import BulletinState
from reports.models import Bulletin


def can_see_grants(user: User | None) -> Decision:
    """See who holds which post: the security administrator, and the audit administrator to look (G7)."""
    if user is not None and user.admin_role in (AdminRole.SECURITY, AdminRole.AUDIT):
        return Allowed()
    return Denied("业务授权由安全管理员查阅，请联系本单位安全管理员。")


def can_run_cycle(by: Actor, organization: Organization) -> Decision:
    """The political department of the issuing committee, or the schedule."""
    if organization.kind != Kind.COMMITTEE:
        return Denied("只有党委印发通报")
    if by.is_system or holds(by.user, organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("周期由本级政治部门启动")


def can_word(by: Actor, bulletin: Bulletin) -> Decision:
    """The political department words a draft; the numbers stay as frozen."""
    if bulletin.state != BulletinState.DRAFT:
        return Denied("通报已核稿，退回后才能修改")
    if holds(by.user, bulletin.organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("通报由本级政治部门起草")


def can_review(by: Actor, bulletin: Bulletin) -> Decision:
    """The political department passes the draft on to the leader."""
    if bulletin.state != BulletinState.DRAFT:
        return Denied("通报不在起草状态")
    if holds(by.user, bulletin.organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("核稿由本级政治部门负责")


def can_return(by: Actor, bulletin: Bulletin) -> Decision:
    """Department or leader send a reviewed draft back for wording."""
    if bulletin.state != BulletinState.REVIEWED:
        return Denied("只有待签发的通报可以退回")
    if holds(by.user, bulletin.organization, (*POLITICAL_OFFICES, *COMMITTEE_OFFICES)):
        return Allowed()
    return Denied("退回由本级政治部门或党委领导办理")


def can_issue(by: Actor, bulletin: Bulletin) -> Decision:
    """A leader of the committee issues; whoever reviewed it may not (maker ≠ checker)."""
    if bulletin.state != BulletinState.REVIEWED:
        return Denied("通报核稿后才能签发")
    if by.user is not None and by.user.pk == bulletin.reviewed_by_id:
        return Denied("核稿人不能签发同一份通报")
    if holds(by.user, bulletin.organization, COMMITTEE_OFFICES):
        return Allowed()
    return Denied("通报由本级党委领导签发")


def can_reissue(by: Actor, bulletin: Bulletin) -> Decision:
    """The department opens a new version of an issued bulletin, with a reason."""
    if bulletin.state != BulletinState.ISSUED:
        return Denied("只有已印发的通报可以更正")
    if Bulletin.objects.filter(cycle=bulletin.cycle, version__gt=bulletin.version).exists():
        return Denied("已有更新的版次")
    if holds(by.user, bulletin.organization, POLITICAL_OFFICES):
        return Allowed()
    return Denied("更正由本级政治部门办理")

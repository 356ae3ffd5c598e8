"""Who opens, scores and reviews a round: never one's own unit."""

from __future__ import annotations

from assessments.choices import Source, State
from assessments.models import Indicator, Round
from branches.choices import POLITICAL_OFFICES
from branches.models import Organization
from branches.queries import holds_above
from core.actor import Actor
from core.decisions import Allowed, Decision, Denied


def _assesses(by: Actor, organization: Organization) -> bool:
    """Whether the actor sits in a political department strictly above ``organization``."""
    parent = organization.parent
    return parent is not None and holds_above(by.user, parent, POLITICAL_OFFICES)


def can_open(by: Actor, organization: Organization) -> Decision:
    """A political department above the organisation opens a round."""
    if by.is_system or _assesses(by, organization):
        return Allowed()
    return Denied("考核由上级政治部门组织，本单位不给自己评分")


def can_score(by: Actor, round_: Round, indicator: Indicator) -> Decision:
    """Manual indicators are scored by the department above; counted ones by nobody."""
    if indicator.source != Source.MANUAL:
        return Denied("此项由系统按事实计算，不能手工评分")
    if by.is_system or _assesses(by, round_.organization):
        return Allowed()
    return Denied("评分由上级政治部门进行，本单位不给自己评分")


def can_review(by: Actor, round_: Round) -> Decision:
    """The department above settles a round whose manual scores are all given."""
    if round_.state == State.REVIEWED:
        return Denied("本轮已评定")
    if round_.scores.filter(indicator__source=Source.MANUAL, points__isnull=True).exists():
        return Denied("还有人工指标没有评分")
    if by.is_system or _assesses(by, round_.organization):
        return Allowed()
    return Denied("评定由上级政治部门进行")

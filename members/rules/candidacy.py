"""The facts of an admission case: an absent fact is unknown, ``None`` has not happened (yet)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from regulations.facts import UNKNOWN, Span, Unknown, named

Day = date | None | Unknown
Count = int | None | Unknown
Version = Literal["2014", "2026"]
Approver = Literal["committee", "general_branch", "party_group", "temporary"]


APPROVERS: dict[str, str] = {
    "committee": "党委",
    "general_branch": "党总支",
    "party_group": "党组",
    "temporary": "临时党组织",
}


@dataclass(frozen=True, slots=True)
class Training:
    """The short training (集中培训); days, or 学时."""

    days: Count = UNKNOWN
    hours: Count = UNKNOWN
    ended: Day = UNKNOWN


@dataclass(frozen=True, slots=True)
class Steps:
    """The day of each step, in the order of the procedure."""

    applied: Day = UNKNOWN
    talked: Day = UNKNOWN
    activist: Day = UNKNOWN
    reviews: tuple[date | None, ...] | None | Unknown = UNKNOWN
    candidate_agreed: Day = UNKNOWN
    notice_from: Day = UNKNOWN
    notice_to: Day = UNKNOWN
    candidate: Day = UNKNOWN
    political_review: Day = UNKNOWN
    training: Training | None | Unknown = UNKNOWN
    pre_review: Day = UNKNOWN
    admission_meeting: Day = UNKNOWN
    committee_talk: Day = UNKNOWN
    approved: Day = UNKNOWN
    oath: Day = UNKNOWN
    full_application: Day = UNKNOWN
    full_meeting: Day = UNKNOWN
    full_approved: Day = UNKNOWN
    extension_months: Span | None | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Contact:
    """A member who guides the activist (培养联系人)."""

    full_member: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Introducer:
    """A member who introduces the candidate (入党介绍人)."""

    full_member: bool | Unknown = UNKNOWN
    under_probation_of_discipline: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote of the members' meeting; ``written_for`` are opinions handed in before it."""

    due: Count = UNKNOWN
    present: Count = UNKNOWN
    secret: bool | Unknown = UNKNOWN
    in_favour: Count = named("for")
    written_for: Count = UNKNOWN
    candidates_in_ballot: Count = UNKNOWN


@dataclass(frozen=True, slots=True)
class Candidacy:
    """The record of kind ``candidacy``; ``rule_version`` None judges each step by its own date."""

    rule_version: Version | None = None
    born: Day = UNKNOWN
    steps: Steps = field(default_factory=Steps)
    contacts: tuple[Contact, ...] | None | Unknown = UNKNOWN
    introducers: tuple[Introducer, ...] | None | Unknown = UNKNOWN
    approver: Approver | None | Unknown = UNKNOWN
    political_review_passed: bool | None | Unknown = UNKNOWN
    extensions: Count = UNKNOWN
    admission_vote: Vote | None | Unknown = UNKNOWN
    full_vote: Vote | None | Unknown = UNKNOWN


LABELS = {
    "born": "出生日期",
    "applied": "申请入党日期",
    "talked": "派人谈话日期",
    "activist": "确定为入党积极分子日期",
    "reviews": "定期考察日期",
    "candidate_agreed": "支部讨论、上级党委同意（备案）日期",
    "notice_from": "公示开始日期",
    "notice_to": "公示结束日期",
    "candidate": "列为发展对象日期",
    "political_review": "政治审查日期",
    "training": "集中培训",
    "pre_review": "预审日期",
    "admission_meeting": "接收预备党员的党员大会日期",
    "committee_talk": "上级派人谈话日期",
    "approved": "审批日期",
    "oath": "入党宣誓日期",
    "full_application": "转正申请日期",
    "full_meeting": "讨论转正的党员大会日期",
    "full_approved": "转正审批日期",
    "extension_months": "延长预备期的月数",
    "extensions": "延长预备期的次数",
    "contacts": "培养联系人",
    "introducers": "入党介绍人",
    "approver": "审批的党组织",
    "political_review_passed": "政治审查结论",
    "admission_vote": "接收预备党员的表决情况",
    "full_vote": "讨论转正的表决情况",
}
"""The Chinese name of each fact."""

ORDER = (
    "applied",
    "talked",
    "activist",
    "reviews",
    "candidate_agreed",
    "notice_from",
    "notice_to",
    "candidate",
    "political_review",
    "training",
    "pre_review",
    "admission_meeting",
    "committee_talk",
    "approved",
    "oath",
    "full_application",
    "full_meeting",
    "full_approved",
)
"""The steps as they follow each other."""

"""Who holds and chairs a meeting, what it decides (MT-04, 05; CM-04, 20; BR-10; DL-01; TS-04)."""

from __future__ import annotations

from collections.abc import Iterator

from branches.rules.facts import Organization
from meetings.rules.facts import Meeting
from meetings.rules.items import is_settled, name_of, numbered
from regulations.facts import UNKNOWN
from regulations.rules import Finding, Law


def reserved_powers(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """MT-04: what is reserved to the members' meeting is not closed by a committee or a group."""
    reserved = law.value("MT-04.topics")
    if meeting.agenda is UNKNOWN:
        yield from law.lacks("MT-04", "议题")
    for place, item in numbered(meeting):
        settled = is_settled(item)
        if item.topic is UNKNOWN and settled:
            yield from law.lacks("MT-04", f"{place}的类型")
        elif item.topic is UNKNOWN or not reserved.lists(item.topic) or settled is False:
            continue
        elif settled is None:
            yield from law.lacks("MT-04", f"{place}的表决和决议情况")
        else:
            yield law.breaks("MT-04", f"{place}属于党员大会的职权，不能由{name_of(meeting)}决定")


def discussed(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """MT-05: an item is discussed before the vote."""
    if meeting.agenda is UNKNOWN:
        yield from law.lacks("MT-05", "议题")
    for place, item in numbered(meeting):
        if not is_settled(item):
            continue
        if item.discussed is UNKNOWN:
            yield from law.lacks("MT-05", f"{place}的讨论情况")
        elif not item.discussed:
            yield law.breaks("MT-05", f"{place}没有经过讨论就表决")


def chair(meeting: Meeting, law: Law, allowed: str) -> Iterator[Finding]:
    """CM-20: the secretary chairs, or a deputy or member entrusted; a group its leader."""
    if meeting.chair is UNKNOWN:
        yield from law.lacks("CM-20", "主持人")
    elif not law.value(f"CM-20.{allowed}").lists(meeting.chair):
        who = {
            "branch_chairs": "应由书记主持，书记不能参加的委托副书记或者委员主持",
            "group_chairs": "应由党小组组长主持",
        }
        yield law.breaks("CM-20", f"{name_of(meeting)}{who[allowed]}", chair=meeting.chair)


def small_branch(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """CM-04: a branch with fewer than seven full members has no committee that could meet."""
    body, few = organization(meeting), law.value("CM-04.full_members")
    if body.kind is UNKNOWN or (body.kind == "branch" and body.full_members is UNKNOWN):
        yield from law.lacks("CM-04", "党组织类别或者正式党员人数")
    elif body.kind != "branch" or body.full_members is UNKNOWN:
        return
    elif few.admits(body.full_members):
        message = f"正式党员 {body.full_members} 人，{few.words}的不设支部委员会，由党员大会决定"
        yield law.breaks("CM-04", message, full_members=body.full_members)


def temporary_branch(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """BR-10: a temporary branch generally does not admit, punish or elect."""
    body, barred = organization(meeting), law.value("BR-10.topics")
    if body.temporary is not True or body.kind not in {"branch", UNKNOWN}:
        return
    for place, item in numbered(meeting):
        if item.topic is not UNKNOWN and barred.lists(item.topic):
            yield law.breaks("BR-10", f"{place}：临时党支部一般不办理这类事项")


def democratic_life(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """DL-01: a branch holds a 组织生活会 and no 民主生活会."""
    body = organization(meeting)
    if body.kind is UNKNOWN:
        yield from law.lacks("DL-01", "党组织类别")
    elif law.value("DL-01.excluded").lists(body.kind):
        yield law.breaks("DL-01", "党支部、党小组不召开民主生活会，应当召开组织生活会")


def study_group(meeting: Meeting, law: Law) -> Iterator[Finding]:
    """TS-04: only a committee has a 理论学习中心组."""
    body = organization(meeting)
    if body.kind is UNKNOWN:
        yield from law.lacks("TS-04", "党组织类别")
    elif not law.value("TS-04.kinds").lists(body.kind):
        yield law.breaks("TS-04", "理论学习中心组设在党委，党支部不设中心组")


def organization(meeting: Meeting) -> Organization:
    """The organisation of the meeting; one of which nothing is known when absent."""
    return Organization() if meeting.organization is UNKNOWN else meeting.organization

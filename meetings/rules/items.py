"""What the agenda says: which items were settled, and under which rule they fall."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.choices import Topic
from meetings.rules.facts import Item, Meeting
from regulations.facts import UNKNOWN

ADMISSION = frozenset({Topic.ADMIT, Topic.TRANSFER_FULL})
"""Votes under DP-18 and DP-19 in place of MT-02 and MT-03."""

ELECTION = frozenset({Topic.ELECT})
"""Votes under EL-09 and EL-18 in place of MT-02 and MT-03."""

CADRES = frozenset({Topic.APPOINT_CADRE})
"""Votes under PC-05."""

ORDINARY = frozenset(Topic) - ADMISSION - ELECTION
"""All other votes."""

HEARD = frozenset({Topic.REPORT, Topic.STUDY, Topic.OTHER})
"""Topics that are usually heard or talked about without a vote."""


def numbered(meeting: Meeting) -> Iterator[tuple[str, Item]]:
    """The items with their place in words (``第2项“选举”``); none of an unknown agenda."""
    agenda = () if meeting.agenda is UNKNOWN else meeting.agenda
    for number, item in enumerate(agenda, start=1):
        topic = "" if item.topic is UNKNOWN else f"“{item.topic.label}”"
        yield f"第{number}项{topic}", item


def has_ballots(item: Item) -> bool:
    """Whether a vote was counted on the item: any tally above zero."""
    tallies = (
        item.in_favour,
        item.against,
        item.abstain,
        item.void,
        item.returned,
        item.issued,
        item.written_in_favour,
    )
    return any(isinstance(tally, int) and tally > 0 for tally in tallies)


def is_settled(item: Item) -> bool | None:
    """Whether the meeting voted or decided on the item; None when neither is known."""
    if has_ballots(item) or has_decision(item):
        return True
    return None if item.decision is UNKNOWN and item.in_favour is UNKNOWN else False


def has_decision(item: Item) -> bool:
    """Whether a decision is written down."""
    return isinstance(item.decision, str) and bool(item.decision.strip())


def is_rejected(item: Item) -> bool:
    """Whether it is known that nothing was decided: a vote that fell short is in order."""
    return item.decision is not UNKNOWN and not has_decision(item)


def falls_under(item: Item, topics: frozenset[Topic]) -> bool | None:
    """Whether the item was settled and is of ``topics``; None when its topic is unknown.

    The topic is what a vote decides: where nothing is known of the ballots a vote was taken,
    except on the topics that are usually only heard or talked about.
    """
    settled = is_settled(item)
    if item.topic is UNKNOWN:
        return None if settled else False
    if item.topic not in topics:
        return False
    return item.topic not in HEARD if settled is None else settled


def concerns(meeting: Meeting, topics: frozenset[Topic]) -> bool | None:
    """Whether the meeting settled any item of ``topics``; None when that is unknown."""
    if meeting.agenda is UNKNOWN:
        return None
    answers = {falls_under(item, topics) for item in meeting.agenda}
    if True in answers:
        return True
    return None if None in answers else False


_NAMES = {
    "members_meeting": "党员大会",
    "committee_meeting": "支部委员会会议",
    "group_meeting": "党小组会",
}


def name_of(meeting: Meeting) -> str:
    """The kind of meeting in Chinese, for a sentence."""
    return _NAMES.get(str(meeting.kind), "会议")

"""Reads of this room; read-only."""

from meetings.queries.chained import VOIDING, VOTED, canonical_content, voiding_content
from meetings.queries.facts import (
    Quorum,
    all_facts,
    book_of,
    findings,
    findings_of,
    leading_kind,
    meeting_facts,
    quorum,
)
from meetings.queries.records import (
    MINUTES,
    Gathered,
    attachments,
    gathered_in,
    last_meeting,
    minutes_of,
    open_resolutions,
    versions,
)
from meetings.queries.rolls import (
    ExpectedPerson,
    Register,
    bodies_met,
    bodies_of,
    expected_roll,
    groups_on,
    post_on,
    register_on,
)

__all__ = [
    "MINUTES",
    "VOIDING",
    "VOTED",
    "ExpectedPerson",
    "Gathered",
    "Quorum",
    "Register",
    "all_facts",
    "attachments",
    "bodies_met",
    "bodies_of",
    "canonical_content",
    "expected_roll",
    "findings",
    "gathered_in",
    "book_of",
    "findings_of",
    "groups_on",
    "last_meeting",
    "leading_kind",
    "meeting_facts",
    "minutes_of",
    "open_resolutions",
    "post_on",
    "quorum",
    "register_on",
    "versions",
    "voiding_content",
]

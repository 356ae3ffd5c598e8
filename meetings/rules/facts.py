"""The facts of a meeting that the check-up reads; absent means unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from branches.rules.facts import Organization
from meetings.choices import Topic
from regulations.facts import UNKNOWN, Unknown, Year, named

Kind = Literal[
    "members_meeting",
    "committee_meeting",
    "group_meeting",
    "party_lesson",
    "theme_day",
    "organisation_life",
    "democratic_life",
    "study_group",
    "party_committee",
]
Chair = Literal["secretary", "deputy", "member", "group_leader", "other"]
AbsenceReason = Literal["on_call", "on_duty", "business", "sick", "leave", "unexcused", "other"]
ExclusionReason = Literal[
    "incapacity",
    "abroad",
    "serving_sentence",
    "long_illness",
    "away_half_year",
    "retired_home",
    "suspended",
]


@dataclass(frozen=True, slots=True)
class Absence:
    """How many voters were absent for one reason."""

    reason: AbsenceReason | Unknown = UNKNOWN
    count: int | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Exclusion:
    """How many members were left out of those due, why, and who agreed."""

    reason: ExclusionReason | Unknown = UNKNOWN
    superior_consent: bool | Unknown = UNKNOWN
    meeting_approved: bool | Unknown = UNKNOWN
    count: int | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the agenda; ``topic`` is what its vote decides, a mere review is ``other``."""

    topic: Topic | Unknown = UNKNOWN
    discussed: bool | Unknown = UNKNOWN
    candidates: int | Unknown = UNKNOWN
    secret: bool | Unknown = UNKNOWN
    issued: int | Unknown = UNKNOWN
    returned: int | Unknown = UNKNOWN
    void: int | Unknown = UNKNOWN
    in_favour: int | Unknown = named("for")
    against: int | Unknown = UNKNOWN
    abstain: int | Unknown = UNKNOWN
    written_in_favour: int | Unknown = named("written_for")
    owner: str | None | Unknown = UNKNOWN
    due: date | None | Unknown = UNKNOWN
    text: str | None | Unknown = UNKNOWN
    decision: str | None | Unknown = UNKNOWN
    speakers: int | Unknown = UNKNOWN
    leader_spoke_last: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Meeting:
    """The record of kind ``meeting``; ``voting_due`` is already net of the exclusions."""

    kind: Kind | Unknown = UNKNOWN
    organization: Organization | Unknown = UNKNOWN
    held_on: date | None | Unknown = UNKNOWN
    recorded_on: date | None | Unknown = UNKNOWN
    chair: Chair | Unknown = UNKNOWN
    voting_due: int | Unknown = UNKNOWN
    voting_present: int | Unknown = UNKNOWN
    others_present: int | Unknown = UNKNOWN
    absences: tuple[Absence, ...] | Unknown = UNKNOWN
    excluded_from_due: tuple[Exclusion, ...] | Unknown = UNKNOWN
    agenda: tuple[Item, ...] | Unknown = UNKNOWN
    work_year: Year | Unknown = UNKNOWN

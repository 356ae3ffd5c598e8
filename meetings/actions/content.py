"""What a recorder enters about a gathering, as plain frozen data: the input of every write.

Forms, the API and the demo all build these; the actions turn them into rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from meetings.choices import Method, Presence, RollRole, Topic


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person on the roll; ``excuse`` is a code of ``Excuse`` and only goes with ``EXCUSED``."""

    person_id: int
    role: RollRole = RollRole.VOTER
    presence: Presence = Presence.PRESENT
    excuse: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoteInput:
    """The totals of one vote; ``passed`` is what was declared, None where nothing was."""

    method: Method = Method.HANDS
    candidates: int = 1
    issued: int | None = None
    returned: int | None = None
    void: int = 0
    in_favour: int = 0
    against: int = 0
    abstain: int = 0
    written_in_favour: int = 0
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class ResolutionInput:
    """What was decided, who sees to it, and until when."""

    text: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgendaInput:
    """One item of the agenda with its discussion, its vote if any, and its resolutions."""

    title: str
    topic: Topic = Topic.OTHER
    discussion: str = ""
    speakers: int | None = None
    leader_spoke_last: bool | None = None
    vote: VoteInput | None = None
    resolutions: tuple[ResolutionInput, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingInput:
    """One gathering as entered; ``kinds`` are codes, ``group_id`` a 党小组 or None."""

    kinds: tuple[str, ...]
    held_on: date
    title: str = ""
    group_id: int | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair_id: int | None = None
    recorder_id: int | None = None
    lecturer: str = ""
    observers: str = ""
    minutes: str = ""
    late_reason: str = ""
    roll: tuple[RollLine, ...] = ()
    agenda: tuple[AgendaInput, ...] = ()

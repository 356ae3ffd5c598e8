"""The facts of organisations and elections that the check-up reads; absent means unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from regulations.facts import UNKNOWN, Signed, Span, Unknown, named

OrganizationKind = Literal["committee", "general_branch", "branch", "group"]


@dataclass(frozen=True, slots=True)
class Organization:
    """The organisation that a meeting or an election belongs to, as it stood that day."""

    kind: OrganizationKind | Unknown = UNKNOWN
    full_members: int | Unknown = UNKNOWN
    probationary: int | Unknown = UNKNOWN
    committee_members: int | Unknown = UNKNOWN
    groups: int | Unknown = UNKNOWN
    temporary: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Secretary:
    """The secretary of an organisation."""

    full_member_since: date | None | Unknown = UNKNOWN
    appointed_on: date | None | Unknown = UNKNOWN
    trained_since_appointment: bool | Unknown = UNKNOWN
    trained_this_year: bool | Unknown = UNKNOWN
    reported_this_year: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Standing:
    """The record of kind ``organization``: size, committee, term, secretary."""

    kind: OrganizationKind | Unknown = UNKNOWN
    full_members: int | Unknown = UNKNOWN
    probationary: int | Unknown = UNKNOWN
    units_covered: int | Unknown = UNKNOWN
    committee_members: int | Unknown = UNKNOWN
    has_secretary: bool | Unknown = UNKNOWN
    deputies: int | Unknown = UNKNOWN
    term_started: date | None | Unknown = UNKNOWN
    term_years: Span | Unknown = UNKNOWN
    temporary: bool | Unknown = UNKNOWN
    groups: int | Unknown = UNKNOWN
    approved_by_superior: bool | Unknown = UNKNOWN
    secretary: Secretary | None | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Result:
    """One person declared elected."""

    name: str | Unknown = UNKNOWN
    in_favour: int | Unknown = named("for")


@dataclass(frozen=True, slots=True)
class Election:
    """The record of kind ``election``: ``purpose`` is what is elected, ``on`` the voting day."""

    organization: Organization | Unknown = UNKNOWN
    on: date | None | Unknown = UNKNOWN
    term_ends: date | None | Unknown = UNKNOWN
    approved_shift_days: Signed | None | Unknown = UNKNOWN
    seats: int | Unknown = UNKNOWN
    candidates: int | Unknown = UNKNOWN
    due: int | Unknown = UNKNOWN
    present: int | Unknown = UNKNOWN
    proxy_votes: int | Unknown = UNKNOWN
    issued: int | Unknown = UNKNOWN
    returned: int | Unknown = UNKNOWN
    void: int | Unknown = UNKNOWN
    scrutineers_are_candidates: bool | Unknown = UNKNOWN
    results: tuple[Result, ...] | Unknown = UNKNOWN
    purpose: Literal["committee", "secretary", "delegates"] | Unknown = named("for")

"""A meeting as the facts of the check-up contract, what the rules say of it, and its quorum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from branches.choices import Office
from branches.queries import book, parameter
from core import clock
from core.periods import add_months
from meetings.checkup import CHECKS
from meetings.choices import Body, Excuse, Method, Presence, RollRole
from meetings.models import AgendaItem, Attendance, Meeting, MeetingKind, Vote
from meetings.queries.rolls import MEMBERS_MEETING, Register, groups_on, post_on, register_on
from members.choices import Stage
from regulations.choices import Level

if TYPE_CHECKING:
    from regulations.rules import Book, Finding

Facts = dict[str, Any]

CHAIRS = {
    Office.SECRETARY: "secretary",
    Office.DEPUTY_SECRETARY: "deputy",
    Office.GROUP_LEADER: "group_leader",
}
"""The words of the contract for the post of the chair; other offices are ``member``."""

ABSENCES = {Excuse.PERSONAL: "leave"}
"""The words of the contract for an excuse that is not spelled alike."""

QUORUMS = {Body.MEMBERS: "MT-02.quorum", Body.COMMITTEE: "MT-07.quorum"}
"""The parameter that says how many of those who may vote must be present."""

MAJORITIES = frozenset({"MT-03", "MT-08"})
"""The rules that ask for the ballots of every ordinary decision."""

ORGANISATION_LIFE = "organisation_life"


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough of those who may vote are present; ``words`` is the number in the clause.

    ``code`` is empty where no clause asks for a quorum (党小组会), then it is always met.
    """

    due: int
    present: int
    met: bool
    code: str = ""
    words: str = ""


def leading_kind(meeting: Meeting) -> MeetingKind:
    """The kind in whose body votes are counted: the first of the kinds by position."""
    return min(meeting.kinds.all(), key=lambda kind: kind.position)


def quorum(meeting: Meeting) -> Quorum:
    """The quorum of the leading kind, from the roll as it stands (MT-02, MT-07)."""
    kind = leading_kind(meeting)
    voters = [row for row in _lines(meeting, kind) if row.role == RollRole.VOTER]
    present = sum(row.presence == Presence.PRESENT for row in voters)
    code = QUORUMS.get(Body(kind.body), "")
    if not code:
        return Quorum(len(voters), present, True)
    rule = parameter(code, meeting.organization, meeting.held_on)
    met = bool(voters) and rule.admits_share(present, len(voters))
    return Quorum(len(voters), present, met, code, rule.words)


def findings(meeting: Meeting, on: date | None = None, register: Register | None = None) -> list[Finding]:
    """What the rules say of the record as it stands, by rule; each of its kinds is checked.

    A task given without a vote lacks no ballots: the note that they are missing is left out.
    ``register`` is that of its day, where it is in hand.
    """
    found = findings_of(all_facts(meeting, register), book_of(meeting), on or clock.today())
    if not meeting.roll.all():
        return found
    return [each for each in found if each.level != Level.NOTE or each.rule not in MAJORITIES]


def book_of(meeting: Meeting) -> Book:
    """The law that the record is judged by: local values are those of its own day, as in the quorum."""
    return book(meeting.organization, meeting.held_on)


def findings_of(records: Iterable[Facts], law: Book, on: date) -> list[Finding]:
    """What ``law`` says of ``records`` on the day ``on``, each saying once."""
    said: dict[tuple[str, str], Finding] = {}
    for record in records:
        for finding in CHECKS["meeting"](record, on, law)[0]:
            said.setdefault((finding.rule, finding.message), finding)
    return sorted(said.values(), key=lambda finding: finding.rule)


def meeting_facts(meeting: Meeting, register: Register | None = None) -> Facts:
    """The record in the form of the contract, kind ``meeting``, as its leading kind."""
    return all_facts(meeting, register)[0]


def all_facts(meeting: Meeting, register: Register | None = None) -> list[Facts]:
    """The record once for each of its kinds; the agenda goes with the leading one."""
    kinds = sorted(meeting.kinds.all(), key=lambda kind: kind.position)
    register = register or register_on(meeting.organization, meeting.held_on)
    shared = _shared(meeting, register)
    return [
        {
            "kind": kind.code,
            **shared,
            **_figures(_lines(meeting, kind, register)),
            "excluded_from_due": _excluded(kind, register, meeting),
            "agenda": [_item(row, meeting) for row in meeting.agenda.all()] if place == 0 else [],
        }
        for place, kind in enumerate(kinds)
    ]


def _shared(meeting: Meeting, register: Register) -> Facts:
    """What is the same for every kind; what is not known yet is left out."""
    stages = Counter(register.counted)
    organization = meeting.organization
    facts: Facts = {
        "organization": {
            "kind": organization.kind,
            "full_members": stages[Stage.FULL],
            "probationary": stages[Stage.PROBATIONARY],
            "committee_members": len(register.committee),
            "groups": len(groups_on(organization, meeting.held_on)),
            "temporary": organization.temporary,
        },
        "held_on": meeting.held_on.isoformat(),
    }
    recorded = meeting.recorded_on or max(clock.today(), meeting.held_on)
    facts["recorded_on"] = recorded.isoformat()
    if meeting.chair_id is not None:
        facts["chair"] = _chair(meeting, meeting.chair_id, register)
    if any(kind.code == ORGANISATION_LIFE for kind in meeting.kinds.all()):
        facts["work_year"] = _work_year(meeting)
    return facts


def _excluded(kind: MeetingKind, register: Register, meeting: Meeting) -> list[Facts]:
    """Full members left out of those due, by reason and conditions (XA-01–07).

    At a 党员大会 also those for whom a condition is missing: they stay due, and the rules say so.
    """
    if kind.body == Body.COMMITTEE:
        return []
    left_out = set(register.exempt_from({kind.body}, meeting.group_id)) & set(register.exemptions)
    listed = set(register.exemptions) if kind.code == MEMBERS_MEETING else left_out
    full = [register.exemptions[p] for p in listed if register.stages.get(p) == Stage.FULL]
    day = meeting.held_on
    counts = Counter((row.reason, row.consented_by_day(day), row.approved_by_day(day)) for row in full)
    return [
        {"reason": reason, "superior_consent": consent, "meeting_approved": approved, "count": count}
        for (reason, consent, approved), count in sorted(counts.items())
    ]


def _work_year(meeting: Meeting) -> int:
    """The year that a 组织生活会 is for: early in a year it is still that of the year before (OL-03)."""
    year = meeting.held_on.year
    months = parameter("OL-03.months", meeting.organization, meeting.held_on).count
    return year - 1 if meeting.held_on <= add_months(date(year - 1, 12, 31), months) else year


def _chair(meeting: Meeting, person_id: int, register: Register) -> str:
    place, day = (meeting.organization, meeting.group), meeting.held_on
    office = post_on(*place, person_id, day, register.committee)
    return CHAIRS.get(office, "member") if office else "other"


def _lines(meeting: Meeting, kind: MeetingKind, register: Register | None = None) -> list[Attendance]:
    """The roll as far as it concerns ``kind``: in a mixed gathering a committee votes by itself."""
    rows = list(meeting.roll.all())
    bodies = {each.body for each in meeting.kinds.all()}
    if kind.body == Body.MEMBERS or len(bodies) == 1:
        return rows
    known = register or register_on(meeting.organization, meeting.held_on)
    own = set(known.of_body(kind.body, meeting.group_id))
    return [row for row in rows if row.person_id in own]


def _figures(rows: list[Attendance]) -> Facts:
    """The counts of a roll; an empty roll is unknown, not nobody."""
    if not rows:
        return {}
    voters = [row for row in rows if row.role == RollRole.VOTER]
    present = [row for row in rows if row.presence == Presence.PRESENT]
    absent = Counter(_reason(row) for row in voters if row.presence != Presence.PRESENT)
    return {
        "voting_due": len(voters),
        "voting_present": sum(row.role == RollRole.VOTER for row in present),
        "others_present": sum(row.role != RollRole.VOTER for row in present),
        "absences": [{"reason": reason, "count": count} for reason, count in sorted(absent.items())],
    }


def _reason(row: Attendance) -> str:
    if row.presence == Presence.ABSENT:
        return "unexcused"
    excuse = Excuse(row.excuse or Excuse.OTHER)
    return ABSENCES.get(excuse, excuse.value)


def _item(row: AgendaItem, meeting: Meeting) -> Facts:
    """One item of the agenda with its ballots and its decision."""
    facts: Facts = {"topic": row.topic, "text": row.title, "discussed": _is_discussed(row)}
    if row.speakers is not None:
        facts["speakers"] = row.speakers
    if row.leader_spoke_last is not None:
        facts["leader_spoke_last"] = row.leader_spoke_last
    vote = getattr(row, "vote", None)
    if vote is not None:
        facts |= _ballots(vote)
        if vote.passed is False:
            facts["decision"] = None  # it fell short: nothing was decided
    return facts | _decision(row)


def _is_discussed(row: AgendaItem) -> bool:
    return bool(row.discussion) or bool(row.speakers)


def _ballots(vote: Vote) -> Facts:
    """The totals; where hands are counted every hand is one issued and returned."""
    total = vote.in_favour + vote.against + vote.abstain + vote.void
    by_paper = vote.method == Method.SECRET
    facts: Facts = {
        "candidates": vote.candidates,
        "secret": by_paper,
        "void": vote.void,
        "for": vote.in_favour,
        "against": vote.against,
        "abstain": vote.abstain,
        "written_for": vote.written_in_favour,
    }
    for key, counted in (("issued", vote.issued), ("returned", vote.returned)):
        if counted is not None or not by_paper:
            facts[key] = total if counted is None else counted
    return facts


def _decision(row: AgendaItem) -> Facts:
    """The resolutions of an item as one decision: owner and date only where every one has them."""
    resolutions = list(row.resolutions.all())
    if not resolutions:
        return {}
    owners = [each.owner for each in resolutions]
    days = [each.due_on for each in resolutions]
    last = max((day for day in days if day), default=None)
    return {
        "decision": "；".join(each.text for each in resolutions),
        "owner": "、".join(dict.fromkeys(owners)) if all(owners) else None,
        "due": last.isoformat() if last and all(days) else None,
    }

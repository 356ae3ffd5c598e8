"""What the form of a meeting begins with: everything that the portal knows already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from branches.choices import Kind
from branches.models import Organization
from branches.queries import committee_on, parameter
from core import clock
from meetings.choices import Body, Presence, RollRole
from meetings.models import Meeting, MeetingKind
from meetings.queries.records import last_meeting
from meetings.queries.rolls import ExpectedPerson, bodies_of, register_on

if TYPE_CHECKING:
    from accounts.models import User

ITEM_FIELDS = (
    "title",
    "topic",
    "discussion",
    "decision",
    "owner",
    "due_on",
    "voted",
    "method",
    "candidates",
    "in_favour",
    "against",
    "abstain",
    "void",
    "written_in_favour",
    "passed",
)
BASICS = ("place", "lecturer", "observers", "minutes", "late_reason", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a form: what decides the roll, first values, items of the agenda."""

    kinds: tuple[str, ...]
    held_on: date
    group: Organization | None = None
    initial: dict[str, Any] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)


def place(home: Organization) -> tuple[Organization, Organization | None]:
    """Whose record it is: a group leader logs in the branch, for the group."""
    if home.kind == Kind.GROUP and home.parent is not None:
        return home.parent, home
    return home, None


def new(
    organization: Organization,
    group: Organization | None,
    query: Mapping[str, str],
    user: User,
    source: Meeting | None = None,
) -> Start:
    """A new record: kind, day and group from the address, the rest from the last meeting of the kind."""
    kind = _kind(query.get("kind", ""), group)
    day = _day_between(query.get("from", ""), query.get("until", ""))
    chosen = group or group_of(organization, query)
    last = source or last_meeting(organization, kind.code, chosen)
    initial = {"kinds": [kind.code], "held_on": day, "group": chosen, "recorder": user.person_id}
    initial |= _from_last(last) | _chair(organization, chosen, day)
    if source is not None:
        initial |= {"minutes": source.minutes, "lecturer": source.lecturer}
        return Start((kind.code,), day, chosen, initial, _items(source))
    return Start((kind.code,), day, chosen, initial, [dict(item) for item in kind.agenda])


def _kind(code: str, group: Organization | None) -> MeetingKind:
    """The kind asked for, else the group's or the committee's."""
    wanted = MeetingKind.objects.filter(code=code, active=True).first() if code else None
    body = Body.GROUP if group else Body.COMMITTEE
    return wanted or MeetingKind.objects.filter(body=body, active=True)[0]


def _day_between(first: str, last: str) -> date:
    """Today where it lies in the period of the duty, else the period's last day."""
    today = clock.today()
    until = day_of(last)
    return until if until is not None and until < today else today


def day_of(text: str) -> date | None:
    """A day written as ``2026-09-18``, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _from_last(last: Meeting | None) -> dict[str, Any]:
    if last is None:
        return {}
    return {"place": last.place, "starts_at": last.starts_at, "ends_at": last.ends_at}


def _chair(organization: Organization, group: Organization | None, day: date) -> dict[str, Any]:
    """The secretary, or the leader of the group."""
    holders = committee_on(group or organization, day) or committee_on(organization, day)
    return {"chair": holders[0].person_id} if holders else {}


def stored(meeting: Meeting) -> Start:
    """A draft as it stands."""
    initial: dict[str, Any] = {name: getattr(meeting, name) for name in BASICS}
    initial |= {
        "kinds": [kind.code for kind in meeting.kinds.all()],
        "held_on": meeting.held_on,
        "group": meeting.group,
        "chair": meeting.chair_id,
        "recorder": meeting.recorder_id,
        "version": meeting.version,
    }
    for row in meeting.roll.all():
        excuse = row.excuse or "other"
        answer = excuse if row.presence == Presence.EXCUSED else row.presence
        initial[f"p{row.person_id}"] = answer
    kinds = tuple(initial["kinds"])
    return Start(kinds, meeting.held_on, meeting.group, initial, _items(meeting))


def _items(meeting: Meeting) -> list[dict[str, Any]]:
    return [_item(row) for row in meeting.agenda.prefetch_related("resolutions", "vote")]


def _item(row: Any) -> dict[str, Any]:
    """One stored item as the form shows it."""
    item: dict[str, Any] = {
        "title": row.title,
        "topic": row.topic,
        "discussion": row.discussion,
    }
    resolution = row.resolutions.first()
    if resolution is not None:
        item |= {
            "decision": resolution.text,
            "owner": resolution.owner,
            "due_on": resolution.due_on,
        }
    vote = getattr(row, "vote", None)
    if vote is not None:
        item |= {name: getattr(vote, name) for name in ITEM_FIELDS[7:14]}
        item |= {"voted": True, "passed": {True: "1", False: "0", None: ""}[vote.passed]}
    return item


def from_posted(base: Start, post: Any, organization: Organization) -> Start:
    """Kinds, day and group as posted; what makes no sense falls back to ``base``."""
    kinds = tuple(post.getlist("kinds")) or base.kinds
    day = day_of(post.get("held_on", "")) or base.held_on
    return Start(kinds, day, group_of(organization, post), posted_values(post), posted_items(post))


def group_of(organization: Organization, query: Mapping[str, str]) -> Organization | None:
    """The group named in ``query``, if it is one of the branch."""
    pk = query.get("group", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        return None
    return organization.children.filter(kind=Kind.GROUP, pk=int(pk)).first()


def posted_values(post: Any) -> dict[str, Any]:
    """Everything typed so far, as first values of a form that is built anew."""
    values: dict[str, Any] = {name: post.get(name, "") for name in (*BASICS, "held_on", "version")}
    values |= {name: post.get(name, "") for name in ("chair", "recorder", "group")}
    values["kinds"] = post.getlist("kinds")
    values |= {name: post[name] for name in post if name[:1] == "p" and name[1:].isdigit()}
    return values


def posted_items(post: Any) -> list[dict[str, Any]]:
    """The items typed so far; those marked for removal are gone."""
    total = post.get("agenda-TOTAL_FORMS", "0")
    count = min(int(total), 40) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    rows = []
    for number in range(count):
        row = {name: post.get(f"agenda-{number}-{name}", "") for name in ITEM_FIELDS}
        row["voted"] = bool(row["voted"])
        if not post.get(f"agenda-{number}-DELETE") and any(
            row[name] for name in ("title", "discussion", "decision")
        ):
            rows.append(row)
    return rows


def people(organization: Organization, group: Organization | None, day: date) -> list[tuple[int, str]]:
    """Who may chair or record: the committee with offices first, then the members of that day."""
    register = register_on(organization, day)
    everybody = [register.expected(person) for person in register.due({*Body.values}, None)]
    inside = [p for p in everybody if group is None or _belongs(p, group, register.members)]
    return [(p.person_id, f"{p.name} {p.office}".strip()) for p in inside]


def _belongs(person: ExpectedPerson, group: Organization, members: Mapping[int, Any]) -> bool:
    row = members.get(person.person_id)
    return bool(person.office) or (row is not None and row.group_id == group.pk)


@dataclass(frozen=True, slots=True)
class Meter:
    """The quorum meter before anything is stored: ``need`` of ``due`` voters must be present."""

    due: int
    present: int
    need: int
    words: str

    @property
    def met(self) -> bool:
        """Whether enough are present; nobody is asked for a quorum where ``need`` is 0."""
        return self.present >= self.need


def meter(
    expected: list[ExpectedPerson],
    answers: Mapping[str, Any],
    organization: Organization,
    start: Start,
) -> Meter:
    """How many voters are due, present by the answers so far, and needed (MT-02, MT-07)."""
    voters = [p for p in expected if p.role == RollRole.VOTER]
    present = sum(answers.get(f"p{p.person_id}", "present") == "present" for p in voters)
    bodies = bodies_of(start.kinds)
    code = "MT-02.quorum" if Body.MEMBERS in bodies else "MT-07.quorum" if Body.COMMITTEE in bodies else ""
    if not code or not voters:
        return Meter(len(voters), present, 0, "")
    rule = parameter(code, organization, start.held_on)
    return Meter(len(voters), present, rule.least_of(len(voters)), rule.words)

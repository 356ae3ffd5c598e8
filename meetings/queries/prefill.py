"""What the form of a meeting begins with: everything that the portal knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from branches.choices import Kind
from branches.models import Organization
from branches.queries import committee_on
from core import clock
from meetings.choices import Body, Presence, RollRole, State
from meetings.models import Meeting, MeetingKind
from meetings.queries.records import last_meeting

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import AgendaItem, Attendance

VOTE_FIELDS = (
    "method",
    "candidates",
    "issued",
    "returned",
    "void",
    "in_favour",
    "against",
    "abstain",
    "written_in_favour",
)
BASICS = ("place", "lecturer", "observers", "minutes", "late_reason", "starts_at", "ends_at")
YES_NO = {True: "1", False: "0", None: ""}

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a form: what decides the roll, first values, items, the meeting it is modelled on."""

    kinds: tuple[str, ...]
    held_on: date
    group: Organization | None = None
    initial: Values = field(default_factory=dict)
    items: list[Values] = field(default_factory=list)
    last: Meeting | None = None


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
    day = _day_until(query.get("until", ""))
    chosen = group or group_of(organization, query)
    last = source or last_meeting(organization, kind.code, chosen)
    initial: Values = {"kinds": [kind.code], "held_on": day, "group": chosen, "recorder": user.person_id}
    initial |= _from_last(last) | _chair(organization, chosen, day)
    if source is None:
        return Start((kind.code,), day, chosen, initial, agenda_of([kind]), last)
    kinds = [each.code for each in source.kinds.all()]
    initial |= {"kinds": kinds, "minutes": source.minutes, "lecturer": source.lecturer}
    return Start(tuple(kinds), day, chosen, initial, _items(source, for_new=True), last)


def _kind(code: str, group: Organization | None) -> MeetingKind:
    """The kind asked for, else the group's or the committee's."""
    wanted = MeetingKind.objects.filter(code=code, active=True).first() if code else None
    body = Body.GROUP if group else Body.COMMITTEE
    return wanted or MeetingKind.objects.filter(body=body, active=True)[0]


def _day_until(last: str) -> date:
    """Today, or the last day of the duty's period where that is over."""
    today = clock.today()
    until = day_of(last)
    return until if until is not None and until < today else today


def day_of(text: str) -> date | None:
    """A day written as ``2026-09-18``, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def group_of(organization: Organization, query: Mapping[str, str]) -> Organization | None:
    """The group named in ``query``, if it is one of the branch."""
    pk = query.get("group", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        return None
    return organization.children.filter(kind=Kind.GROUP, pk=int(pk)).first()


def _from_last(last: Meeting | None) -> Values:
    if last is None:
        return {}
    return {"place": last.place, "starts_at": last.starts_at, "ends_at": last.ends_at}


def _chair(organization: Organization, group: Organization | None, day: date) -> Values:
    """The secretary, or the leader of the group."""
    holders = committee_on(group or organization, day) or committee_on(organization, day)
    return {"chair": holders[0].person_id} if holders else {}


def agenda_of(kinds: Iterable[MeetingKind]) -> list[Values]:
    """The usual items of ``kinds``."""
    return [dict(item) for kind in kinds for item in kind.agenda]


def stored(meeting: Meeting) -> Start:
    """A draft as it stands."""
    initial: Values = {name: getattr(meeting, name) for name in BASICS}
    initial |= {
        "kinds": [kind.code for kind in meeting.kinds.all()],
        "title": _own_title(meeting),
        "held_on": meeting.held_on,
        "group": meeting.group,
        "chair": meeting.chair_id,
        "recorder": meeting.recorder_id,
        "version": meeting.version,
    }
    initial |= answers(meeting.roll.all())
    return Start(tuple(initial["kinds"]), meeting.held_on, meeting.group, initial, _items(meeting))


def _own_title(meeting: Meeting) -> str:
    """The title where it was typed, empty where it is made of month and kinds."""
    names = "暨".join(kind.name for kind in meeting.kinds.all())
    made = f"{meeting.held_on:%Y}年{meeting.held_on.month}月{names}"
    return "" if meeting.title == made else meeting.title


def answers(rows: Iterable[Attendance]) -> Values:
    """A roll as the form's fields: ``p<person>`` and the note ``n<person>``."""
    values: Values = {}
    for row in rows:
        excuse = row.excuse or "other"
        values[f"p{row.person_id}"] = excuse if row.presence == Presence.EXCUSED else row.presence
        values[f"n{row.person_id}"] = row.note
    return values


def observers(meeting: Meeting | None) -> list[Attendance]:
    """Persons who stand on the stored roll as observers: the form keeps them as they are."""
    return list(meeting.roll.filter(role=RollRole.OBSERVER)) if meeting else []


def _items(meeting: Meeting, *, for_new: bool = False) -> list[Values]:
    rows = meeting.agenda.select_related("vote").prefetch_related("resolutions")
    return [_item(row, for_new=for_new) for row in rows]


def _item(row: AgendaItem, *, for_new: bool) -> Values:
    """One stored item as the form shows it; a copy for a new record has no votes and no dates."""
    item: Values = {"title": row.title, "topic": row.topic, "discussion": row.discussion}
    resolutions = list(row.resolutions.all())
    item["lines"] = len(resolutions) or 1
    for number, each in enumerate(resolutions):
        item |= {f"decision_{number}": each.text, f"owner_{number}": each.owner}
        item[f"due_on_{number}"] = None if for_new else each.due_on
    if for_new:
        return item
    item |= {"speakers": row.speakers, "leader_spoke_last": YES_NO[row.leader_spoke_last]}
    vote = getattr(row, "vote", None)
    if vote is not None:
        item |= {name: getattr(vote, name) for name in VOTE_FIELDS}
        item |= {"voted": True, "passed": YES_NO[vote.passed]}
    return item


def unfiled(organization: Organization, kinds: Sequence[str], day: date) -> list[Meeting]:
    """Records of one of ``kinds`` in the month of ``day`` that are not filed yet: perhaps the same meeting."""
    rows = Meeting.objects.filter(
        organization=organization,
        state__in=[State.DRAFT, State.SUBMITTED],
        kinds__in=kinds,
        held_on__year=day.year,
        held_on__month=day.month,
    )
    return list(rows.distinct().order_by("-held_on")[:3])

"""What hangs on a draft: roll, agenda, votes, resolutions. Only what changed is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meetings.models import AgendaItem, Attendance, Resolution, Vote
from meetings.queries import VOTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

    from meetings.actions.building import ItemRows
    from meetings.models import Meeting

LINE = ("name", "role", "presence", "excuse", "note", "position")
ITEM = ("position", "topic", "title", "discussion", "speakers", "leader_spoke_last")
RESOLUTION = ("text", "owner", "due_on")


def write(meeting: Meeting, roll: list[Attendance], items: list[ItemRows]) -> None:
    """Bring the parts of a saved draft to ``roll`` and ``items``, at the cost of two reads and of what changed."""
    _write_roll(meeting, roll)
    if list(_entered(items)) != list(_stored(meeting)):
        _write_agenda(meeting, items)


def _write_roll(meeting: Meeting, roll: list[Attendance]) -> None:
    """Lines of people who are no longer listed go, those that differ are written over."""
    lines = Attendance.objects.filter(meeting=meeting)
    stored = {person: values for person, *values in lines.values_list("person", *LINE)}
    gone = stored.keys() - {row.person_id for row in roll}
    if gone:
        lines.filter(person__in=gone).delete()
    changed = [row for row in roll if stored.get(row.person_id) != _values(row, LINE)]
    for row in changed:
        row.meeting = meeting
    Attendance.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["meeting", "person"], update_fields=LINE
    )


def _write_agenda(meeting: Meeting, items: list[ItemRows]) -> None:
    """The agenda anew: a handful of statements however long it is."""
    meeting.agenda.all().delete()
    for rows in items:
        rows.item.meeting = meeting
    AgendaItem.objects.bulk_create([rows.item for rows in items])
    Vote.objects.bulk_create([rows.vote for rows in items if rows.vote])
    Resolution.objects.bulk_create([each for rows in items for each in rows.resolutions])


def _stored(meeting: Meeting) -> Iterable[tuple[Any, ...]]:
    """The agenda as it is kept, a line for each resolution, in one read."""
    votes, resolutions = ([f"{part}__{name}" for name in names] for part, names in PARTS)
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("position", "id", "resolutions__id")
    return rows.values_list(*ITEM, *votes, *resolutions)


PARTS = (("vote", VOTED), ("resolutions", RESOLUTION))


def _entered(items: list[ItemRows]) -> Iterator[tuple[Any, ...]]:
    """The agenda as it was entered, in the form of :func:`_stored`."""
    for rows in items:
        for resolution in rows.resolutions or (None,):
            yield (*_values(rows.item, ITEM), *_values(rows.vote, VOTED), *_values(resolution, RESOLUTION))


def _values(row: Model | None, names: tuple[str, ...]) -> list[Any]:
    return [getattr(row, name, None) for name in names]

"""From what was entered to rows: roll, agenda, votes, resolutions. Nothing is saved here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from branches.choices import Kind
from branches.models import Organization
from core.decisions import ActionError
from core.text import bigrams, tidy
from meetings.actions.ground import checked
from meetings.choices import Body, Excuse, Presence, RollRole
from meetings.models import AgendaItem, Attendance, Meeting, MeetingKind, Resolution, Vote
from meetings.queries import bodies_met

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from meetings.actions.content import AgendaInput, MeetingInput, RollLine, VoteInput
    from meetings.queries import Register

ITEMS_AT_MOST = 100
"""Items of an agenda, and resolutions of an item, that one record takes: no script runs away."""

PEOPLE_AT_MOST = 9999
"""No count of people or ballots of one meeting is larger; SQLite would keep any number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gathering belongs: the organisation, its group if it was the group's, the kinds."""

    organization: Organization
    group: Organization | None
    kinds: tuple[MeetingKind, ...]
    kept: bool = False
    """Whether the record is of just these kinds already."""

    @property
    def bodies(self) -> set[str]:
        """The bodies that met."""
        return bodies_met(self.kinds)

    @property
    def leading_group(self) -> Organization | None:
        """The group whose leader may log it: only where nobody but the group met."""
        return self.group if self.bodies == {Body.GROUP} else None


@dataclass(frozen=True, slots=True)
class ItemRows:
    """One item of the agenda with what hangs on it."""

    item: AgendaItem
    vote: Vote | None
    resolutions: tuple[Resolution, ...]


def place_of(organization: Organization, content: MeetingInput, draft: Meeting | None = None) -> Place:
    """Where it belongs; a 党小组 as ``organization`` stands for its branch and itself.

    ``draft`` is the record as it stands, where there is one.
    """
    home, group_id = organization, content.group_id
    if organization.kind == Kind.GROUP and organization.parent is not None:
        home, group_id = organization.parent, organization.pk
    kinds, kept = _kinds(set(content.kinds), draft)
    if all(kind.body != Body.GROUP for kind in kinds):
        return Place(home, None, kinds, kept)
    if group_id is None:
        raise ActionError("请选择党小组。", field="group")
    if draft is not None and draft.group_id == group_id:
        return Place(home, draft.group, kinds, kept)
    group = Organization.objects.filter(pk=group_id, parent=home, kind=Kind.GROUP).first()
    if group is None:
        raise ActionError("所选党小组不属于本支部，请重新选择。", field="group")
    return Place(home, group, kinds, kept)


def _kinds(wanted: set[str], draft: Meeting | None) -> tuple[tuple[MeetingKind, ...], bool]:
    """The kinds, and whether ``draft`` is of just these; they are few, so all are read at once."""
    held = Meeting.kinds.through.objects.filter(meeting=draft, meetingkind=OuterRef("pk"))
    rows = MeetingKind.objects.annotate(held=Exists(held))
    found = tuple(row for row in rows if row.code in wanted and row.active)
    if not found or len(found) != len(wanted):
        raise ActionError("请选择会议种类。", field="kinds")
    return found, {row.code for row in rows if row.held} == wanted


def title_of(content: MeetingInput, kinds: Sequence[MeetingKind]) -> str:
    """The title entered, else ``2026年10月支委会暨主题党日``."""
    names = "暨".join(kind.name for kind in kinds)
    return tidy(content.title) or f"{content.held_on:%Y}年{content.held_on.month}月{names}"


def roll_rows(
    lines: Sequence[RollLine], register: Register, due: Sequence[int], day: date
) -> list[Attendance]:
    """The roll in the order of the register; ``due`` are the persons expected.

    The register of the day decides who votes. Somebody not due may stand as observer, a stranger
    not at all (ActionError, without a name: it may be a guessed id).
    """
    if len({line.person_id for line in lines}) != len(lines):
        raise ActionError("同一人在到会名单中出现了两次，请删除重复的一行。", field="roll")
    order = {person: place for place, person in enumerate(due)}
    rows = [_attendance(line, register, order, day) for line in lines]
    rows.sort(key=lambda row: row.position)
    for position, row in enumerate(rows):
        row.position = position
    return rows


def _attendance(line: RollLine, register: Register, order: dict[int, int], day: date) -> Attendance:
    if line.person_id not in register.known:
        raise ActionError(f"到会名单中有人不在{day:%Y-%m-%d}的党员名册内，请核对后删除。", field="roll")
    expected = register.expected(line.person_id)
    is_due = line.person_id in order
    if not is_due and line.role != RollRole.OBSERVER:
        raise ActionError(f"{expected.name}不在本次会议应到范围内，请登记为列席。", field="roll")
    excuse = line.excuse if line.presence == Presence.EXCUSED else ""
    if excuse and excuse not in Excuse.values:
        raise ActionError(f"请为{expected.name}选择请假种类。", field="roll")
    row = Attendance(
        person_id=line.person_id,
        name=expected.name,
        role=expected.role if is_due else RollRole.OBSERVER,
        presence=line.presence,
        excuse=excuse,
        note=tidy(line.note),
        position=order.get(line.person_id, len(order)),
    )
    checked(row, f"{expected.name}：", "roll", leave={"meeting", "person"})
    return row


def counters(rows: Iterable[Attendance]) -> dict[str, int]:
    """The counters of the record: those due, of them the voters, and how they took part."""
    due = [row for row in rows if row.role != RollRole.OBSERVER]
    voters = [row for row in due if row.role == RollRole.VOTER]
    here = Presence.PRESENT
    return {
        "due": len(due),
        "voters_due": len(voters),
        "present": sum(row.presence == here for row in due),
        "voters_present": sum(row.presence == here for row in voters),
        "excused": sum(row.presence == Presence.EXCUSED for row in due),
        "absent": sum(row.presence == Presence.ABSENT for row in due),
    }


def item_rows(agenda: Sequence[AgendaInput]) -> list[ItemRows]:
    """The agenda in its order."""
    if len(agenda) > ITEMS_AT_MOST or any(len(i.resolutions) > ITEMS_AT_MOST for i in agenda):
        raise ActionError(f"议题和决议各不超过 {ITEMS_AT_MOST} 项，请分次记录。", field="agenda")
    return [_item_rows(entry, number) for number, entry in enumerate(agenda, 1)]


def _item_rows(entry: AgendaInput, number: int) -> ItemRows:
    where = f"第 {number} 项议题："
    item = AgendaItem(
        position=number,
        topic=entry.topic,
        title=tidy(entry.title),
        discussion=tidy(entry.discussion),
        speakers=entry.speakers,
        leader_spoke_last=entry.leader_spoke_last,
    )
    checked(item, where, "agenda", leave={"meeting"})
    _check_count(entry.speakers, where)
    return ItemRows(item, _vote(entry.vote, item, where), _resolutions(entry, item, where))


def _vote(entry: VoteInput | None, item: AgendaItem, where: str) -> Vote | None:
    if entry is None:
        return None
    values = {name: getattr(entry, name) for name in entry.__slots__}
    vote = Vote(item=item, **values)
    checked(vote, where, "agenda", leave={"item"})
    for value in values.values():
        _check_count(value, where)
    return vote


def _check_count(value: object, where: str) -> None:
    """Refuse a number of people that cannot be."""
    if isinstance(value, int) and value > PEOPLE_AT_MOST:
        raise ActionError(f"{where}人数或票数不能超过 {PEOPLE_AT_MOST}。", field="agenda")


def _resolutions(entry: AgendaInput, item: AgendaItem, where: str) -> tuple[Resolution, ...]:
    rows = tuple(
        Resolution(item=item, text=tidy(each.text), owner=tidy(each.owner), due_on=each.due_on)
        for each in entry.resolutions
    )
    for row in rows:
        checked(row, where, "agenda", leave={"item"})
    return rows


def search_of(meeting: Meeting, items: Sequence[ItemRows]) -> str:
    """The words under which the record is found: title, items, resolutions."""
    texts = [each.text for rows in items for each in rows.resolutions]
    return bigrams(" ".join([meeting.title, *(rows.item.title for rows in items), *texts]))

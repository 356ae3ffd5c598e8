"""What the actions of this room share: fresh rows under lock, dated rows, the record and the news."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F

from branches.choices import Kind
from branches.models import Organization
from core import audit, clock
from core.bulk import insert_all
from core.decisions import ActionError
from members.choices import WITHOUT_RANK, Precision, Stage
from members.models import Exemption, Member, Standing, Stay
from members.signals import changed

if TYPE_CHECKING:
    from core.actor import Actor


class Step(NamedTuple):
    """One stretch of time at a stage; ``until`` None is open."""

    stage: str
    since: date
    until: date | None
    precision: str


def locked(member: Member) -> Member:
    """``member`` read again and locked, with person, branch and group."""
    return (
        Member.objects.select_for_update(of=("self",))
        .select_related("person", "organization__parent", "group")
        .get(pk=member.pk)
    )


def steps(
    stage: str,
    since: date,
    joined: tuple[date | None, str] = (None, Precision.DAY),
    full: tuple[date | None, str] = (None, Precision.DAY),
) -> list[Step]:
    """The stages that the dates tell of, oldest first; a date that is not known is ``since``."""
    joined_on, joined_precision = joined
    full_on, full_precision = full
    if stage == Stage.PROBATIONARY:
        return [Step(stage, joined_on or since, None, joined_precision)]
    if stage != Stage.FULL:
        return [Step(stage, since, None, Precision.DAY)]
    last = Step(stage, full_on or since, None, full_precision)
    if joined_on and full_on and joined_on < full_on:
        return [Step(Stage.PROBATIONARY, joined_on, full_on, joined_precision), last]
    return [last]


def standings(person_id: int, rows: list[Step]) -> list[Standing]:
    """Unsaved rows of a person."""
    return [
        Standing(
            person_id=person_id, stage=row.stage, since=row.since, until=row.until, precision=row.precision
        )
        for row in rows
    ]


def relaid(rows: list[Standing], wanted: list[Step]) -> list[Step]:
    """The stages of a person with ``wanted`` laid over them: earlier history stays, cut where it begins."""
    start = wanted[0].since
    kept = [
        Step(row.stage, row.since, min(row.until or start, start), row.precision)
        for row in sorted(rows, key=lambda row: (row.since, row.pk))
        if row.since < start
    ]
    return kept + wanted


def relay(persons: dict[int, list[Step]]) -> dict[int, list[Standing]]:
    """Lay the wanted stages over the record of each person; answers the rows that were there before."""
    before: dict[int, list[Standing]] = {pk: [] for pk in persons}
    for row in Standing.objects.filter(person__in=persons).order_by("since", "pk"):
        before[row.person_id].append(row)
    made = [row for pk, wanted in persons.items() for row in standings(pk, relaid(before[pk], wanted))]
    Standing.objects.filter(person__in=persons).delete()
    insert_all(made)
    return before


def end_exemptions(member: Member, on: date) -> None:
    """Whoever leaves the branch is no longer left out there; what was to begin later is taken back."""
    rows = Exemption.objects.filter(person_id=member.person_id, organization=member.organization_id)
    later = rows.overlapping(on, None)
    later.filter(since__gt=on).update(until=F("since"))
    later.filter(since__lte=on).update(until=on)


def end_stays(member: Member, on: date, organization: Organization | None = None) -> None:
    """Whoever is taken off the register, or moves into the branch itself, is a guest no more."""
    rows = Stay.objects.filter(person_id=member.person_id)
    later = (rows if organization is None else rows.filter(organization=organization)).overlapping(on, None)
    later.filter(since__gt=on).update(until=F("since"))
    later.filter(since__lte=on).update(until=on)


def check_branch(organization: Organization, field: str = "organization") -> None:
    """Members belong to a branch that exists today (ED-05)."""
    if organization.kind != Kind.BRANCH:
        raise ActionError("党员应编入党支部，请选择一个党支部。", field=field)
    if organization.dissolved_on and organization.dissolved_on <= clock.today():
        raise ActionError("该党支部已撤销，请另选党支部。", field=field)


def check_group(group: Organization | None, organization_id: int) -> None:
    """A group belongs to the member's own branch."""
    if group and (group.kind != Kind.GROUP or group.parent_id != organization_id):
        raise ActionError("请选择本支部的党小组。", field="group")


def check_rank(category: str, rank: str) -> None:
    """Contract staff and clerks have no rank (消防救援衔条例 art 2)."""
    if rank and category in WITHOUT_RANK:
        raise ActionError("政府专职消防员和消防文员没有消防救援衔，请清空衔级。", field="rank")


def check_past(day: date, field: str) -> None:
    """What is recorded has happened."""
    if day > clock.today():
        raise ActionError("日期不能晚于今天。", field=field)


def tell(
    by: Actor,
    verb: str,
    words: str,
    member: Member,
    on: date,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record the act and send the news of it."""
    audit.record(
        by, words, member, organization=member.organization_id, before=before, after=after, reason=reason
    )
    changed.send(Member, verb=verb, subject=member, organization=member.organization, on=on)

"""The only writers of duties: the day in portions, generate, recount, waive, reopen."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from branches.models import Organization
from core import audit, clock, jobs, rollups
from core.actor import Actor, system
from core.bulk import unhurried
from core.decisions import ActionError, StaleRecord, require
from core.models import Job
from core.periods import Period
from meetings.models import Meeting
from supervision import queries, rules
from supervision.choices import State
from supervision.models import Duty, Occurrence
from supervision.permissions import can_reopen, can_waive
from supervision.queries import Keys

DATA = Path(__file__).parent / "data" / "duties.toml"
PORTION = 500
"""Organisations in one job of a day: about a second of work, that much is lost with a worker."""


def load_duties() -> int:
    """Write the shipped duties that are not there yet; an administrator's changes stay. Returns how many."""
    rows = tomllib.loads(DATA.read_text())["duty"]
    made = [
        Duty.objects.get_or_create(
            code=row["code"],
            defaults={
                "title": row["title"],
                "holder": row["holder"],
                "kind_id": row["kind"],
                "rule": row["rule"],
                "count_parameter": row["count"],
                "period_parameter": row["period"],
                "position": position,
            },
        )[1]
        for position, row in enumerate(rows)
    ]
    return sum(made)


def submit_day(day: date) -> Job:
    """Queue the duties of ``day``, once, whoever asks how often: the work of the schedule."""
    return jobs.submit(
        "supervision.day",
        key=f"duties:{day}",
        payload={"day": day.isoformat()},
        title=f"生成待办事项（{day}）",
    )


def split_day(work: jobs.Work) -> None:
    """Work one day: a job for each portion of the organisations, all of them or none.

    A killed worker costs one portion, never the day.
    """
    day = work.payload["day"]
    portions = queries.portions(PORTION)
    with work.effect(message=f"已分为{len(portions)}批"):
        for number, keys in enumerate(portions, 1):
            jobs.submit(
                "supervision.portion",
                key=f"duties:{day}:{number}",
                payload={"day": day, "keys": keys},
                title=f"生成待办事项（{day}，第{number}批，共{len(portions)}批）",
            )


def work_portion(work: jobs.Work) -> None:
    """Work one portion of a day in the job's one transaction: what begins, and what did not apply."""
    by, day = system("待办生成"), date.fromisoformat(work.payload["day"])
    keys = Keys(*work.payload["keys"])
    with work.effect():
        generate(by, day, keys)
        close_period(by, day, keys)


@transaction.atomic
def generate(by: Actor, day: date, among: Keys | None = None) -> int:
    """Write the occurrences (of ``among``) of the periods that contain ``day``; returns how many are new.

    Idempotent: a duty is owed once a period (unique), so a second run or a second worker adds nothing.
    """
    made = 0
    with unhurried():
        for duty in Duty.objects.filter(active=True).select_related("kind"):
            period = queries.period_of(duty, day)
            made += _write(duty, period, queries.holders(duty, period, among), among)
    if made:
        audit.record(by, "生成待办事项", f"supervision.duty:{day}", after={"新增": made})
    return made


def _write(duty: Duty, period: Period, holders: list[queries.HolderRow], among: Keys | None) -> int:
    there = Occurrence.objects.filter(duty=duty, period=period.key)
    if among is not None:
        there = there.filter(among.of("holder"))
    known = set(there.values_list("holder_id", "number"))
    now = clock.now()
    rows = [
        Occurrence(
            duty_id=duty.pk,
            organization_id=row.organization_id,
            holder_id=row.holder_id,
            period=period.key,
            number=number,
            opens_on=period.start,
            due_on=period.end,
            created_at=now,
        )
        for row in holders
        for number in range(1, row.count + 1)
        if (row.holder_id, number) not in known
    ]
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    _mark(*rows)
    return len(rows)


def _mark(*rows: Occurrence) -> None:
    """The figures of the months in which ``rows`` fall due are counted again."""
    rollups.mark_all((row.organization_id, rollups.month_of(row.due_on)) for row in rows)


def meeting_changed(meeting: Meeting) -> None:
    """A record was filed, corrected or voided: recount the duties its kinds can close."""
    for duty in queries.duties_closed_by(meeting):
        holder = meeting.group if duty.holder == "group" else meeting.organization
        if holder is not None:
            recount(duty, holder, queries.period_of(duty, meeting.held_on))


@transaction.atomic
def recount(duty: Duty, holder: Organization, period: Period) -> None:
    """Close and reopen the occurrences of one holder and period from the filed meetings, in their order.

    From source every time: running it twice, late or after a void gives the same result.
    """
    alone = Keys(holder.pk, holder.pk)
    _write(duty, period, queries.holders(duty, period, alone), alone)
    rows = list(
        Occurrence.objects.select_for_update()
        .filter(duty=duty, holder=holder, period=period.key)
        .exclude(state=State.WAIVED)
        .order_by("number")
    )
    facts = queries.closing_meetings(duty, holder, period)
    for row, fact in zip(rows, rules.match(facts, len(rows)), strict=True):
        _settle(row, fact[0] if fact else None)


def _settle(row: Occurrence, meeting: Meeting | None) -> None:
    """Point one occurrence to its meeting, or open it again."""
    if meeting is None:
        if row.state == State.CLOSED:
            row.state, row.meeting, row.closed_on, row.recorded_late = State.OPEN, None, None, False
            row.save()
            _mark(row)
        return
    if row.meeting_id == meeting.pk and row.state == State.CLOSED:
        return
    filed_on = timezone.localdate(meeting.filed_at) if meeting.filed_at else meeting.held_on
    row.state, row.meeting, row.closed_on = State.CLOSED, meeting, meeting.held_on
    row.recorded_late = rules.is_recorded_late(filed_on, row.due_on)
    row.save()
    _mark(row)


@transaction.atomic
def waive(by: Actor, occurrence: Occurrence, reason: str) -> None:
    """Excuse an open duty; the reason is kept and shown."""
    if not reason.strip():
        raise ActionError("请写明免办原因", field="reason")
    require(can_waive(by, occurrence))
    changed = Occurrence.objects.filter(pk=occurrence.pk, state=State.OPEN).update(
        state=State.WAIVED, reason=reason.strip(), decided_by=by.user
    )
    if not changed:
        raise StaleRecord("此项刚刚被他人处理，请刷新后查看")
    _mark(occurrence)
    audit.record(by, "批准免办", occurrence, organization=occurrence.organization_id, reason=reason.strip())


@transaction.atomic
def reopen(by: Actor, occurrence: Occurrence, reason: str) -> None:
    """Take a waiver back; a meeting filed in between closes the duty at once."""
    if not reason.strip():
        raise ActionError("请写明恢复原因", field="reason")
    require(can_reopen(by, occurrence))
    changed = Occurrence.objects.filter(pk=occurrence.pk, state=State.WAIVED).update(
        state=State.OPEN, reason="", decided_by=None
    )
    if not changed:
        raise StaleRecord("此项刚刚被他人处理，请刷新后查看")
    _mark(occurrence)
    audit.record(by, "恢复待办", occurrence, organization=occurrence.organization_id, reason=reason.strip())
    recount(occurrence.duty, occurrence.holder, Period.parse(occurrence.period))


@transaction.atomic
def close_period(by: Actor, day: date, among: Keys | None = None) -> int:
    """Decide again, after a period ended, which open duties (of ``among``) did not apply (dissolved).

    Returns how many were set aside; the reason is kept with each.
    """
    found = 0
    ended = Occurrence.objects.open().filter(due_on__lt=day, holder__dissolved_on__isnull=False)
    if among is not None:
        ended = ended.filter(among.of("holder"))
    for row in ended.select_related("holder"):
        dissolved = row.holder.dissolved_on
        if dissolved is not None and dissolved <= row.due_on:
            found += Occurrence.objects.filter(pk=row.pk, state=State.OPEN).update(
                state=State.NOT_APPLICABLE, reason=f"组织已于{dissolved}撤销"
            )
            _mark(row)
    if found:
        audit.record(by, "核销不适用事项", f"supervision.duty:{day}", after={"不适用": found})
    return found

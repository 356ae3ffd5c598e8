"""How long verifying takes: entries by the portal's own insert, records by copying one that was filed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from core import audit, chain, clock
from core.actor import Actor
from core.evidence import against_anchors, anchors, seals, verify
from core.models import AuditEntry, ChainEntry
from meetings.models import AgendaItem, Attendance, Meeting, Resolution, Vote
from meetings.queries.chained import contents
from tests.tamper import world

CHUNK = 1000
BY = Actor(job="测量", request_id="0123456789abcdef", ip="10.0.0.1", agent="0123456789abcdef")


def measured(rows: int) -> str:
    """A table for ``rows`` audit entries and a tenth as many links, in a transaction that is taken back."""
    apart = override_settings(ANCHOR_FILE=settings.DATA_DIR / "measured.jsonl")
    with apart, transaction.atomic(), clock.at(world.NOW):
        world.build()
        links = rows // 10
        lines = [
            ("add entries in bulk", rows, timed(lambda: add_entries(rows))),
            ("seal them", rows, timed(seals.seal_all)),
        ]
        parts = add_records(links)
        lines += [
            ("anchor all links", links, timed(anchors.anchor)),
            ("one more anchor", 1, timed(lambda: anchors.anchor(daily=True))),
            ("verify entries and seals", rows, timed(lambda: whole(verify.sealed()))),
            (f"verify links, {parts} rows behind them", links, timed(lambda: whole(chain.verify_all()))),
            ("verify anchors", links, timed(lambda: whole(against_anchors.anchored()))),
            ("record one entry after the other", 2000, timed(record_singly)),
            ("the same without its digest", 2000, timed(record_plainly)),
        ]
        transaction.set_rollback(True)
    table = [f"{connection.vendor:44} {'rows':>9} {'s':>8} {'s a million':>12} {'of that own':>12}"]
    for words, count, (seconds, own) in lines:
        table.append(
            f"{words:44} {count:9} {seconds:8.2f} {seconds / count * 1e6:12.1f} {own / count * 1e6:12.1f}"
        )
    return "\n".join(table)


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds that ``act`` takes, and those in which this process computes (a busy machine does not count)."""
    started, computed = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - started, time.process_time() - computed


def whole(faults: Iterable[Any]) -> None:
    """Walk through to the end; there is nothing to be found."""
    assert not list(faults)


def draft(number: int) -> AuditEntry:
    """An entry as of a record that was saved."""
    after = {"会议名称": "2026年10月主题党日", "日期": world.DAYS[0], "实到": number % 40, "地点": "学习室"}
    return audit.draft(BY, "修改会议记录", f"meetings.meeting:{number}", after=after, reason="补正记录")


def add_entries(count: int) -> None:
    """In chunks, as a roster import does."""
    for start in range(0, count, CHUNK):
        audit.record_all([draft(number) for number in range(start, min(start + CHUNK, count))])


def record_singly() -> None:
    """As every action does."""
    for number in range(2000):
        draft(number).save()


def record_plainly() -> None:
    """What it would cost without evidence: the same row, the digest of another one."""
    made = draft(0)
    for _ in range(2000):
        made.pk, made._state.adding = None, True
        made.save()


def add_records(count: int) -> int:
    """Filed records like the first one, with everything on them and their links; how many rows in all."""
    first = Meeting.objects.get(pk=min(Meeting.objects.values_list("pk", flat=True)))
    last = ChainEntry.objects.filter(organization_id=first.organization_id).order_by("-number")[0]
    number, previous, rows = last.number, last.digest, 0
    for start in range(0, count, CHUNK):
        made = [copy_of(first, start + n) for n in range(min(CHUNK, count - start))]
        Meeting.objects.bulk_create(made)
        rows += len(made) + _parts(first, made)
        bodies = contents([each.pk for each in made], chain.FORM)
        links = []
        for each in made:
            number += 1
            body = bodies[each.pk]
            links.append(chain.link(first.organization_id, number, previous, each.subject, body, clock.now()))
            previous = links[-1].digest
        ChainEntry.objects.bulk_create(links)
    return rows


def copy_of(first: Meeting, number: int) -> Meeting:
    """A filed record of its own."""
    values = {f.attname: getattr(first, f.attname) for f in Meeting._meta.concrete_fields}
    values |= {"id": None, "uuid": uuid4(), "number": f"{first.number}-{number}", "replaced_by_id": None}
    return Meeting(**values | {"state": "filed", "voided_at": None, "void_reason": ""})


def _parts(first: Meeting, made: list[Meeting]) -> int:
    """Roll, items, votes and resolutions of ``first`` for each; how many rows."""
    kinds = [Meeting.kinds.through(meeting=m, meetingkind_id="theme_day") for m in made]
    roll = [Attendance(**_values(row, meeting_id=m.pk)) for m in made for row in first.roll.all()]
    pairs = [(AgendaItem(**_values(row, meeting_id=m.pk)), row) for m in made for row in first.agenda.all()]
    Meeting.kinds.through._default_manager.bulk_create(kinds)
    Attendance.objects.bulk_create(roll)
    AgendaItem.objects.bulk_create([item for item, _ in pairs])
    votes = [Vote(**_values(row.vote, item_id=item.pk)) for item, row in pairs]
    decided = [
        Resolution(**_values(each, item_id=item.pk)) for item, row in pairs for each in row.resolutions.all()
    ]
    Vote.objects.bulk_create(votes)
    Resolution.objects.bulk_create(decided)
    return sum(map(len, (kinds, roll, pairs, votes, decided)))


def _values(row: Any, **given: Any) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"id": None} | given

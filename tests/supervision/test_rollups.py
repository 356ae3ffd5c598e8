"""Figures by month against the facts: after every kind of write, after moves, with two workers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from branches.actions import found, move
from branches.models import Organization
from core import clock, jobs, rollups
from core.actor import system
from core.models import AuditEntry, DirtyMonth, Job
from core.tasks import CHECK, order_check
from meetings import actions as meetings
from meetings.models import Meeting, MeetingMonth
from meetings.queries import Gathered, gathered_in
from supervision import actions
from supervision.choices import State
from supervision.models import DutyMonth, Occurrence
from tests.corps import content, hold, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BY = system("测试")
NOW = moment(date(2026, 5, 20))


def generate(*months: int) -> None:
    for month in months:
        with clock.at(moment(date(2026, month, 1))):
            actions.generate(BY, date(2026, month, 1))


def differences() -> list[rollups.Difference]:
    return [each for month in rollups.months() for each in rollups.check(month)]


def numbers(organization: Organization, month: str = "2026-03") -> dict[str, int]:
    rows = DutyMonth.objects.filter(organization=organization, month=month)
    return rows.aggregate(**{name: Sum(name, default=0) for name in ("owed", "done", "open", "waived")})


def test_a_filed_meeting_reaches_the_top(corps):
    generate(3)
    rollups.flush_all()
    before = numbers(corps.root)
    assert before["open"] == before["owed"] == Occurrence.objects.filter(due_on=date(2026, 3, 31)).count()
    hold(corps, "committee_meeting", date(2026, 3, 10))
    assert numbers(corps.root) == before
    assert rollups.lag().waiting == 1
    rollups.flush_all()
    assert rollups.lag() is None
    for place in (corps.alpha, corps.battalion, corps.detachment, corps.root):
        assert numbers(place)["done"] == 1
    row = MeetingMonth.objects.get(organization=corps.root, code="")
    meeting = Meeting.objects.get()
    assert (row.held, row.due, row.present) == (1, meeting.due, meeting.present)
    assert row.path == corps.root.path
    for place in (corps.root, corps.alpha):
        seen = gathered_in(place, 2026)
        assert (seen.held, seen.rate) == (1, round(100 * meeting.present / meeting.due, 1))
        assert gathered_in(place, 2025) == Gathered(0, 0, 0)
    assert gathered_in(corps.beta, 2026).rate is None
    assert DutyMonth.objects.filter(organization=corps.root).values_list("own_open", flat=True)[0] == 0


def test_random_work_gives_what_the_facts_give(corps):
    chance = Random(3)
    generate(2, 3, 4)
    held = []
    for _ in range(30):
        with clock.at(NOW):
            match chance.choice(["file", "file", "file", "correct", "void", "waive", "reopen", "flush"]):
                case "file":
                    place, who = chance.choice([(corps.alpha, "secretary"), (corps.beta, "secretary_beta")])
                    kind = chance.choice(["theme_day", "members_meeting", "party_lesson"])
                    day = date(2026, chance.randint(2, 4), chance.randint(1, 28))
                    held.append(
                        hold(
                            corps,
                            kind,
                            day,
                            who=who,
                            organization=place,
                            filed_on=NOW.date(),
                            late_reason="补",
                        )
                    )
                case "correct" if held:
                    _correct(corps, held, chance)
                case "void" if held:
                    meeting = held.pop(chance.randrange(len(held)))
                    who = "secretary" if meeting.organization_id == corps.alpha.pk else "secretary_beta"
                    meetings.void_meeting(corps.actor(who), meeting, "重复登记")
                case "waive" if row := _any(State.OPEN, chance):
                    actions.waive(corps.actor("politics"), row, "全员增援")
                case "reopen" if row := _any(State.WAIVED, chance):
                    actions.reopen(corps.actor("politics"), row, "已补开")
                case "flush":
                    rollups.flush_all()
    rollups.flush_all()
    assert not DirtyMonth.objects.exists()
    assert DutyMonth.objects.exists()
    assert differences() == []


def _any(state: State, chance: Random) -> Occurrence | None:
    rows = list(Occurrence.objects.filter(state=state).order_by("id"))
    return chance.choice(rows) if rows else None


def _correct(corps, held: list[Meeting], chance: Random) -> None:
    """Correct a record onto a day of another month."""
    old = held.pop(chance.randrange(len(held)))
    who = "secretary" if old.organization_id == corps.alpha.pk else "secretary_beta"
    by = corps.actor(who)
    draft = meetings.correct_meeting(by, old, "日期有误")
    kind = old.kinds.get().code
    entered = content(old.organization, kind, date(2026, chance.randint(2, 4), 15))
    draft = meetings.save_meeting(by, draft, replace(entered, late_reason="补"), draft.version)
    meetings.submit_and_file(by, draft, draft.version)
    held.append(Meeting.objects.get(pk=draft.pk))


def test_a_move_takes_open_months_along_and_leaves_sealed_ones(corps):
    generate(3, 4)
    other = found(
        BY, code="B2", name="北港大队党委", short_name="北港大队党委", kind="committee",
        parent=corps.detachment, founded_on=date(2025, 1, 1), duties_from=date(2025, 1, 1),
    )  # fmt: skip
    rollups.flush_all()
    march, april = numbers(corps.battalion), numbers(corps.battalion, "2026-04")
    rollups.seal("2026-03", Organization.objects.under(corps.detachment.path).values("pk"))
    mine = numbers(corps.alpha, "2026-04")
    with clock.at(NOW):
        move(corps.actor("corps_politics"), corps.alpha, parent=other, on=NOW.date(), reason="调整")
    rollups.flush_all()
    assert numbers(corps.battalion) == march
    assert numbers(other) == {"owed": 0, "done": 0, "open": 0, "waived": 0}
    assert numbers(other, "2026-04") == mine
    assert numbers(corps.battalion, "2026-04")["owed"] == april["owed"] - mine["owed"]
    sealed = DutyMonth.objects.filter(organization=corps.alpha, month="2026-03")
    assert set(sealed.values_list("parent", "path")) == {(corps.battalion.pk, corps.alpha.path)}
    assert differences() == []
    with clock.at(NOW):  # later facts of a sealed month count where it was counted
        row = Occurrence.objects.filter(organization=corps.alpha, due_on=date(2026, 3, 31))[0]
        actions.waive(BY, row, "补办手续")
    rollups.flush_all()
    assert numbers(corps.battalion)["waived"] == march["waived"] + 1
    assert differences() == []


def test_the_check_finds_and_repairs_a_difference_made_by_hand(corps):
    generate(3)
    rollups.flush_all()
    right = numbers(corps.battalion)
    DutyMonth.objects.filter(organization=corps.battalion, code="theme_day").update(done=7)
    DutyMonth.objects.filter(organization=corps.beta).delete()
    order_check()
    job = Job.objects.get(kind=CHECK)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert "差异 0 处" not in job.message
    entry = AuditEntry.objects.get(verb="更正月度统计")
    assert entry.after["月份"] == "2026-03"
    assert numbers(corps.battalion) == right
    assert differences() == []


def test_the_check_leaves_alone_what_still_waits(corps):
    generate(3)
    rollups.flush_all()
    hold(corps, "committee_meeting", date(2026, 3, 10))
    assert differences() == []


def test_a_lost_transaction_leaves_no_mark(corps):
    generate(3)
    rollups.flush_all()
    with transaction.atomic():
        rollups.mark(corps.alpha.pk, "2026-03")
        assert rollups.lag().waiting == 1
        transaction.set_rollback(True)
    assert rollups.lag() is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_everything_once(corps):
    generate(2, 3, 4)
    for day in (5, 12, 19):
        hold(corps, "theme_day", date(2026, 3, day))

    def work(_: int) -> int:
        try:
            return sum(rollups.flush() for _ in range(6))
        finally:
            connection.close()

    waiting = DirtyMonth.objects.count()
    with ThreadPoolExecutor(3) as pool:
        done = sum(pool.map(work, range(3)))
    assert done + rollups.flush_all() == waiting
    assert differences() == []

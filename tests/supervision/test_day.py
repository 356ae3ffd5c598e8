"""The duties of a day as jobs: in portions, once, and whatever a killed worker left is taken up."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from branches.models import Organization
from core import clock, jobs
from core.actor import system
from core.models import AuditEntry, Job
from supervision import actions, queries, tasks
from supervision.models import Occurrence
from tests.corps import moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MARCH = date(2026, 3, 2)
OWED = ("duty_id", "holder_id", "organization_id", "period", "number", "opens_on", "due_on", "state")


@pytest.fixture(autouse=True)
def march():
    with clock.at(moment(MARCH)):
        yield


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    monkeypatch.setattr(actions, "PORTION", 2)


def work_all():
    """Work what is queued, in the order of the queue."""
    while job := Job.objects.filter(state="queued").order_by("id").first():
        jobs.run(job.pk)


def owed():
    return sorted(Occurrence.objects.values_list(*OWED))


def test_portions_cover_every_organisation_once(corps):
    found = queries.portions(4)
    keys = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    assert [pk for first, last in found for pk in keys if first <= pk <= last] == keys
    assert len(found) == 2
    assert queries.portions(len(keys)) == [(keys[0], keys[-1])]


def test_a_day_in_portions_owes_what_it_owes_in_one_piece(corps):
    tasks.generate()
    work_all()
    in_portions = owed()
    assert Job.objects.filter(kind="supervision.portion", state="done").count() == 3
    Occurrence.objects.all().delete()
    assert actions.generate(system("测试"), MARCH) == len(in_portions) > 0
    assert owed() == in_portions
    told = AuditEntry.objects.filter(verb="生成待办事项").values_list("after", flat=True)
    assert sum(entry["新增"] for entry in told) == 2 * len(in_portions)


def test_asking_again_the_same_day_is_one_row_and_the_next_day_adds_nothing_to_the_month(corps):
    tasks.generate()
    work_all()
    before, rows = owed(), Job.objects.count()
    tasks.generate()
    assert Job.objects.count() == rows
    with clock.at(moment(date(2026, 3, 3))):
        tasks.generate()
        work_all()
    assert Job.objects.count() == 2 * rows
    assert owed() == before


def test_a_portion_of_a_killed_worker_is_worked_by_the_next(corps):
    tasks.generate()
    jobs.run(Job.objects.get(kind="supervision.day").pk)
    dead = Job.objects.filter(kind="supervision.portion").order_by("id").last()
    assert jobs.claim(dead.pk) is not None  # and then kill -9
    work_all()
    some = owed()
    assert jobs.run(dead.pk) is False  # not while its lease runs
    Job.objects.filter(pk=dead.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep() == [dead]
    assert jobs.run(dead.pk) is True
    everything = owed()
    assert set(some) < set(everything)
    assert actions.generate(system("测试"), MARCH) == 0


def test_a_worker_that_was_taken_for_dead_writes_nothing(corps):
    tasks.generate()
    jobs.run(Job.objects.get(kind="supervision.day").pk)
    first = Job.objects.filter(kind="supervision.portion").order_by("id").last()
    slow = jobs.Work(jobs.claim(first.pk))
    Job.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim(first.pk) is not None
    with pytest.raises(jobs.LostLease):
        actions.work_portion(slow)
    assert owed() == []

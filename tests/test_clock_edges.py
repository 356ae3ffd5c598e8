"""Edges of the calendar and of clocks, whatever time zone the process was started in (goal C-19)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core import clock, jobs
from core.models import Heartbeat, Job
from core.periods import Period, add_months, full_years
from core.queries import pulse, working_calendar
from core.workdays import official_calendar
from reports import actions as cycles
from reports import queries as reports
from reports import rules as report_rules
from reports import tasks as cycle_tasks
from reports.models import Cycle
from supervision import queries, rules, tasks
from supervision.models import Occurrence
from tests.corps import Corps

pytestmark = pytest.mark.both
SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True, params=["UTC", "Asia/Shanghai"])
def process_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def set_machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the machine, by which leases run, wherever the clock of the portal stands."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return put


# --- which day it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), "2026-10-31"),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "2026-11-01"),
        (datetime(2026, 10, 31, 16, 30, tzinfo=UTC), "2026-11-01"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027-01-01"),
        (datetime(2028, 2, 28, 16, 15, tzinfo=UTC), "2028-02-29"),
        (datetime(2028, 2, 29, 16, 15, tzinfo=UTC), "2028-03-01"),
        (datetime(2026, 2, 28, 16, 15, tzinfo=UTC), "2026-03-01"),
        (datetime(1988, 6, 30, 15, 30, tzinfo=UTC), "1988-07-01"),  # Shanghai was UTC+9 in that summer
        (datetime(1988, 1, 1, 15, 30, tzinfo=UTC), "1988-01-01"),
    ],
)
def test_the_day_is_that_of_the_portal_not_of_the_process(moment: datetime, day: str) -> None:
    with clock.at(moment):
        assert clock.today() == date.fromisoformat(day)


def test_the_machines_own_clock_is_read_in_the_zone_of_the_portal(
    set_machine: Callable[[datetime], None],
) -> None:
    set_machine(local("2026-11-01 00:10"))
    assert clock.today() == date(2026, 11, 1)
    set_machine(local("2026-10-31 23:59"))
    assert clock.today() == date(2026, 10, 31)


# --- months, quarters, years ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "days"),
    [("2026-02-28", 28), ("2028-02-29", 29), ("2026-04-30", 30), ("2026-12-31", 31), ("2100-02-28", 28)],
)
def test_a_month_ends_on_its_last_day(last: str, days: int) -> None:
    end = date.fromisoformat(last)
    month = Period.containing("month", end)
    assert (month.end, (month.end - month.start).days + 1) == (end, days)
    assert Period.containing("month", end + DAY) == month.next()
    assert end + DAY not in month


def test_the_year_turns_every_kind_of_period() -> None:
    for kind in ("month", "quarter", "half", "year"):
        old, new = (Period.containing(kind, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
        assert old.next() == new
        assert new.previous() == old
        assert (old.end, new.start) == (date(2026, 12, 31), date(2027, 1, 1))


def test_months_are_added_to_the_first_date_never_step_by_step() -> None:
    joined = date(2026, 1, 31)
    assert add_months(add_months(joined, 1), 1) == date(2026, 3, 28)  # why nobody may go by steps
    assert add_months(joined, 2) == date(2026, 3, 31)
    leap = date(2024, 2, 29)
    assert [add_months(leap, 12 * years) for years in (1, 4)] == [date(2025, 2, 28), date(2028, 2, 29)]
    assert (full_years(leap, date(2025, 2, 27)), full_years(leap, date(2025, 2, 28))) == (0, 1)


# --- working days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "frozen"),
    [
        ("2026-09", "2026-10-10"),  # after the holiday, and Saturday the 10th is worked
        ("2026-08", "2026-09-03"),
        ("2026-01", "2026-02-04"),
        ("2026-02", "2026-03-04"),  # Saturday the 28th is worked, but still February
        ("2025-12", "2026-01-06"),  # free until the 3rd, and Sunday the 4th is worked
        ("2034-12", "2035-01-03"),  # nothing is published: Monday to Friday
    ],
)
def test_the_freeze_day_follows_the_official_calendar(month: str, frozen: str) -> None:
    day = report_rules.freeze_day(Period.parse(month), 3, official_calendar())
    worked = [day - n * DAY for n in range(40) if official_calendar().is_working(day - n * DAY)]
    assert worked[2] > Period.parse(month).end >= worked[3]
    assert day == date.fromisoformat(frozen)


def test_a_make_up_saturday_counts_among_the_days_overdue() -> None:
    calendar, due = official_calendar(), date(2026, 9, 30)
    assert calendar.is_working(date(2026, 10, 10))
    late = [rules.days_overdue(due, date(2026, 10, day), calendar) for day in (7, 8, 9, 10, 11, 12)]
    assert late == [0, 1, 2, 3, 3, 4]


def test_a_year_without_a_calendar_is_counted_by_weekends_and_says_so() -> None:
    calendar = official_calendar()
    assert not calendar.certain(date(2035, 1, 3))
    assert not calendar.certain_between(date(2026, 12, 31), date(2035, 1, 3))
    assert calendar.certain_between(date(2026, 1, 1), date(2026, 12, 31))
    assert rules.days_overdue(date(2034, 12, 29), date(2035, 1, 2), calendar) == 2  # Monday, Tuesday


# --- what the schedule does in the night ---------------------------------------------------------------


def work_all() -> None:
    while job := Job.objects.filter(state="queued").order_by("id").first():
        jobs.run(job.pk)


def night(moment: datetime) -> None:
    """What beat and a worker do at ``moment``."""
    with clock.at(moment):
        tasks.generate()
        cycle_tasks.run_due_cycles()
        work_all()


def months() -> set[str]:
    return set(Occurrence.objects.filter(duty="theme_day").values_list("period", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [0, 1, 20, 30])
@pytest.mark.parametrize(
    ("last", "opened"),
    [
        ("2026-10-31", "2026-11"),
        ("2026-12-31", "2027-01"),
        ("2028-02-29", "2028-03"),
        ("2026-02-28", "2026-03"),
    ],
)
def test_a_month_opens_with_its_first_minute(corps: Corps, last: str, opened: str, minutes: int) -> None:
    midnight = local(last) + DAY
    night(midnight - SECOND)
    assert months() == {last[:7]}
    night(midnight + timedelta(minutes=minutes))
    assert months() == {last[:7], opened}
    rows = Occurrence.objects.filter(duty="theme_day", period=opened)
    period = Period.parse(opened)
    assert set(rows.values_list("opens_on", "due_on")) == {(period.start, period.end)}
    assert Job.objects.filter(key=f"duties:{period.start}").count() == 1


@pytest.mark.django_db
def test_a_clock_that_steps_back_over_midnight_changes_nothing(corps: Corps) -> None:
    midnight = local("2026-11-01 00:00")
    night(midnight - timedelta(minutes=10))
    night(midnight + timedelta(minutes=1))
    before = list(Occurrence.objects.order_by("pk").values_list())
    keys = set(Job.objects.values_list("key", flat=True))
    night(midnight - timedelta(minutes=1))  # two minutes back
    night(midnight + timedelta(minutes=1))
    assert list(Occurrence.objects.order_by("pk").values_list()) == before
    assert set(Job.objects.values_list("key", flat=True)) == keys


@pytest.mark.django_db
def test_a_clock_that_runs_a_day_ahead_opens_early_and_nothing_twice(corps: Corps) -> None:
    evening = local("2026-10-31 20:00")
    night(evening)
    night(evening + DAY)
    opened = Occurrence.objects.filter(period="2026-11").count()
    with clock.at(evening):  # set right: nobody is shown what has not begun
        shown = queries.todo_list(corps.alpha)
        assert all(
            item.occurrence.period != "2026-11" for item in (*shown.week, *shown.later, *shown.overdue)
        )
    night(evening + DAY)
    assert Occurrence.objects.filter(period="2026-11").count() == opened > 0


@pytest.mark.django_db
def test_the_last_day_of_a_month_is_not_overdue_until_it_is_over(corps: Corps) -> None:
    night(local("2028-02-01 00:20"))
    for moment, urgent in (("2028-02-29 23:59", "week"), ("2028-03-01 00:00", "overdue")):
        with clock.at(local(moment)):
            groups = {
                item.occurrence.period: name
                for name in ("week", "overdue")
                for item in getattr(queries.todo_list(corps.alpha), name)
            }
        assert groups["2028-02"] == urgent


@pytest.mark.django_db
def test_a_cycle_is_closed_on_the_make_up_saturday_and_not_before(corps: Corps) -> None:
    with clock.at(local("2026-09-01 00:20")):
        tasks.generate()
        work_all()
    assert reports.freeze_day(corps.detachment, Period.parse("2026-09")) == date(2026, 10, 10)
    night(local("2026-10-09 23:59"))
    assert not Cycle.objects.filter(period="2026-09").exists()
    night(local("2026-10-10 00:00"))
    assert Cycle.objects.filter(period="2026-09", kind="monthly").count() == 2
    night(local("2026-10-09 23:58"))  # two minutes back
    night(local("2026-10-10 00:00"))
    assert Cycle.objects.filter(period="2026-09", kind="monthly").count() == 2


@pytest.mark.django_db
def test_a_cycle_of_a_year_without_a_calendar(corps: Corps) -> None:
    period = Period.parse("2034-12")
    assert reports.freeze_day(corps.detachment, period) == date(2035, 1, 3)
    assert not working_calendar().certain(date(2035, 1, 3))
    with clock.at(local("2034-12-31 23:59")), pytest.raises(cycles.ActionError, match="尚未结束"):
        cycles.submit_cycle(cycles.system("测试"), "monthly", period, corps.detachment)
    night(local("2035-01-03 00:10"))
    assert Cycle.objects.filter(period="2034-12", kind="monthly").count() == 2


# --- leases, when the clock of the machine jumps ---------------------------------------------------------

NOON = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


def job() -> Job:
    return jobs.submit("core.check_rollups", key="x")


@pytest.mark.django_db
def test_two_minutes_back_a_lease_runs_longer_and_is_not_given_twice(
    set_machine: Callable[[datetime], None],
) -> None:
    set_machine(NOON)
    held = jobs.claim(job().pk)
    set_machine(NOON - timedelta(minutes=2))
    assert jobs.claim(held.pk) is None
    assert jobs.sweep() == []
    set_machine(NOON + jobs.lease() + SECOND)
    assert jobs.sweep() == [held]
    assert jobs.claim(held.pk) is not None


@pytest.mark.django_db
def test_a_day_ahead_the_job_changes_hands_and_takes_effect_once(
    set_machine: Callable[[datetime], None],
) -> None:
    set_machine(NOON)
    first = jobs.Work(jobs.claim(job().pk))
    set_machine(NOON + DAY)
    second = jobs.Work(jobs.claim(first.job.pk))
    with second.effect(message="second"):
        pass
    with pytest.raises(jobs.LostLease), first.effect(message="first"):
        pytest.fail("the first worker still had an effect")
    assert (Job.objects.get().message, Job.objects.get().state) == ("second", "done")


@pytest.mark.django_db
@pytest.mark.parametrize("running", [True, False])
def test_what_a_clock_a_day_ahead_wrote_is_not_waited_for(
    set_machine: Callable[[datetime], None], running: bool
) -> None:
    """The worker was killed, or the message lost, while the clock ran ahead; then it was set right."""
    set_machine(NOON + DAY)
    left = job()
    if running:
        jobs.claim(left.pk)
    else:
        set_machine(NOON + DAY + 2 * jobs.RESEND)
        assert jobs.sweep() == [left]
    set_machine(NOON)
    assert jobs.sweep() == [left]
    assert jobs.claim(left.pk) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("off", "silent"), [(SECOND, False), (-SECOND, False), (DAY, True), (-DAY, True)])
def test_a_sign_of_life_from_another_day_is_none(
    set_machine: Callable[[datetime], None], settings: Any, off: timedelta, silent: bool
) -> None:
    set_machine(NOON)
    for queue in settings.QUEUES:
        Heartbeat.objects.create(name=queue, at=NOON + off)
    assert bool(pulse().silent) is silent

from datetime import date

import pytest

from core import clock, rollups
from core.actor import system
from core.decisions import ActionError, NotAllowed
from core.models import AuditEntry
from meetings import actions as meetings
from supervision import actions, queries
from supervision.models import Duty, Occurrence
from tests.corps import hold, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MARCH = date(2026, 3, 2)


def generate(day=MARCH):
    with clock.at(moment(day)):
        return actions.generate(system("待办生成"), day)


def states(corps, duty, organization=None):
    rows = Occurrence.objects.filter(duty=duty, organization=organization or corps.alpha)
    return [row.state for row in rows.order_by("due_on", "number")]


def test_generate_is_idempotent_and_follows_the_first_day(corps):
    made = generate()
    assert made == Occurrence.objects.count() > 0
    assert generate() == 0
    # 西站没有支委会：不承担支委会；东站有一个党小组
    assert states(corps, "committee_meeting") == ["open"]
    assert states(corps, "committee_meeting", corps.beta) == []
    assert Occurrence.objects.filter(duty="group_meeting").get().holder == corps.group


def test_a_filed_meeting_closes_its_duty_and_a_void_opens_it_again(corps):
    generate()
    meeting = hold(corps, "committee_meeting", date(2026, 3, 10))
    row = Occurrence.objects.get(duty="committee_meeting")
    assert (row.state, row.meeting, row.closed_on, row.recorded_late) == (
        "closed",
        meeting,
        date(2026, 3, 10),
        False,
    )
    with clock.at(moment(date(2026, 3, 11))):
        meetings.void_meeting(corps.actor("secretary"), meeting, "重复登记")
    row.refresh_from_db()
    assert (row.state, row.meeting, row.closed_on) == ("open", None, None)


def test_a_back_dated_meeting_closes_a_period_that_was_never_generated(corps):
    hold(
        corps,
        "theme_day",
        date(2026, 1, 15),
        filed_on=date(2026, 2, 20),
        late_reason="增援在外",
    )
    row = Occurrence.objects.get(duty="theme_day", period="2026-01")
    assert row.state == "closed"
    assert row.recorded_late


def test_one_gathering_of_two_kinds_closes_both(corps):
    from dataclasses import replace

    from tests.corps import content

    generate()
    day = date(2026, 3, 12)
    with clock.at(moment(day, 18)):
        by = corps.actor("secretary")
        entered = replace(
            content(corps.alpha, "members_meeting", day), kinds=("members_meeting", "theme_day")
        )
        meeting = meetings.start_meeting(by, corps.alpha, entered)
        meetings.submit_and_file(by, meeting, meeting.version)
    assert states(corps, "members_meeting") == ["closed"]
    assert states(corps, "theme_day") == ["closed"]


def test_nothing_is_due_before_the_first_day_of_use(corps):
    type(corps.alpha).objects.filter(pk=corps.alpha.pk).update(duties_from=date(2026, 3, 5))
    generate()
    assert not Occurrence.objects.filter(organization=corps.alpha, holder=corps.alpha).exists()


def test_waive_needs_a_reason_and_the_department_above(corps):
    generate()
    row = Occurrence.objects.get(duty="theme_day", organization=corps.alpha)
    with pytest.raises(ActionError, match="请写明免办原因"):
        actions.waive(corps.actor("politics"), row, "  ")
    with pytest.raises(NotAllowed):
        actions.waive(corps.actor("secretary"), row, "执勤")
    actions.waive(corps.actor("politics"), row, "全员增援")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("waived", "全员增援")
    assert AuditEntry.objects.filter(verb="批准免办", reason="全员增援").exists()
    with pytest.raises(NotAllowed):
        actions.waive(corps.actor("politics"), row, "再次")


def test_a_waived_duty_stays_waived_until_reopened(corps):
    generate()
    row = Occurrence.objects.get(duty="theme_day", organization=corps.alpha)
    actions.waive(corps.actor("politics"), row, "全员增援")
    hold(corps, "theme_day", date(2026, 3, 12))
    row.refresh_from_db()
    assert row.state == "waived"
    actions.reopen(corps.actor("politics"), row, "已补开")
    row.refresh_from_db()
    assert row.state == "closed"


def test_a_dissolved_holder_owes_nothing_in_its_last_period(corps):
    generate()
    type(corps.group).objects.filter(pk=corps.group.pk).update(dissolved_on=date(2026, 3, 20))
    with clock.at(moment(date(2026, 4, 1))):
        assert actions.close_period(system("待办生成"), date(2026, 4, 1)) == 1
        assert actions.close_period(system("待办生成"), date(2026, 4, 1)) == 0
    assert Occurrence.objects.get(duty="group_meeting").state == "not_applicable"


def test_recount_twice_gives_the_same(corps):
    generate()
    hold(corps, "committee_meeting", date(2026, 3, 10))
    before = list(Occurrence.objects.order_by("id").values())
    duty = Duty.objects.get(pk="committee_meeting")
    actions.recount(duty, corps.alpha, queries.period_of(duty, MARCH))
    assert list(Occurrence.objects.order_by("id").values()) == before


def test_matrix_counts_only_what_is_in_sight(corps):
    generate()
    hold(corps, "committee_meeting", date(2026, 3, 10))
    rollups.flush_all()
    with clock.at(moment(date(2026, 4, 2))):
        rows = queries.matrix(corps.users["politics"], corps.battalion, 2026)
        names = {row.organization.short_name: row.cells[3] for row in rows}
        assert names["东站党支部"].done == 1
        assert names["东站党支部"].overdue == names["东站党支部"].owed - 1
        own = queries.matrix(corps.users["secretary"], corps.battalion, 2026)
        assert {row.organization.short_name for row in own} == {"东站党支部"}

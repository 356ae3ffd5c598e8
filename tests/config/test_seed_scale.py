from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from branches.choices import Kind
from branches.models import Organization
from core import clock, rollups
from core.actor import system
from core.models import Sequence
from meetings.models import Attendance, Meeting, MeetingMonth
from meetings.queries import expected_roll
from members.models import Member, Membership, Standing
from supervision import actions, queries
from supervision.models import Occurrence
from tests.corps import moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = date(2026, 11, 24)
BRANCHES, MEMBERS, MONTHS = 40, 330, 3


@pytest.fixture
def seeded(db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "Test-pass-2026")
    seed()


def seed() -> None:
    call_command("seed_scale", branches=BRANCHES, members=MEMBERS, months=MONTHS, on=DAY, verbosity=0)


def test_as_many_as_asked_for(seeded):
    kinds = Counter(Organization.objects.values_list("level", flat=True))
    assert (kinds["station"], kinds["battalion"], kinds["detachment"], kinds["corps"]) == (40, 7, 1, 1)
    assert Member.objects.count() == MEMBERS
    assert Membership.objects.filter(until__isnull=True).count() == MEMBERS
    assert Standing.objects.filter(until__isnull=True).count() == MEMBERS
    per_month = Meeting.objects.count() / BRANCHES / MONTHS
    assert 2 < per_month < 4


def test_paths_follow_the_parents(seeded):
    rows = Organization.objects.select_related("parent")
    wrong = [row for row in rows if row.parent and row.path[: -len("0000000")] != row.parent.path]
    assert not wrong
    assert not [row for row in rows if int(row.path[-7:]) != row.pk]


def test_what_is_owed_is_what_the_schedule_would_write(seeded):
    """Every month of use is complete: the real action finds nothing to add, and recounting changes nothing."""
    months = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    with clock.at(moment(DAY)):
        assert [actions.generate(system("测试"), month) for month in months] == [0, 0, 0, 0]
    before = list(Occurrence.objects.order_by("id").values())
    for row in list(Occurrence.objects.select_related("duty", "holder").order_by("id"))[::7]:
        actions.recount(row.duty, row.holder, queries.period_of(row.duty, row.opens_on))
    assert list(Occurrence.objects.order_by("id").values()) == before
    states = Counter(row["state"] for row in before)
    assert states["closed"] > states["open"] > 0


def test_a_closed_duty_has_its_filed_meeting(seeded):
    closed = Occurrence.objects.filter(state="closed")
    assert not closed.exclude(meeting__state="filed", meeting__kinds=F("duty__kind")).exists()
    assert not closed.exclude(closed_on=F("meeting__held_on")).exists()
    assert not closed.filter(Q(closed_on__lt=F("opens_on")) | Q(closed_on__gt=F("due_on"))).exists()
    assert closed.filter(recorded_late=True).exists()
    assert Meeting.objects.count() == closed.count()


def test_rolls_are_those_of_the_register(seeded):
    meetings = list(Meeting.objects.select_related("organization", "group").order_by("id"))
    for meeting in meetings[:: len(meetings) // 40]:
        kinds = list(meeting.kinds.values_list("code", flat=True))
        due = expected_roll(meeting.organization, meeting.group, kinds, meeting.held_on)
        roll = list(Attendance.objects.filter(meeting=meeting))
        assert [(p.person_id, p.role) for p in due] == [(row.person_id, row.role) for row in roll]
        here = [row for row in roll if row.presence == "present"]
        assert (meeting.due, meeting.present) == (len(roll), len(here))
        assert meeting.voters_present == sum(row.role == "voter" for row in here)
        assert {meeting.chair_id, meeting.recorder_id} <= {row.person_id for row in here}


def test_numbers_go_on_in_their_series(seeded):
    meeting = Meeting.objects.order_by("-id")[0]
    same = Meeting.objects.filter(organization=meeting.organization, held_on__year=2026).count()
    assert Sequence.objects.get(pk=f"meeting:{meeting.organization_id}:2026").last == same


def test_the_figures_by_month_are_those_of_the_facts(seeded):
    months = rollups.months()
    assert len(months) >= MONTHS
    assert [each for month in months for each in rollups.check(month)] == []
    assert MeetingMonth.objects.filter(organization__parent=None, code="", held__gt=0).count() >= MONTHS


def test_the_pages_open(seeded, sign_in):
    branch = Organization.objects.filter(kind=Kind.BRANCH)[0]
    pages = (
        "/",
        "/duties/matrix/",
        "/duties/list/",
        "/meetings/",
        "/members/",
        f"/organizations/{branch.pk}/",
    )
    with clock.at(moment(DAY)):
        for name in ("secretary", "politics_corps", "leader_root", "politics_root"):
            client = sign_in(User.objects.get(username=name))
            for page in pages[: 5 if name == "secretary" else 6]:
                assert client.get(page).status_code == 200, (name, page)


def test_the_same_seed_gives_the_same_rows(db, monkeypatch):
    def rows():
        with transaction.atomic():
            call_command("seed_scale", branches=6, members=60, months=2, on=DAY, seed=7, verbosity=0)
            found = [
                list(
                    Meeting.objects.order_by("id").values_list("uuid", "number", "title", "present", "chair")
                ),
                list(Occurrence.objects.order_by("id").values_list("duty", "holder", "state", "closed_on")),
                list(Attendance.objects.order_by("id").values_list("meeting", "name", "presence", "excuse")),
            ]
            transaction.set_rollback(True)
            return found

    monkeypatch.setenv("DEMO_PASSWORD", "Test-pass-2026")
    first = rows()
    assert first == rows()
    assert all(first)


def test_a_used_database_is_refused(corps, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "Test-pass-2026")
    with pytest.raises(CommandError, match="空的数据库"):
        seed()
    assert Meeting.objects.count() == 0


def test_too_few_members_are_refused(db):
    with pytest.raises(CommandError, match="至少"):
        call_command("seed_scale", branches=40, members=100, months=3)

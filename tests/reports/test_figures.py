"""Pages that count a subtree read the figures by month: never the facts below, and they say how far they are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.choices import Kind
from branches.models import Organization
from core import clock, jobs, rollups
from core.actor import system
from core.models import DirtyMonth
from core.periods import Period
from reports import actions as reports
from reports import queries
from supervision import actions
from supervision import queries as duties
from supervision.models import DutyMonth, Occurrence
from tests.corps import hold, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 5, 20)


@pytest.fixture
def spring(corps):
    """March to May, a little of it done, counted, seen from 20 May."""
    for month in (3, 4, 5):
        with clock.at(moment(date(2026, month, 1))):
            actions.generate(system("测试"), date(2026, month, 1))
    hold(corps, "committee_meeting", date(2026, 3, 10))
    hold(corps, "theme_day", date(2026, 4, 10), who="secretary_beta", organization=corps.beta)
    rollups.flush_all()
    with clock.at(moment(TODAY)):
        yield corps


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def test_the_figures_are_those_of_the_facts(spring):
    user = spring.users["politics"]
    rows = duties.matrix(user, spring.detachment, 2026)
    below = Organization.objects.under(spring.battalion.path)
    facts = Occurrence.objects.filter(organization__in=below, due_on__year=2026)
    total = rows[0].total
    assert [row.organization for row in rows] == [spring.battalion]
    assert (total.owed, total.done) == (facts.owed().count(), facts.filter(state="closed").count())
    assert total.overdue == facts.overdue_on(TODAY).count() > 0
    one = duties.matrix(user, spring.detachment, 2026, "theme_day")[0].total
    assert one.owed == facts.filter(duty="theme_day").count()
    brief = queries.brief(user, spring.detachment)
    assert brief.overdue_count == total.overdue
    assert [each.organization for each in brief.attention] == [spring.alpha, spring.beta]


def test_what_falls_due_within_the_running_month_is_overdue_the_next_day(spring):
    row = Occurrence.objects.filter(organization=spring.alpha, due_on=date(2026, 5, 31))[0]
    Occurrence.objects.filter(pk=row.pk).update(due_on=date(2026, 5, 15))
    cells = duties.matrix(spring.users["politics"], spring.battalion, 2026)[0].cells
    assert cells[5].overdue == 1


@pytest.mark.parametrize("url", ["/", "/duties/matrix/", "/organizations/{pk}/"])
def test_a_page_of_a_subtree_reads_no_meeting_and_no_roll(spring, sign_in, url):
    sql = queries_of(sign_in(spring.users["politics"]), url.format(pk=spring.detachment.pk))
    # the page of an organisation lists the latest records of its own: by its key, at most eight
    own = f'"organization_id" = {spring.detachment.pk}'
    assert not [text for text in sql if 'FROM "meetings_meeting"' in text and own not in text]
    assert not [text for text in sql if "meetings_attendance" in text]
    assert any("supervision_dutymonth" in text for text in sql)


def test_top_and_bottom_cost_the_same(spring, sign_in):
    client = sign_in(spring.users["corps_politics"])
    places = [spring.root, spring.detachment, spring.battalion]
    assert all(place.kind == Kind.COMMITTEE for place in places)
    costs = {len(queries_of(client, f"/duties/matrix/?node={place.pk}")) for place in places}
    assert len(costs) == 1


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("politics", "/"),
        ("leader", "/"),
        ("politics", "/duties/matrix/"),
        ("politics", "/organizations/{pk}/"),
    ],
)
def test_a_page_says_when_it_lags(spring, sign_in, name, url):
    url, client = url.format(pk=spring.detachment.pk), sign_in(spring.users[name])
    assert "待更新" not in client.get(url).content.decode()
    with clock.at(moment(TODAY, 9)):
        rollups.mark(spring.alpha.pk, "2026-05")
    assert "统计截至 09:00，1 个单位待更新" in client.get(url).content.decode()
    DirtyMonth.objects.update(organization=spring.root)  # somebody else's
    assert "待更新" not in client.get(url).content.decode()


def test_closing_a_month_seals_it_for_those_below(spring):
    job = reports.submit_cycle(system("测试"), "monthly", Period.parse("2026-04"), spring.detachment)
    assert jobs.run(job.pk)
    rows = DutyMonth.objects.order_by().values_list("month", "organization", "sealed").distinct()
    sealed = {(month, organization) for month, organization, is_sealed in rows if is_sealed}
    below = {spring.detachment.pk, spring.battalion.pk, spring.alpha.pk, spring.beta.pk}
    assert sealed == {("2026-04", pk) for pk in below}

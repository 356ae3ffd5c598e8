"""Queries a page: the same for 1 row and for 30, and no more than its budget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_person
from core import clock
from core.actor import system
from members.actions import register
from supervision import actions as duties
from tests.corps import BEGIN, hold, moment

TODAY = date(2026, 11, 10)
BUDGETS = {
    "/": ("secretary", 32),
    "/meetings/": ("secretary", 15),
    "/meetings/?q=器材": ("politics", 16),
    "/members/": ("secretary", 15),
    "/members/?organization={alpha}": ("politics", 16),
    "/duties/": ("secretary", 12),
    "/duties/list/": ("politics", 15),
    "/duties/matrix/": ("politics", 14),
    "/organizations/": ("politics", 14),
    "/organizations/{alpha}/": ("politics", 29),
    "/bulletins/": ("politics", 13),
    "/cycles/": ("politics", 13),
    "/rounds/": ("politics", 13),
    "/grants/": ("secadmin", 9),
    "/api/v1/grants/?page_size=200": ("secadmin", 8),
    "/search/?q=东": ("politics", 14),
    "/api/v1/meetings/?page_size=200": ("politics", 12),
    "/api/v1/members/?page_size=200": ("politics", 8),
    "/api/v1/exemptions/?page_size=200": ("politics", 8),
    "/members/stays/": ("politics", 14),
    "/api/v1/stays/?page_size=200": ("politics", 8),
    "/api/v1/occurrences/?page_size=200": ("politics", 8),
    "/api/v1/organizations/?page_size=200": ("politics", 8),
    "/api/v1/documents/?page_size=200": ("politics", 8),
}


def measure(corps, sign_in) -> dict[str, int]:
    """Queries of each page as its user opens it."""
    found = {}
    for path, (user, _) in BUDGETS.items():
        client = sign_in(corps.users[user])
        url = path.format(alpha=corps.alpha.pk)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        found[path] = len(queries)
    return found


def grow(corps, first: int, last: int) -> None:
    """Meetings, members and duties from the ``first`` to the ``last``."""
    with clock.at(moment(BEGIN)):
        for number in range(first, last):
            person = create_person(system("测试"), name=f"新{number}")
            register(
                system("测试"),
                person=person,
                organization=corps.alpha,
                stage="full",
                since=BEGIN,
                category="firefighter",
                joined_on=date(2020, 1, 1),
                full_on=date(2021, 1, 1),
            )
    for number in range(first, last):
        hold(corps, "committee_meeting", date(2026, 10, 1) + timedelta(days=number))


@pytest.mark.django_db
def test_one_row_costs_what_thirty_cost(corps, sign_in):
    with clock.at(moment(date(2026, 10, 1))):
        duties.generate(system("测试"), date(2026, 10, 1))
    grow(corps, 0, 1)
    with clock.at(moment(TODAY)):
        few = measure(corps, sign_in)
    grow(corps, 1, 31)
    with clock.at(moment(TODAY)):
        many = measure(corps, sign_in)
    assert few == many
    over = {path: count for path, count in many.items() if count > BUDGETS[path][1]}
    assert not over

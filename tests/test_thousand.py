"""Lists over a thousand rows: cut into pages, as many queries and as heavy as over a few (perf.md, guards)."""

from __future__ import annotations

import gzip
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from meetings.models import Meeting
from members.models import Member
from supervision.models import Occurrence
from tests.corps import moment
from tests.test_budgets import BUDGETS

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
LISTS = {"/meetings/": Meeting, "/members/": Member, "/duties/list/": Occurrence}
PAGES = (*LISTS, "/", "/duties/matrix/", "/organizations/", "/search/?q=学", "/cycles/", "/bulletins/")
KIB = 1024
HEAVIEST = 60 * KIB
OVER_THE_WIRE = 40 * KIB
NODES = 1500


@pytest.fixture
def thousand(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "Test-pass-2026")
    call_command("seed_scale", branches=110, members=1100, months=4, on=DAY, verbosity=0)


class Nodes(HTMLParser):
    """Counts the elements of a page."""

    count = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.count += 1


def nodes(html: str) -> int:
    parser = Nodes()
    parser.feed(html)
    return parser.count


def test_pages_over_a_thousand_rows(thousand: None, sign_in: Any) -> None:
    assert min(model.objects.count() for model in LISTS.values()) > 1000
    client = sign_in(User.objects.get(username="politics_corps"))
    with clock.at(moment(DAY)):
        for page in PAGES:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(page)
            html = answer.content.decode()
            assert answer.status_code == 200, page
            assert len(answer.content) <= HEAVIEST, page
            assert len(gzip.compress(answer.content)) <= OVER_THE_WIRE, page
            assert nodes(html) <= NODES, (page, nodes(html))
            assert len(asked) <= BUDGETS.get(page, ("", 16))[1], (page, len(asked))


def test_a_page_costs_the_same_wherever_and_however_long(thousand: None, sign_in: Any) -> None:
    client = sign_in(User.objects.get(username="politics_corps"))
    with clock.at(moment(DAY)):
        for page in LISTS:
            costs = {query: count(client, f"{page}?{query}") for query in ("page_size=2", "page_size=200")}
            assert len(set(costs.values())) == 1, (page, costs)
            rows = client.get(f"{page}?page_size=5000").context["rows"]
            assert len(rows) == 200, page  # nobody gets a list in one piece


def count(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200, url
    return len(asked)

"""Long lists: counted up to a cap, walked to the last row by key, whatever the order."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.views import pages
from meetings.models import Meeting
from tests.corps import moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TODAY = date(2026, 11, 10)
ROWS, CAP = 75, 40
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
def listed(corps, sign_in, monkeypatch):
    """75 drafts, three a day, where the list counts only 40."""
    monkeypatch.setattr(pages.CappedPaginator, "cap", CAP)
    Meeting.objects.bulk_create(
        Meeting(
            organization=corps.alpha if number % 2 else corps.beta,
            title=f"会议{number}",
            held_on=date(2026, 1, 1) + timedelta(days=number // 3),
            created_at=moment(TODAY),
        )
        for number in range(ROWS)
    )
    with clock.at(moment(TODAY)):
        yield sign_in(corps.users["politics"])


def walk(client, url):
    """The rows of all pages, following the links."""
    found, seen = [], 0
    while url:
        answer = client.get(url)
        found += [row.pk for row in answer.context["rows"]]
        link = NEXT.search(answer.content.decode())
        url = link and "/meetings/" + link[1].replace("&amp;", "&")
        seen += 1
        assert seen < 20
    return found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ("-held_on", "-id")),
        ("organization", ("organization__path", "pk")),
        ("-organization", ("-organization__path", "pk")),
        ("present", ("present", "pk")),
    ],
)
def test_the_links_lead_through_every_row_once(listed, sort, order):
    found = walk(listed, f"/meetings/?page_size=10&sort={sort}")
    assert found == list(Meeting.objects.order_by(*order).values_list("pk", flat=True))
    assert len(found) == ROWS


def test_the_count_ends_at_the_cap_and_a_page_does_not_skip_rows(listed):
    page = listed.get("/meetings/?page_size=10")
    assert "共 40+ 条，第 1 页" in page.content.decode()
    link = "/meetings/" + NEXT.search(page.content.decode())[1].replace("&amp;", "&")
    with CaptureQueriesContext(connection) as seen:
        assert listed.get(link).context["page_obj"].number == 2
    assert not [query["sql"] for query in seen.captured_queries if "OFFSET" in query["sql"]]
    assert [query["sql"] for query in seen.captured_queries if "LIMIT 41" in query["sql"]]


def test_a_short_list_is_counted_exactly(listed):
    text = listed.get("/meetings/?page_size=10&held_after=2026-01-20").content.decode()
    assert "+ 条" not in text
    assert not re.search(r"[?;]after=", text)


@pytest.mark.parametrize(
    "after", ["x", "2026-13-01,5", "2026-01-05", "2026-01-05,99999999999999999999", ",", "a,b,c"]
)
def test_a_key_that_says_nothing_gives_the_page_by_its_number(listed, after):
    answer = listed.get("/meetings/", {"page_size": 10, "page": 2, "after": after})
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 10


def test_pages_beyond_the_count_are_reached_by_number(listed):
    assert len(listed.get("/meetings/?page_size=10&page=8").context["rows"]) == 5
    assert listed.get("/meetings/?page_size=10&page=9").context["page_obj"].number == 4
    assert listed.get("/meetings/?page_size=10&page=99999999").context["page_obj"].number == 4


def test_the_api_says_whether_the_count_is_exact(listed, monkeypatch):
    from core.paging import Counted

    url = "/api/v1/meetings/?page_size=20"
    answer = listed.get(url).json()
    assert (answer["count"], answer["count_exact"]) == (ROWS, True)
    monkeypatch.setattr(Counted, "cap", CAP)
    found = []
    while url:
        answer = listed.get(url).json()
        assert (answer["count"], answer["count_exact"]) == (CAP, False)
        found += [row["id"] for row in answer["results"]]
        url = answer["next"]
    assert len(set(found)) == ROWS

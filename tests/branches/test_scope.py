"""Scope: what stands outside the posts held today does not exist, on pages, parts and API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from branches import actions
from branches.models import Appointment, Organization
from core import clock
from core.actor import system
from tests.corps import Corps, moment

TODAY = date(2026, 3, 2)
API = "/api/v1/organizations/"
PAGES = (
    "children",
    "found",
    "edit",
    "move",
    "dissolve",
    "posts",
    "terms/new",
    "values",
    "values/HS-02.undo_hours",
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def caller(corps: Corps, name: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(corps.users[name])
    return client


def codes(answer: Any) -> list[str]:
    return [row["code"] for row in answer.json()["results"]]


@pytest.mark.both
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", PAGES)
def test_another_branch_does_not_exist(corps: Corps, sign_in: Any, page: str, method: str) -> None:
    client: Client = sign_in(corps.users["secretary_beta"])
    for place in (corps.alpha, corps.group, corps.battalion, corps.root):
        assert getattr(client, method)(f"/organizations/{place.pk}/{page}/").status_code == 404


def test_another_branch_is_neither_opened_nor_found_nor_a_choice(corps: Corps, sign_in: Any) -> None:
    client: Client = sign_in(corps.users["secretary_beta"])
    assert client.get(f"/organizations/?open={corps.alpha.pk}").status_code == 404
    assert client.get("/organizations/?q=东站").context["found"] == []
    post = Appointment.objects.filter(organization=corps.alpha).first()
    assert post is not None
    assert client.get(f"/organizations/posts/{post.pk}/end/").status_code == 404


@pytest.mark.parametrize("name", ["member", "sysadmin", "secadmin", "auditadmin"])
def test_without_a_post_there_is_no_tree(corps: Corps, sign_in: Any, name: str) -> None:
    page = sign_in(corps.users[name]).get("/organizations/")
    assert page.context["tops"] == []
    assert "东站" not in page.content.decode().split("<main", 1)[1]
    assert sign_in(corps.users[name]).get(f"/organizations/{corps.alpha.pk}/children/").status_code == 404


def test_the_past_shows_nothing_that_is_out_of_sight_today(corps: Corps, sign_in: Any) -> None:
    """A branch that moved away is gone from the tree of earlier days too; one that came has its past."""
    away = actions.found(
        system("测试"), code="D2", name="远山支队党委", short_name="远山支队党委",
        kind="committee", parent=corps.root,
    )  # fmt: skip
    actions.move(corps.actor("corps_politics"), corps.beta, parent=away, on=TODAY, reason="划转")
    client: Client = sign_in(corps.users["politics"])
    assert client.get(f"/organizations/{corps.beta.pk}/posts/").status_code == 404
    part = client.get(f"/organizations/{corps.battalion.pk}/children/?on=2026-03-01")
    assert [row.code for row in part.context["nodes"]] == ["A1"]
    top = client.get("/organizations/?on=2026-03-01").context["tops"]
    assert [(row.code, row.kids) for row in top] == [("D", 1)]


@pytest.mark.both
def test_two_posts_give_two_tops(corps: Corps, sign_in: Any) -> None:
    person = corps.users["secretary_beta"].person
    assert person is not None
    actions.appoint(system("测试"), corps.group, person=person, office="group_leader", since=TODAY)
    client = sign_in(corps.users["secretary_beta"])
    for query in ("", "?on=2026-03-01"):
        tops = client.get(f"/organizations/{query}").context["tops"]
        assert [row.code for row in tops] == ["G1", "B1"]


# --- API ------------------------------------------------------------------------------


@pytest.mark.both
@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("corps_politics", ["R", "D", "B", "A1", "G1", "B1"]),
        ("politics", ["D", "B", "A1", "G1", "B1"]),
        ("secretary", ["A1", "G1"]),
        ("secretary_beta", ["B1"]),
        ("member", []),
        ("sysadmin", []),
    ],
)
def test_the_api_lists_what_is_in_sight_in_the_order_of_the_tree(
    corps: Corps, name: str, seen: list[str]
) -> None:
    answer = caller(corps, name).get(API)
    assert codes(answer) == seen
    assert answer.json()["count"] == len(seen)
    for row in Organization.objects.all():
        wanted = 200 if row.code in seen else 404
        assert caller(corps, name).get(f"{API}{row.pk}/").status_code == wanted


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("kind=branch", ["A1", "B1"]),
        ("code=B1", ["B1"]),
        ("code=b", []),
        ("search=xizhan", ["B1"]),
        ("search=西站", ["B1"]),
        ("parent={battalion}", ["A1", "B1"]),
        ("parent={root}", ["D"]),
        ("parent=999999", []),
        ("kind=branch&search=dzdzb", ["A1"]),
    ],
)
def test_the_api_filters(corps: Corps, query: str, seen: list[str]) -> None:
    query = query.format(battalion=corps.battalion.pk, root=corps.root.pk)
    assert codes(caller(corps, "politics").get(f"{API}?{query}")) == seen


@pytest.mark.parametrize(
    "query",
    ["kind=station", "parent=abc", "parent=1.5", "parent=NaN", "parent=99999999999999999999", "search=%00"],
)
def test_the_api_refuses_nonsense(corps: Corps, query: str) -> None:
    assert caller(corps, "politics").get(f"{API}?{query}").status_code == 400


def test_an_organisation_carries_what_scripts_rely_on(corps: Corps) -> None:
    row = caller(corps, "politics").get(f"{API}{corps.alpha.pk}/").json()
    known = {"id", "code", "name", "short_name", "kind", "parent", "path"}
    assert known <= row.keys()
    assert (row["parent"], row["path"]) == (corps.battalion.pk, corps.alpha.path)
    assert caller(corps, "politics").post(API, {}).status_code == 405
    assert APIClient().get(API).status_code == 401

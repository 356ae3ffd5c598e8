"""Every route about a record, asked from every relation to it: C-13.

The matrix asks from the own branch, from above it and from the branch beside it. Here ask those whose
grant has ended and the staff of another corps (nothing exists for them), and a branch asks about itself,
its group, its superiors and its sibling.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import create_person
from branches.actions import appoint, end_appointment, found
from branches.models import Organization
from core.actor import system
from tests import walk
from tests.corps import BEGIN, _user
from tests.permissions.stage import TODAY, Stage
from tests.permissions.table import ROWS, Row

pytestmark = pytest.mark.django_db
BY = system("测试")
NO_SCOPE = ("accounts:", "regulations:", "supervision:closed", "members:new")
"""Routes whose record belongs to no organisation, or that answer the same to everybody."""
OBJECTS = tuple(row for row in ROWS if row.about and not row.route.startswith(NO_SCOPE))
ABOUT_PLACES = tuple(row for row in OBJECTS if row.about == "organization")


def officer(name: str, office: str, place: Organization, ended: date | None = None) -> Any:
    """A user with that post, over since ``ended``."""
    person = create_person(BY, name=name)
    post = appoint(BY, place, person=person, office=office, since=BEGIN)
    if ended:
        end_appointment(BY, post, until=ended)
    return _user(BY, name, person)


def other_corps() -> Organization:
    """A 总队 beside ours."""
    return found(
        BY,
        code="Z",
        name="邻省总队党委",
        short_name="邻省总队",
        kind="committee",
        parent=None,
        level="corps",
        founded_on=BEGIN,
        duties_from=BEGIN,
    )


@pytest.fixture
def strangers(stage: Stage, sign_in: Any) -> Iterator[dict[str, Client]]:
    """Those for whom nothing of alpha exists."""
    corps, yesterday = stage.corps, TODAY - timedelta(days=1)
    users = (
        officer("expired_politics", "political_officer", corps.detachment, yesterday),
        officer("expired_branch", "committee_member", corps.alpha, yesterday),
        officer("other_corps", "political_officer", other_corps()),
    )
    return {user.username: sign_in(user) for user in users}


def answers(client: Client, row: Row, arguments: dict[str, Any]) -> set[int]:
    """The statuses of GET and of an empty POST."""
    url = reverse(row.route, kwargs=arguments)
    json = {"content_type": "application/json"} if url.startswith("/api/") else {}
    return {walk.status(client, url), client.post(url, {}, **json).status_code}


def test_nothing_exists_for_ended_grants_and_for_another_corps(
    stage: Stage, strangers: dict[str, Client]
) -> None:
    wrong = []
    for row in OBJECTS:
        for name, client in strangers.items():
            told = answers(client, row, stage.arguments[row.about])
            if not told <= {404, 405} or told == {405}:
                wrong.append((row.route, name, told))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_the_same_grant_in_force_opens_them(stage: Stage, sign_in: Any) -> None:
    """The strangers are refused for the end of their posts and their place, and for nothing else."""
    client = sign_in(officer("new_politics", "political_officer", stage.corps.detachment))
    row = {row.route: row for row in OBJECTS}["reports:organization"]
    assert 200 in answers(client, row, stage.arguments["organization"])


def test_a_branch_sees_itself_and_its_groups_but_nothing_above_or_beside(stage: Stage, sign_in: Any) -> None:
    corps = stage.corps
    client = sign_in(corps.users["secretary"])
    hidden = (corps.root, corps.detachment, corps.battalion, corps.beta)
    wrong = []
    for row in ABOUT_PLACES:
        for place in (corps.alpha, corps.group):
            if not answers(client, row, _of(row, stage, place)) & {200, 403, 422}:
                wrong.append((row.route, place.code, "closed"))
        for place in hidden:
            told = answers(client, row, _of(row, stage, place))
            if not told <= {404, 405}:
                wrong.append((row.route, place.code, told))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def _of(row: Row, stage: Stage, place: Organization) -> dict[str, Any]:
    """The arguments of the route about ``place``."""
    return stage.arguments[row.about] | {"pk": place.pk}

"""A month is opened for the whole country: the number of queries does not follow the number of branches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_person
from branches.actions import found
from branches.models import LocalValue, Organization
from branches.queries import parameter, parameter_of_each
from core.actor import system
from members.actions import register
from supervision import actions
from supervision.models import Occurrence
from tests.corps import BEGIN, Corps

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = date(2026, 4, 1)
CODE = "MT-11.times"


def opening(day: date) -> int:
    """How many queries opening the periods of ``day`` takes."""
    with CaptureQueriesContext(connection) as asked:
        assert actions.generate(system("测试"), day)
    return len(asked)


def test_the_queries_do_not_follow_the_branches(corps: Corps) -> None:
    few = opening(DAY)
    before = Occurrence.objects.filter(opens_on=DAY).count()
    by = system("测试")
    for number in range(20):
        branch = found(
            by,
            code=f"N{number}",
            name=f"新设第{number}党支部",
            short_name=f"新设{number}",
            kind="branch",
            parent=corps.battalion,
            level="station",
            founded_on=BEGIN,
            duties_from=BEGIN,
        )
        person = create_person(by, name=f"新{number}")
        joined = {"joined_on": date(2020, 1, 1), "full_on": date(2021, 1, 1)}
        register(by, person=person, organization=branch, stage="full", since=BEGIN, **joined)
    later = DAY.replace(month=7)
    assert opening(later) == few
    assert Occurrence.objects.filter(opens_on=later).count() >= before + 20


@pytest.mark.parametrize("places", [(), ("battalion",), ("root", "alpha"), ("beta",)])
def test_each_place_has_the_value_set_nearest_above(corps: Corps, places: Any) -> None:
    for number, place in enumerate(places, 2):
        LocalValue.objects.create(
            organization=getattr(corps, place), code=CODE, value=number, since=BEGIN, reason="试行"
        )
    each = parameter_of_each(CODE, DAY)
    for organization in Organization.objects.all():
        assert each(organization).value == parameter(CODE, organization, DAY).value
    assert (each(corps.alpha).value != parameter(CODE, None, DAY).value) is bool(
        {"battalion", "alpha"} & set(places)
    )

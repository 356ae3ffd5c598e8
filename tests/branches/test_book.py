"""The law of one organisation: the common book with the local values of its line and day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches import actions
from branches.queries import book, parameter
from core import clock
from regulations.queries import book as common_book
from reports.queries import organization_page
from tests.corps import BEGIN, Corps, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CODE = "BR-01.full_members"
SINCE = BEGIN + timedelta(days=100)


def tighten(corps: Corps, where: Any, value: int = 20) -> None:
    with clock.at(moment(BEGIN)):
        actions.set_local_value(
            corps.actor("politics"), where, code=CODE, value=value, since=SINCE, reason="试行"
        )


def test_without_local_values_it_is_the_common_book_itself(corps: Corps) -> None:
    assert book(corps.alpha, SINCE) is common_book()


def test_it_says_what_the_single_parameter_says_in_one_query(corps: Corps) -> None:
    tighten(corps, corps.battalion)
    tighten(corps, corps.alpha, 7)
    common_book()
    with CaptureQueriesContext(connection) as alone:
        common_book()
    with CaptureQueriesContext(connection) as queries:
        own = book(corps.alpha, SINCE)
    assert len(queries) == len(alone) + 1
    for place in (corps.alpha, corps.beta, corps.battalion, corps.root):
        value = book(place, SINCE).value(CODE, SINCE)
        assert (value.value, value.comparator) == (parameter(CODE, place, SINCE).value, "ge")
    assert (own.value(CODE, SINCE).count, own.source) == (7, "database")
    assert own.clause("BR-01", SINCE).citation.endswith("（有本级规定）")
    assert own.clause("BR-02", SINCE) is common_book().clause("BR-02", SINCE)
    assert common_book().value(CODE, SINCE).count == 3
    day_before = SINCE - timedelta(days=1)
    assert book(corps.alpha, day_before) is common_book()


def found(corps: Corps, place: Any) -> set[str]:
    return {row.rule for row in organization_page(corps.users["politics"], place).findings}


def test_the_check_up_of_a_branch_goes_by_its_local_values(corps: Corps) -> None:
    with clock.at(moment(SINCE)):
        assert "BR-01" not in found(corps, corps.alpha)
    tighten(corps, corps.alpha)
    with clock.at(moment(SINCE)):
        assert "BR-01" in found(corps, corps.alpha)
        assert "BR-01" not in found(corps, corps.beta)
    with clock.at(moment(SINCE - timedelta(days=1))):
        assert "BR-01" not in found(corps, corps.alpha)


def test_a_value_set_above_reaches_every_branch_below(corps: Corps) -> None:
    tighten(corps, corps.battalion)
    with clock.at(moment(SINCE)):
        assert "BR-01" in found(corps, corps.alpha) & found(corps, corps.beta)

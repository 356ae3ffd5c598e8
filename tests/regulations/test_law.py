"""The law in the database: loading what ships, reading it as a book, changing a value."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import AdminRole
from accounts.models import User
from core.actor import Actor, system
from core.decisions import ActionError, NotAllowed
from core.models import AuditEntry
from regulations import actions, queries
from regulations.data import shipment
from regulations.models import Clause, Edition, Parameter, Regulation

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = date(2026, 11, 1)
JOB = system("装载制度条款")


def administrator(role: AdminRole = AdminRole.SECURITY) -> Actor:
    """An actor who holds one of the three roles."""
    user = User.objects.create(username=f"admin-{role.value}", admin_role=role, created_at=timezone.now())
    return Actor(user=user)


def value(rule: str, name: str) -> Parameter:
    """The first value of a parameter."""
    return Parameter.objects.get(clause__rule=rule, name=name, since=None)


def days() -> int:
    """The days of CK-02 on the day of the tests."""
    return queries.parameter("CK-02.days", DAY).count


def test_migrating_loads_what_ships() -> None:
    """All regulations, clauses and values are there, and the book says so."""
    assert Regulation.objects.count() == len(shipment().regulations)
    assert Clause.objects.count() == len(shipment().clauses)
    book = queries.book()
    assert book.source == "database"
    for clause in shipment().clauses:
        on = clause.cited.since or clause.cited.until or DAY
        assert book.clause(clause.cited.rule, on) == clause.cited


def test_loading_twice_changes_nothing() -> None:
    """The second time is recognised by the digest."""
    before = AuditEntry.objects.count()
    assert actions.load_shipped(by=JOB) is False
    assert AuditEntry.objects.count() == before


def test_a_release_corrects_shipped_values_and_keeps_edited_ones() -> None:
    """A first value follows the file; a value given by the administrator stays."""
    actions.change_parameter(
        by=administrator(), parameter=value("CK-02", "days"), value=5, reason="试行", since=DAY
    )
    Parameter.objects.filter(clause__rule="MT-03", since=None).update(value="2/3")
    Clause.objects.filter(rule="MT-03").update(text="旧")
    Edition.objects.update(digest="旧")
    assert actions.load_shipped(by=JOB) is True
    assert queries.parameter("MT-03.majority", DAY).value == "1/2"
    assert Clause.objects.get(rule="MT-03").text != "旧"
    assert days() == 5
    assert queries.parameter("CK-02.days", date(2026, 10, 31)).count == 3


def test_a_person_does_not_load() -> None:
    """Loading belongs to the installation."""
    with pytest.raises(NotAllowed):
        actions.load_shipped(by=administrator())


def test_a_change_holds_from_its_day() -> None:
    """Days before keep the earlier value, also when changes arrive out of order."""
    by, parameter = administrator(), value("CK-02", "days")
    for since, number in ((date(2026, 12, 1), 9), (date(2026, 6, 1), 5), (date(2026, 6, 1), 6)):
        actions.change_parameter(by=by, parameter=parameter, value=number, reason="试行", since=since)
    said = {
        day: queries.parameter("CK-02.days", day).count
        for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 11, 30), date(2026, 12, 1))
    }
    assert list(said.values()) == [3, 6, 6, 9]


def test_a_change_within_a_version_with_an_end() -> None:
    """A clause that ends keeps its end after a change."""
    old = Parameter.objects.get(clause__rule="DP-26", name="months", clause__until__isnull=False)
    actions.change_parameter(
        by=administrator(), parameter=old, value=4, reason="试行", since=date(2026, 1, 1)
    )
    months = [
        queries.parameter("DP-26.months", day).count
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 17), date(2026, 5, 18))
    ]
    assert months == [3, 4, 4, 3]


def test_a_change_leaves_an_entry() -> None:
    """Who, before, after, from when and why."""
    by = administrator()
    actions.change_parameter(by=by, parameter=value("CK-02", "days"), value=5, reason="本单位试行", since=DAY)
    entry = AuditEntry.objects.latest("id")
    assert (entry.user, entry.verb, entry.reason) == (by.user, "修改参数", "本单位试行")
    assert entry.before == {"值": 3}
    assert entry.after == {"值": 5, "自": "2026-11-01"}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(AdminRole.SECURITY, True), (AdminRole.SYSTEM, False), (AdminRole.AUDIT, False)],
)
def test_only_the_security_administrator_changes(role: AdminRole, allowed: bool) -> None:
    """The other two may not, nor may a job."""
    given: dict[str, Any] = {
        "parameter": value("CK-02", "days"),
        "value": 5,
        "reason": "试行",
        "since": DAY,
    }
    if allowed:
        actions.change_parameter(by=administrator(role), **given)
        assert days() == 5
        return
    for by in (administrator(role), JOB):
        with pytest.raises(NotAllowed):
            actions.change_parameter(by=by, **given)
    assert days() == 3


@pytest.mark.parametrize(
    ("rule", "name", "new"),
    [
        ("CK-02", "days", "5"),
        ("CK-02", "days", -1),
        ("CK-02", "days", True),
        ("CK-02", "days", [5]),
        ("MT-03", "majority", "大半"),
        ("MT-03", "majority", "1/0"),
        ("MT-03", "majority", 1),
        ("MT-04", "topics", []),
        ("MT-04", "topics", "admit"),
        ("MT-04", "topics", [1]),
        ("DU-02", "bands", [["3000"]]),
        ("DU-02", "bands", [["3000", "0.005"], "0.01"]),
    ],
)
def test_a_value_keeps_its_form(rule: str, name: str, new: object) -> None:
    """A value of another form is refused with a sentence."""
    with pytest.raises(ActionError):
        actions.change_parameter(
            by=administrator(), parameter=value(rule, name), value=new, reason="试行", since=DAY
        )


def test_a_change_needs_a_reason_and_a_day_in_force() -> None:
    """An empty reason, and a day on which the clause does not hold."""
    by = administrator()
    with pytest.raises(ActionError):
        actions.change_parameter(by=by, parameter=value("CK-02", "days"), value=5, reason=" ", since=DAY)
    notice = value("DV-01", "workdays")
    with pytest.raises(ActionError):
        actions.change_parameter(by=by, parameter=notice, value=7, reason="试行", since=date(2026, 5, 1))


def test_a_change_rolled_back_is_not_remembered() -> None:
    """A book read inside a transaction that failed does not outlive it."""
    by, parameter = administrator(), value("CK-02", "days")
    given: dict[str, Any] = {"parameter": parameter, "reason": "试行", "since": DAY}
    with transaction.atomic():
        actions.change_parameter(by=by, value=5, **given)
        assert days() == 5
        transaction.set_rollback(True)
    assert days() == 3
    actions.change_parameter(by=by, value=7, **given)
    assert days() == 7


def test_a_request_asks_for_the_edition_once(django_assert_num_queries: Any) -> None:
    """Within a web request the mark is read once, outside at every call."""
    queries.book()
    queries.begin_request()
    with django_assert_num_queries(1):
        days()
        days()
    queries.end_request()
    with django_assert_num_queries(2):
        days()
        days()


def test_constraints() -> None:
    """One edition row; one first value of a parameter."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(pk=2, mark="x")
    first = value("CK-02", "days")
    with pytest.raises(IntegrityError), transaction.atomic():
        Parameter.objects.create(clause=first.clause, name="days", value=4, comparator="le")

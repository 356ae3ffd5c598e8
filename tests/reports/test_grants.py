"""Authorisations: who holds which post, given by whom; what one person sees and may do; no business contents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from branches.actions import appoint, end_appointment
from branches.models import Appointment
from core import clock
from core.actor import system
from core.models import AuditEntry
from reports.rules import grant_state
from tests import walk
from tests.corps import BEGIN, Corps, hold, moment

TODAY = date(2026, 11, 10)
URL = "/grants/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


@pytest.fixture
def secadmin(corps: Corps, sign_in: Any) -> Client:
    client: Client = sign_in(corps.users["secadmin"])
    return client


def post_of(corps: Corps, office: str) -> Appointment:
    return Appointment.objects.get(organization=corps.alpha, office=office)


def found(client: Client, **asked: str) -> set[str]:
    return {f"{row.person.name}{row.office}" for row, _, _ in client.get(URL, asked).context["lines"]}


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [
        (0, None, "current"),
        (1, None, "future"),
        (-9, 0, "past"),  # the day of leaving is not held any more
        (-9, 1, "ending"),
        (-9, 30, "ending"),
        (-9, 31, "current"),
    ],
)
def test_the_state_of_a_grant(since: int, until: int | None, state: str) -> None:
    end = None if until is None else TODAY + timedelta(days=until)
    assert grant_state(TODAY + timedelta(days=since), end, TODAY, 30) == state


def test_the_list_is_found_by_person_place_office_and_state(corps: Corps, secadmin: Client) -> None:
    assert len(found(secadmin)) == Appointment.objects.count()
    assert found(secadmin, q="东甲") == {"东甲secretary"}
    assert found(secadmin, q="SECRETARY_b") == {"西甲secretary"}
    assert len(found(secadmin, organization="东站")) == 5
    assert found(secadmin, organization="B1") == {"西甲secretary"}
    assert found(secadmin, office="secretary", organization="青岚") == {"干lesecretary"}
    by, last = corps.actor("politics"), TODAY + timedelta(days=settings.GRANTS_ENDING_DAYS)
    end_appointment(by, post_of(corps, "publicity_member"), until=TODAY)
    end_appointment(by, post_of(corps, "discipline_member"), until=last)
    appoint(by, corps.alpha, person=corps.users["member"].person, office="committee_member", since=last)
    assert found(secadmin, state="past") == {"东丁publicity_member"}
    assert found(secadmin, state="ending") == {"东戊discipline_member"}
    assert found(secadmin, state="future") == {"东壬committee_member"}
    assert "东戊discipline_member" in found(secadmin, state="current")
    assert not found(secadmin, state="nonsense")


def test_it_says_who_gave_and_ended_it_and_on_which_paper(corps: Corps, secadmin: Client) -> None:
    by, person = corps.actor("politics"), corps.users["member"].person
    post = appoint(
        by, corps.alpha, person=person, office="committee_member", since=BEGIN, approval="青消党〔2026〕8号"
    )
    end_appointment(corps.actor("director"), post, until=TODAY, reason="岗位调整")
    page = secadmin.get(f"{URL}{person.pk}/").content.decode()
    for words in ("青消党〔2026〕8号", "任职办理人 干po", "免职办理人 干di", "已免去"):
        assert words in page, words
    row = next(line for line in walk.sheet(secadmin.get(URL, {"export": "xlsx", "q": "东壬"})))
    assert "青消党〔2026〕8号" in row
    assert AuditEntry.objects.filter(verb="导出清单", user=corps.users["secadmin"]).count() == 1
    told = secadmin.get("/api/v1/grants/", {"office": "committee_member"}).json()["results"][0]
    assert (told["state"], told["given_by"][:3], told["approval"]) == ("past", "干po", "青消党〔2026〕8号")


def powers(client: Client, person: Any) -> dict[str, bool]:
    (held,) = client.get(f"{URL}{person.pk}/").context["page"].held
    return {power.words: bool(power.decision) for power in held.powers}


def test_what_somebody_may_do_is_asked_of_the_permissions(corps: Corps, secadmin: Client) -> None:
    secretary = powers(secadmin, corps.users["secretary"].person)
    assert secretary["归档会议记录"]
    assert secretary["修改党员资料、登记不计入应到"]
    assert not secretary["任免本组织职务"]
    politics = powers(secadmin, corps.users["politics"].person)
    assert politics["登记、转接党员和导入花名册"]
    assert politics["启动通报周期"]
    assert not politics["签发通报"]
    leader = powers(secadmin, corps.users["leader"].person)
    assert leader["签发通报"]
    assert not leader["任免本组织职务"]


def test_what_somebody_sees_is_the_subtree_of_the_posts_of_today(corps: Corps, secadmin: Client) -> None:
    def page(name: str) -> Any:
        return secadmin.get(f"{URL}{corps.users[name].person.pk}/").context["page"]

    assert page("secretary").areas == ["东站党支部", "第一党小组"]
    assert page("corps_politics").area_count == 6
    assert (page("member").held, page("member").areas) == ([], [])
    end_appointment(corps.actor("politics"), post_of(corps, "secretary"), until=TODAY)
    assert (page("secretary").held, page("secretary").areas) == ([], [])
    accounts.disable(corps.actor("sysadmin"), corps.users["politics"], reason="调离")
    assert (page("politics").held, page("politics").viewer) == ([], None)


def test_nothing_of_the_business_is_told(corps: Corps, secadmin: Client) -> None:
    meeting = hold(corps, "committee_meeting", date(2026, 10, 12))
    person = corps.users["secretary"].person
    accounts.set_numbers(system("测试"), person, id_number="110101199003070054", phone="13900001234")
    mask = type(person).objects.get(pk=person.pk).id_number_mask
    for url in (URL, f"{URL}{person.pk}/"):
        page = secadmin.get(url).content.decode()
        assert meeting.title not in page
        assert mask not in page
        assert "器材" not in page


@pytest.mark.parametrize("who", ["secretary", "politics", "leader", "member", "sysadmin"])
def test_nobody_else_reads_it(corps: Corps, sign_in: Any, who: str) -> None:
    client, person = sign_in(corps.users[who]), corps.users["secretary"].person
    assert client.get(URL).status_code == 403
    assert client.get(URL, {"export": "xlsx"}).status_code == 403
    assert client.get(f"{URL}{person.pk}/").status_code == 404
    assert client.get("/api/v1/grants/").json()["count"] == 0


def test_a_long_list_costs_what_a_short_one_costs(corps: Corps, secadmin: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert secadmin.get(URL).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(12):
        person = accounts.create_person(system("测试"), name=f"新{number}")
        appoint(system("测试"), corps.beta, person=person, office="committee_member", since=BEGIN)
    assert cost() == few

"""``/api/v1/exemptions/``: recorded, completed, ended, by the same actions and in the same scope."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from core import clock
from members import actions
from members.models import Exemption, Member
from tests.corps import Corps, moment

TODAY = date(2026, 3, 2)
URL = "/api/v1/exemptions/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


@pytest.fixture
def api(corps: Corps) -> Any:
    """``api("secretary")`` calls as that user."""

    def make(name: str) -> APIClient:
        caller = APIClient()
        caller.force_authenticate(corps.users[name])
        return caller

    return make


def body(**changes: Any) -> dict[str, Any]:
    member = Member.objects.get(person__name="东壬")  # the user ``member``
    return {"member": member.pk, "reason": "long_illness", "since": "2026-01-10"} | changes


def test_from_the_entry_to_its_end(api: Any) -> None:
    caller = api("secretary")
    made = caller.post(URL, body(), format="json")
    assert made.status_code == 201, made.data
    assert made.data["lacking"] == "上级党组织同意、党员大会通过"
    page = f"{URL}{made.data['id']}/"
    both = {"consented_on": "2026-01-20", "consented_by": "云溪大队党委", "approved_on": "2026-02-01"}
    agreed = caller.post(f"{page}consent/", both, format="json")
    assert (agreed.status_code, agreed.data["lacking"]) == (200, "")
    ended = caller.post(f"{page}end/", {"until": "2026-03-01", "reason": "病愈"}, format="json")
    assert (ended.status_code, ended.data["until"]) == (200, "2026-03-01")
    assert caller.get(URL, {"on": "2026-02-01"}).data["count"] == 1
    assert caller.get(URL, {"on": "2026-03-01"}).data["count"] == 0
    again = caller.post(f"{page}end/", {"until": "2026-03-02", "reason": "x"}, format="json")
    assert (again.status_code, again.data["field"]) == (422, "until")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "leave"}, 400),
        ({"since": "2026-13-01"}, 400),
        ({"member": 0}, 400),
        ({"member": 2**31 - 1}, 404),
        ({"since": "2026-03-03"}, 422),
        ({"consented_on": "2026-01-20"}, 422),
        ({"consented_by": "云" * 101}, 400),
    ],
)
def test_bad_input_writes_nothing(api: Any, changes: dict[str, Any], code: int) -> None:
    answer = api("secretary").post(URL, body(**changes), format="json")
    assert answer.status_code == code, answer.data
    assert not Exemption.objects.exists()


@pytest.mark.parametrize(
    ("who", "code"), [("politics", 201), ("deputy", 201), ("leader", 403), ("member", 403)]
)
def test_who_may_record(api: Any, who: str, code: int) -> None:
    assert api(who).post(URL, body(), format="json").status_code == code


@pytest.mark.parametrize("who", ["secretary_beta", "sysadmin", "secadmin", "auditadmin"])
def test_outside_it_does_not_exist(corps: Corps, api: Any, who: str) -> None:
    made = api("secretary").post(URL, body(), format="json").data
    assert api(who).post(URL, body(), format="json").status_code == 404
    assert api(who).get(URL).data["count"] == 0
    for path, data in (
        ("", None),
        ("consent/", {"consented_on": None, "approved_on": None}),
        ("end/", {"until": "2026-03-01", "reason": "x"}),
    ):
        url = f"{URL}{made['id']}/{path}"
        answer = api(who).get(url) if data is None else api(who).post(url, data, format="json")
        assert answer.status_code == 404, path


def test_why_is_read_by_keepers_and_the_person_only(corps: Corps, api: Any) -> None:
    pk = api("secretary").post(URL, body(), format="json").data["id"]
    told = {who: api(who).get(f"{URL}{pk}/").data["reason"] for who in ("leader", "discipline")}
    assert told == {"leader": None, "discipline": None}
    for who in ("secretary", "deputy", "politics", "corps_politics", "member"):
        assert api(who).get(f"{URL}{pk}/").data["reason"] == "long_illness", who
        assert api(who).get(URL).data["results"][0]["reason"] == "long_illness", who


def test_an_earlier_entry_is_not_touched(corps: Corps, api: Any) -> None:
    caller = api("secretary")
    first = caller.post(URL, body(until="2026-02-01"), format="json").data
    second = caller.post(URL, body(since="2026-02-10"), format="json").data
    end = {"until": "2026-02-20", "reason": "x"}
    assert caller.post(f"{URL}{first['id']}/end/", end, format="json").status_code == 409
    assert caller.post(f"{URL}{second['id']}/end/", end, format="json").status_code == 200
    assert Exemption.objects.get(pk=first["id"]).until == date(2026, 2, 1)


def test_one_taken_back_is_gone_from_the_list(corps: Corps, api: Any) -> None:
    caller = api("secretary")
    pk = caller.post(URL, body(), format="json").data["id"]
    back = caller.post(f"{URL}{pk}/end/", {"until": "2026-01-10", "reason": "登记有误"}, format="json")
    assert back.status_code == 200
    assert caller.get(URL).data["count"] == 0
    member = Member.objects.get(person__name="东壬")
    assert actions.exempt(corps.actor("secretary"), member, reason="abroad", since=TODAY).pk

"""不计入应到会: recorded once, completed, ended; what is refused; who reads the reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.actor import system
from core.decisions import ActionError, NotAllowed
from core.models import AuditEntry
from core.views import new_token
from members import actions
from members.choices import Exempt
from members.models import Exemption, Member
from members.queries import last_exemption
from regulations.queries import shipped_book
from tests.corps import BEGIN, Corps, moment

TODAY = date(2026, 3, 2)
BY = system("测试")
SINCE = date(2026, 1, 10)
BOTH = actions.Consent(date(2026, 1, 20), "云溪大队党委", "云消党〔2026〕3号", date(2026, 2, 1))
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def one(name: str = "东己") -> Member:
    return Member.objects.get(person__name=name)


def recorded(corps: Corps, who: str = "secretary", **changes: Any) -> Exemption:
    given: dict[str, Any] = {"reason": "long_illness", "since": SINCE} | changes
    return actions.exempt(corps.actor(who), one(), **given)


def test_the_reasons_are_those_of_the_clauses() -> None:
    law = shipped_book().on(TODAY)
    assert [law.value(f"XA-0{number}.reason").value for number in range(1, 8)] == Exempt.values


def test_recorded_completed_and_ended_each_with_an_entry(corps: Corps) -> None:
    row, by = recorded(corps), corps.actor("secretary")
    assert (row.organization, row.lacking) == (corps.alpha, "上级党组织同意、党员大会通过")
    row = actions.complete_exemption(by, one(), BOTH)
    assert row.lacking == ""
    assert not row.holds_on(date(2026, 1, 31))
    assert row.holds_on(date(2026, 2, 1))
    actions.count_again(by, one(), until=TODAY, reason="病愈")
    assert not Exemption.objects.on(TODAY).exists()
    assert Exemption.objects.on(TODAY - timedelta(days=1)).get() == row
    trail = AuditEntry.objects.filter(verb__contains="应到会").order_by("pk")
    assert [entry.verb for entry in trail] == [
        "登记不计入应到会",
        "登记不计入应到会的同意和通过",
        "恢复计入应到会",
    ]
    assert "illness" not in str([(entry.before, entry.after) for entry in trail])


@pytest.mark.parametrize("who", ["member", "secretary_beta", "discipline", "leader"])
def test_only_keepers_of_the_branch_and_political_offices_may(corps: Corps, who: str) -> None:
    by = corps.actor(who)
    with pytest.raises(NotAllowed):
        recorded(corps, who)
    assert recorded(corps, "politics").pk
    with pytest.raises(NotAllowed):
        actions.complete_exemption(by, one(), BOTH)
    with pytest.raises(NotAllowed):
        actions.count_again(by, one(), until=TODAY, reason="x")


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"reason": "leave"}, "请选择", "reason"),
        ({"since": TODAY + timedelta(days=1)}, "不能晚于今天", "since"),
        ({"until": SINCE}, "恢复日期应晚于", "until"),
        ({"reason": "abroad", "until": date(2026, 7, 9)}, "不少于 6 个月", "until"),
        ({"reason": "away_half_year", "until": date(2026, 7, 9)}, "不少于 6 个月", "until"),
        ({"consent": actions.Consent(consented_on=TODAY)}, "哪个上级", "consented_by"),
        ({"consent": actions.Consent(consent_number="3号")}, "同意的日期", "consented_on"),
        ({"consent": actions.Consent(approved_on=date(2026, 3, 3))}, "不能晚于今天", "approved_on"),
    ],
)
def test_what_cannot_be_is_refused(corps: Corps, changes: Any, words: str, field: str) -> None:
    with pytest.raises(ActionError, match=words) as caught:
        recorded(corps, **changes)
    assert caught.value.field == field
    assert not Exemption.objects.exists()


def test_half_a_year_is_enough_and_an_illness_has_no_least_time(corps: Corps) -> None:
    row = recorded(corps, reason="abroad", until=date(2026, 7, 10))
    actions.count_again(corps.actor("secretary"), one(), until=SINCE, reason="登记有误")
    assert not Exemption.objects.real().exists()
    assert Exemption.objects.get() == row
    assert recorded(corps, until=SINCE + timedelta(days=40)).pk


def test_two_never_overlap(corps: Corps) -> None:
    recorded(corps, until=date(2026, 2, 1))
    for since, until in ((date(2026, 1, 31), None), (BEGIN, date(2026, 1, 11)), (BEGIN, None)):
        with pytest.raises(ActionError, match="这段时间已有"):
            recorded(corps, since=since, until=until)
    open_row = recorded(corps, since=date(2026, 2, 1))
    assert last_exemption(one()) == open_row
    assert recorded(corps, since=BEGIN, until=SINCE).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(person=one().person, organization=corps.alpha, reason="abroad", since=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.filter(pk=open_row.pk).update(until=BEGIN)


def test_ending_is_refused_before_it_began_and_twice(corps: Corps) -> None:
    by = corps.actor("secretary")
    with pytest.raises(NotAllowed, match="没有不计入应到会的登记"):
        actions.count_again(by, one(), until=TODAY, reason="x")
    recorded(corps)
    with pytest.raises(ActionError, match="不能早于开始日期"):
        actions.count_again(by, one(), until=SINCE - timedelta(days=1), reason="x")
    actions.count_again(by, one(), until=date(2026, 2, 1), reason="病愈")
    with pytest.raises(ActionError, match="已从"):
        actions.count_again(by, one(), until=TODAY, reason="x")


def test_applicants_are_not_due_and_need_none(corps: Corps) -> None:
    Member.objects.filter(pk=one().pk).update(stage="applicant")
    with pytest.raises(ActionError, match="只有党员"):
        recorded(corps)


def test_it_stays_with_the_branch_that_agreed_and_ends_with_leaving_it(corps: Corps) -> None:
    by, past = corps.actor("politics"), recorded(corps, since=BEGIN, until=SINCE)
    recorded(corps)
    actions.transfer(by, one(), organization=corps.beta, since=TODAY, reason="调动")
    assert last_exemption(one()) is None
    ends = Exemption.objects.order_by("since").values_list("until", flat=True)
    assert list(ends) == [past.until, TODAY]


@pytest.mark.parametrize(("leaving", "until"), [(date(2026, 2, 1), date(2026, 2, 1)), (BEGIN, SINCE)])
def test_off_the_register_it_ends_too(corps: Corps, leaving: date, until: date) -> None:
    row = recorded(corps)
    actions.deactivate(BY, one(), on=leaving, reason="转出")
    row.refresh_from_db()
    assert row.until == until


def test_the_page_records_shows_completes_and_ends_it(corps: Corps, sign_in: Any) -> None:
    client, home = sign_in(corps.users["secretary"]), one().get_absolute_url()
    url = f"/members/{one().pk}/exempt/"
    assert "云溪大队党委" in client.get(url).content.decode()
    answer = client.post(
        url, {"token": new_token(), "reason": "abroad", "since": "2026-01-10", "until": "2026-03-01"}
    )
    assert answer.status_code == 422
    assert "不少于 6 个月" in answer.content.decode()
    given = {"reason": "abroad", "since": "2026-01-10", "consented_by": "云溪大队党委"}
    assert client.post(url, {"token": new_token(), **given}).url == home
    shown = client.get(home).content.decode()
    assert "自费出国" in shown
    assert "尚缺上级党组织同意、党员大会通过" in shown
    both = {"consented_on": "2026-01-20", "consented_by": "云溪大队党委", "approved_on": "2026-02-01"}
    client.post(f"{url}consent/", {"token": new_token(), **both})
    assert "尚缺" not in client.get(home).content.decode()
    client.post(f"{url}end/", {"token": new_token(), "until": "2026-03-02", "reason": "回国"})
    assert Exemption.objects.get().until == TODAY


def test_only_keepers_and_the_member_read_the_reason(corps: Corps, sign_in: Any) -> None:
    actions.exempt(corps.actor("secretary"), one("东壬"), reason="long_illness", since=SINCE)
    home = one("东壬").get_absolute_url()
    said = {
        who: sign_in(corps.users[who]).get(home).content.decode() for who in ("leader", "secretary", "member")
    }
    assert all("不计入应到会" in page for page in said.values())
    assert ["生活不能自理" in page for page in said.values()] == [False, True, True]
    assert "恢复计入" not in said["leader"] + said["member"]
    assert "生活不能自理" in sign_in(corps.users["member"]).get("/").content.decode()

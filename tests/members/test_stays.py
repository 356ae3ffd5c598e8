"""临时参加组织生活: entered, ended, taken back; what is refused; pages, API, scope (MT-14, BR-08, BR-11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from branches.actions import dissolve, found
from branches.models import Organization
from core import clock
from core.actor import system
from core.decisions import ActionError, NotAllowed
from core.models import AuditEntry
from core.views import new_token
from members import actions
from members.models import Member, Stay
from members.rules.stays import Away, should_move
from regulations.choices import Level
from regulations.queries import shipped_book
from tests import walk
from tests.corps import BEGIN, Corps, moment

TODAY = date(2026, 3, 2)
SINCE = date(2026, 2, 1)
BY = system("测试")
URL = "/api/v1/stays/"
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


@pytest.fixture
def task(corps: Corps) -> Organization:
    """A temporary branch of the detachment."""
    return found(
        BY,
        code="T1",
        name="驻防分队临时党支部",
        short_name="驻防临时党支部",
        kind="branch",
        parent=corps.detachment,
        temporary=True,
        founded_on=BEGIN,
        duties_from=BEGIN,
    )


def one(name: str = "东己") -> Member:
    return Member.objects.get(person__name=name)


def terms(**changes: Any) -> actions.Terms:
    given: dict[str, Any] = {"kind": "task", "since": SINCE, "reason": "靠前驻防"} | changes
    return actions.Terms(**given)


def sent(corps: Corps, host: Organization, who: str = "politics", **changes: Any) -> Stay:
    return actions.lend(corps.actor(who), one(), host, terms(**changes))


# --- rule and actions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "temporary", "told"),
    [
        (date(2025, 9, 2), None, False, True),  # six months today
        (date(2025, 9, 3), None, False, False),
        (date(2025, 9, 2), None, True, False),  # BR-08: the relation stays at home
        (date(2025, 1, 1), date(2025, 6, 30), False, False),
        (date(2025, 1, 1), date(2025, 7, 1), False, True),
    ],
)
def test_after_six_months_the_relation_should_move(
    since: date, until: date | None, temporary: bool, told: bool
) -> None:
    found_ = list(should_move(Away(since, until, temporary), shipped_book().on(TODAY)))
    assert [(f.rule, f.level) for f in found_] == ([("TR-01", Level.WARNING)] if told else [])


def test_entered_and_ended_each_with_an_entry(corps: Corps, task: Organization) -> None:
    stay = sent(corps, task, approval="青消党〔2026〕2号")
    assert Stay.objects.on(TODAY).get() == stay
    actions.recall(corps.actor("secretary"), stay, until=TODAY, reason="任务结束")
    assert not Stay.objects.on(TODAY).exists()
    assert Stay.objects.on(TODAY - timedelta(days=1)).get() == stay
    trail = AuditEntry.objects.filter(verb__contains="临时参加").order_by("pk")
    assert [(e.verb, e.reason) for e in trail] == [
        ("登记临时参加组织生活", "靠前驻防"),
        ("结束临时参加组织生活", "任务结束"),
    ]
    assert one().organization == corps.alpha  # the relation stays


@pytest.mark.parametrize("who", ["secretary", "secretary_beta", "leader", "discipline", "member"])
def test_only_the_office_above_both_enters_it(corps: Corps, task: Organization, who: str) -> None:
    with pytest.raises(NotAllowed):
        sent(corps, task, who)
    assert not Stay.objects.exists()


def test_a_host_outside_of_the_office_is_refused(corps: Corps) -> None:
    other = found(BY, code="D2", name="别处支队党委", short_name="别处", kind="committee", parent=corps.root)
    far = found(BY, code="F1", name="别处党支部", short_name="别处支部", kind="branch", parent=other)
    with pytest.raises(NotAllowed, match="共同的上级"):
        sent(corps, far)
    assert sent(corps, far, "corps_politics").pk


def test_who_may_end_it(corps: Corps, task: Organization) -> None:
    stay = sent(corps, corps.beta)
    for who in ("member", "leader", "discipline"):
        with pytest.raises(NotAllowed):
            actions.recall(corps.actor(who), stay, until=TODAY, reason="x")
    actions.recall(corps.actor("secretary_beta"), stay, until=TODAY, reason="归建")  # the host
    with pytest.raises(NotAllowed, match="已于"):
        actions.recall(corps.actor("secretary"), stay, until=TODAY, reason="x")


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"kind": "holiday"}, "请选择情形", "kind"),
        ({"since": TODAY + timedelta(days=1)}, "不能晚于今天", "since"),
        ({"until": SINCE}, "结束日期应晚于", "until"),
        ({"reason": " "}, "请写明原因", "reason"),
        ({"reason": "长" * 101}, "100", "reason"),
        ({"approval": "长" * 101}, "100", "approval"),
    ],
)
def test_what_cannot_be_is_refused(
    corps: Corps, task: Organization, changes: dict[str, Any], words: str, field: str
) -> None:
    with pytest.raises(ActionError, match=words) as caught:
        sent(corps, task, **changes)
    assert caught.value.field == field
    assert not Stay.objects.exists()


def test_home_groups_committees_and_applicants_are_refused(corps: Corps, task: Organization) -> None:
    for host, words in ((corps.alpha, "就在这个支部"), (corps.group, "党支部"), (corps.battalion, "党支部")):
        with pytest.raises(ActionError, match=words):
            sent(corps, host)
    Member.objects.filter(pk=one().pk).update(stage="activist")
    with pytest.raises(ActionError, match="只有党员"):
        sent(corps, task)


def test_two_never_overlap(corps: Corps, task: Organization) -> None:
    first = sent(corps, task, until=date(2026, 2, 20))
    for since, until in ((date(2026, 2, 19), None), (BEGIN, date(2026, 2, 2)), (BEGIN, None)):
        with pytest.raises(ActionError, match="请先办理结束"):
            sent(corps, corps.beta, since=since, until=until)
    assert sent(corps, corps.beta, since=date(2026, 2, 20)).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(person=one().person, organization=task, kind="task", since=TODAY, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.filter(pk=first.pk).update(until=BEGIN)


def test_taken_back_it_was_never_there(corps: Corps, task: Organization) -> None:
    stay = sent(corps, task)
    with pytest.raises(ActionError, match="不能早于"):
        actions.recall(corps.actor("politics"), stay, until=SINCE - timedelta(days=1), reason="x")
    actions.recall(corps.actor("politics"), stay, until=SINCE, reason="登记有误")
    assert not Stay.objects.real().exists()
    assert sent(corps, task).pk


def test_it_ends_with_the_register_and_with_moving_in(corps: Corps, task: Organization) -> None:
    stay = sent(corps, corps.beta)
    actions.transfer(corps.actor("politics"), one(), organization=corps.beta, since=TODAY, reason="调动")
    stay.refresh_from_db()
    assert stay.until == TODAY
    other = actions.lend(corps.actor("politics"), one("东庚"), task, terms())
    actions.deactivate(BY, one("东庚"), on=TODAY, reason="转出")
    other.refresh_from_db()
    assert other.until == TODAY


def test_a_transfer_elsewhere_leaves_it(corps: Corps, task: Organization) -> None:
    stay = sent(corps, task)
    actions.transfer(corps.actor("politics"), one(), organization=corps.beta, since=TODAY, reason="调动")
    stay.refresh_from_db()
    assert stay.until is None


def test_with_the_temporary_branch_its_stays_end(corps: Corps, task: Organization) -> None:
    stay = sent(corps, task)
    dissolve(corps.actor("politics"), task, on=TODAY, reason="任务结束")
    stay.refresh_from_db()
    assert stay.until == TODAY
    with pytest.raises(ActionError, match="已撤销"):
        actions.lend(corps.actor("politics"), one("东庚"), task, terms())


# --- pages ---------------------------------------------------------------------------------------


def press(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"token": new_token()} | data)


def test_from_the_page_of_the_member(corps: Corps, task: Organization, sign_in: Any) -> None:
    client, home = sign_in(corps.users["politics"]), one().get_absolute_url()
    url = f"/members/{one().pk}/stay/"
    given = {"organization": "驻防临时党支部（T1）", "kind": "task", "since": f"{SINCE}"}
    assert press(client, url, **given).status_code == 422  # no reason
    assert press(client, url, reason="靠前驻防", **given).url == home
    shown = client.get(home).content.decode()
    assert "驻防临时党支部，执行任务" in shown
    stay = Stay.objects.get()
    end = f"/members/stays/{stay.pk}/end/"
    assert end in shown
    assert press(client, end, until=f"{TODAY}", reason="归建").status_code == 303
    assert end not in client.get(home).content.decode()
    assert press(client, end, until=f"{TODAY}", reason="归建").status_code == 403


def test_from_the_page_of_the_host(corps: Corps, task: Organization, sign_in: Any) -> None:
    client = sign_in(corps.users["politics"])
    page = client.get(task.get_absolute_url()).content.decode()
    assert "还没有编入党员" in page
    listed = f"/members/stays/?organization={task.pk}"
    assert listed in page
    assert f"/members/stays/new/{task.pk}/" in client.get(listed).content.decode()
    given = {"person": "东己（东站党支部）", "kind": "posting", "since": f"{SINCE}", "reason": "挂职"}
    assert press(client, f"/members/stays/new/{task.pk}/", **given).url == listed
    organization = client.get(task.get_absolute_url())
    assert organization.context["page"].full == 1  # a temporary branch consists of its guests
    assert "东己" in organization.content.decode()
    assert "在驻防临时党支部" in client.get(corps.alpha.get_absolute_url()).content.decode()
    assert client.get(corps.alpha.get_absolute_url()).context["page"].full == 9
    row = next(iter(walk.sheet(client.get(listed, {"export": "xlsx", "organization": task.pk}))))
    assert row[:4] == ("东己", "东站党支部", "驻防临时党支部", "挂职锻炼")
    found_ = {q: client.get("/members/stays/", {"q": q}).context["page_obj"].paginator.count for q in "东西"}
    assert found_ == {"东": 1, "西": 0}
    assert client.get("/members/stays/", {"now": "on"}).context["page_obj"].paginator.count == 1


def test_half_a_year_away_is_told_on_the_page(corps: Corps, sign_in: Any) -> None:
    sent(corps, corps.beta, since=date(2025, 8, 1))
    page = sign_in(corps.users["politics"]).get(one().get_absolute_url()).content.decode()
    assert "应当转移组织关系" in page


def test_host_and_home_see_it_others_do_not(corps: Corps, task: Organization, sign_in: Any) -> None:
    sent(corps, task)
    told = {
        who: sign_in(corps.users[who]).get("/members/stays/").context["page_obj"].paginator.count
        for who in ("secretary", "politics", "leader", "corps_politics", "secretary_beta", "sysadmin")
    }
    assert told == dict.fromkeys(("secretary", "politics", "leader", "corps_politics"), 1) | {
        "secretary_beta": 0,
        "sysadmin": 0,
    }
    stay = actions.lend(corps.actor("politics"), one("东庚"), corps.beta, terms())
    host = sign_in(corps.users["secretary_beta"])
    assert "东庚" in host.get("/members/stays/").content.decode()
    assert host.get(one("东庚").get_absolute_url()).status_code == 404  # the register stays at home
    assert host.get(f"/members/stays/{stay.pk}/end/").status_code == 200


# --- API -----------------------------------------------------------------------------------------


def api(corps: Corps, who: str) -> APIClient:
    caller = APIClient()
    caller.force_authenticate(corps.users[who])
    return caller


def test_the_api_enters_lists_and_ends(corps: Corps, task: Organization) -> None:
    body = {
        "member": one().pk,
        "organization": task.pk,
        "kind": "task",
        "since": f"{SINCE}",
        "reason": "靠前驻防",
    }
    politics = api(corps, "politics")
    made = politics.post(URL, body, format="json")
    assert made.status_code == 201, made.data
    assert (made.data["home"], made.data["organization"]) == (corps.alpha.pk, task.pk)
    assert politics.get(URL, {"organization": task.pk, "now": "true"}).data["count"] == 1
    twice = politics.post(URL, body, format="json")
    assert (twice.status_code, twice.data["field"]) == (422, "since")
    page = f"{URL}{made.data['id']}/"
    assert api(corps, "secretary_beta").get(page).status_code == 404
    assert (
        api(corps, "secretary").post(URL, body, format="json").status_code == 404
    )  # the host is out of sight
    assert api(corps, "member").get(page).status_code == 404
    assert api(corps, "leader").post(URL, body, format="json").status_code == 403
    end = {"until": f"{TODAY}", "reason": "归建"}
    assert api(corps, "leader").post(f"{page}end/", end, format="json").status_code == 403
    ended = api(corps, "deputy").post(f"{page}end/", end, format="json")
    assert (ended.status_code, ended.data["until"]) == (200, f"{TODAY}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kind": "x"}, 400), ({"member": 0}, 400), ({"organization": 2**31 - 1}, 404), ({"reason": ""}, 400)],
)
def test_bad_input_writes_nothing(
    corps: Corps, task: Organization, changes: dict[str, Any], code: int
) -> None:
    body = {"member": one().pk, "organization": task.pk, "kind": "task", "since": f"{SINCE}", "reason": "x"}
    assert api(corps, "politics").post(URL, body | changes, format="json").status_code == code
    assert not Stay.objects.exists()

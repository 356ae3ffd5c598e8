"""Pages of the organisation by role: who opens what, what a press does, how many queries it costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches import actions
from branches.models import Appointment, LocalValue, Organization
from branches.queries import parameter
from core import clock
from core.actor import system
from core.views import new_token
from tests.corps import BEGIN, Corps, moment

TODAY = date(2026, 3, 2)
CODE = "HS-02.undo_hours"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


@pytest.fixture
def politics(corps: Corps, sign_in: Any) -> Client:
    """The political office of the detachment."""
    client: Client = sign_in(corps.users["politics"])
    return client


def post(client: Client, url: str, **fields: Any) -> Any:
    return client.post(url, {"token": new_token(), **fields})


def grow(corps: Corps, first: int, last: int) -> None:
    """Branches under the battalion from the ``first`` to the ``last``, each with a group."""
    for number in range(first, last):
        branch = actions.found(
            system("测试"),
            code=f"N{number}",
            name=f"新站{number}党支部",
            short_name=f"新站{number}党支部",
            kind="branch",
            parent=corps.battalion,
        )
        actions.found(
            system("测试"), code=f"NG{number}", name="小组", short_name="小组", kind="group", parent=branch
        )


def names(rows: list[Organization]) -> list[str]:
    return [row.short_name for row in rows]


# --- the tree -------------------------------------------------------------------------


def test_the_tree_begins_at_the_highest_one_in_sight(corps: Corps, sign_in: Any) -> None:
    for user, top in (
        ("corps_politics", corps.root),
        ("politics", corps.detachment),
        ("secretary", corps.alpha),
    ):
        response = sign_in(corps.users[user]).get("/organizations/")
        assert response.context["tops"] == [top]
    assert names(response.context["tops"][0].below) == ["第一党小组"], "a single top is open"


def test_only_one_level_is_shown(corps: Corps, politics: Client) -> None:
    page = politics.get("/organizations/").content.decode()
    assert "云溪大队党委" in page
    assert "下设 <span" in page
    assert "东站党支部" not in page
    part = politics.get(f"/organizations/{corps.battalion.pk}/children/").content.decode()
    assert "东站党支部" in part
    assert "第一党小组" not in part
    assert "<html" not in part


def test_a_link_opens_the_line_without_scripts(corps: Corps, politics: Client) -> None:
    page = politics.get(f"/organizations/?open={corps.group.pk}").content.decode()
    assert "第一党小组" in page
    assert "西站党支部" in page
    assert 'aria-current="true"' in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("东站", ["东站党支部"]),
        ("dongzhan", ["东站党支部"]),
        ("DongZhan Dang", ["东站党支部"]),
        ("zhandang", ["东站党支部", "西站党支部"]),
        ("dzdzb", ["东站党支部"]),
        ("a1", ["东站党支部"]),
        ("试验总队", []),
        ("%", []),
        ("没有这个", []),
    ],
)
def test_search(politics: Client, words: str, found: list[str]) -> None:
    response = politics.get("/organizations/", {"q": words})
    assert names(response.context["found"]) == found


def test_a_result_says_where_it_stands(corps: Corps, politics: Client) -> None:
    page = politics.get("/organizations/", {"q": "第一"}).content.decode()
    assert "青岚支队党委 › 云溪大队党委 › 东站党支部" in page
    assert "试验总队" not in page.split("<main", 1)[1]


def test_pages_cost_the_same_for_one_child_and_for_thirty(corps: Corps, politics: Client) -> None:
    pk = corps.battalion.pk
    urls = (
        f"/organizations/?open={pk}",
        f"/organizations/{pk}/children/",
        f"/organizations/?open={pk}&on=2026-03-01",
        f"/organizations/{pk}/children/?on=2026-03-01",
        "/organizations/?q=新站",
        "/api/v1/organizations/",
    )

    def measure() -> list[int]:
        counts = []
        for url in urls:
            politics.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert politics.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    with clock.at(moment(TODAY - timedelta(days=9))):
        grow(corps, 0, 1)
    few = measure()
    with clock.at(moment(TODAY - timedelta(days=9))):
        grow(corps, 1, 30)
    assert measure() == few
    assert few[1] <= 10


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("open=abc", 200),
        ("open=-1", 200),
        ("open=9999999", 404),
        ("open=99999999999999999999999999", 200),
        ("open=1%00", 400),
        ("q=%00", 400),
        ("q=" + "长" * 500, 200),
        ("on=abc", 200),
        ("on=2027-01-01", 200),
        ("on=0001-01-01", 200),
        ("on=99999-01-01", 200),
    ],
)
def test_nonsense_in_the_address(politics: Client, query: str, status: int) -> None:
    assert politics.get(f"/organizations/?{query}").status_code == status


def test_wrong_day_says_what_to_choose(politics: Client) -> None:
    assert "请选择今天或更早的日期" in politics.get("/organizations/?on=2027-01-01").content.decode()
    assert "还没有建立组织" in politics.get("/organizations/?on=2001-01-01").content.decode()


@pytest.mark.parametrize("pk", ["0", "99999999", "99999999999999999999999"])
@pytest.mark.parametrize(
    "page", ["children", "found", "edit", "move", "dissolve", "posts", "terms/new", "values"]
)
def test_absurd_numbers_do_not_exist(politics: Client, pk: str, page: str) -> None:
    assert politics.get(f"/organizations/{pk}/{page}/").status_code == 404


def test_the_tree_as_it_was(corps: Corps, politics: Client) -> None:
    other = actions.found(
        system("测试"), code="B2", name="北岭大队党委", short_name="北岭大队党委",
        kind="committee", parent=corps.detachment,
    )  # fmt: skip
    actions.move(corps.actor("politics"), corps.alpha, parent=other, on=TODAY, reason="编制调整")
    now = politics.get(f"/organizations/{corps.battalion.pk}/children/")
    assert names(now.context["nodes"]) == ["西站党支部"]
    then = politics.get(f"/organizations/{corps.battalion.pk}/children/?on=2026-03-01")
    assert names(then.context["nodes"]) == ["东站党支部", "西站党支部"]
    page = politics.get(f"/organizations/?on=2026-03-01&open={corps.alpha.pk}")
    (top,) = page.context["tops"]
    assert (top.short_name, names(top.below)) == ("青岚支队党委", ["云溪大队党委"]), "北岭 came later"
    assert "第一党小组" in page.content.decode()
    assert "只供查阅" in page.content.decode()


# --- particulars ----------------------------------------------------------------------


def test_particulars_are_corrected_with_history(corps: Corps, politics: Client) -> None:
    url = f"/organizations/{corps.alpha.pk}/edit/"
    assert "建立组织" in politics.get(url).content.decode()
    fields = {"name": "东山站党支部", "short_name": "东山站", "position": 1, "reason": "更名"}
    assert post(politics, url, **fields).status_code == 303
    page = politics.get(url).content.decode()
    assert "原因：更名" in page
    assert 'value="东山站"' in page
    assert post(politics, url, name="", short_name="x", position=1).status_code == 422
    assert "请填写全称" in post(politics, url, name="", short_name="x", position=1).content.decode()


def test_a_form_is_carried_out_once(corps: Corps, politics: Client) -> None:
    url, token = f"/organizations/{corps.battalion.pk}/found/", new_token()
    fields = {
        "token": token, "kind": "branch", "code": "S-9", "name": "南站党支部", "short_name": "南站",
        "position": 0, "duties_from": "2026-03-02",
    }  # fmt: skip
    first, second = politics.post(url, fields), politics.post(url, fields)
    assert first["Location"] == second["Location"] == Organization.objects.get(code="S-9").get_absolute_url()
    again = post(politics, url, **(fields | {"token": new_token()}))
    assert again.status_code == 422
    assert "编号已被使用" in again.content.decode()


def test_a_branch_founds_groups_and_nothing_else(corps: Corps, sign_in: Any) -> None:
    client = sign_in(corps.users["secretary"])
    url = f"/organizations/{corps.alpha.pk}/found/"
    assert client.get(url).context["form"].fields["kind"].choices == [("group", "党小组")]
    fields = {
        "code": "G2",
        "name": "第二党小组",
        "short_name": "第二",
        "position": 0,
        "duties_from": "2026-03-02",
    }
    assert post(client, url, kind="youth", **fields).status_code == 422
    assert post(client, url, kind="group", **fields).status_code == 303
    assert client.get(f"/organizations/{corps.group.pk}/found/").status_code == 403


def test_a_move_is_checked_before_it_is_made(corps: Corps, politics: Client) -> None:
    other = actions.found(
        system("测试"), code="B2", name="北岭大队党委", short_name="北岭大队党委",
        kind="committee", parent=corps.detachment,
    )  # fmt: skip
    url = f"/organizations/{corps.alpha.pk}/move/"
    fields = {"parent": "北岭大队党委（B2）", "on": "2026-03-02", "reason": "编制调整"}
    assert ">确认调整<" not in politics.get(url).content.decode()
    checked = post(politics, url, check="1", **fields)
    assert checked.status_code == 200
    moving = checked.context["moving"]
    assert (moving.old, moving.new) == ("青岚支队党委 › 云溪大队党委", "青岚支队党委 › 北岭大队党委")
    assert (moving.total, moving.kinds) == (2, [("党支部", 1), ("党小组", 1)])
    assert ">确认调整<" in checked.content.decode()
    corps.alpha.refresh_from_db()
    assert corps.alpha.parent == corps.battalion, "checking changes nothing"
    assert post(politics, url, **fields).status_code == 303
    corps.alpha.refresh_from_db()
    assert corps.alpha.parent == other


@pytest.mark.parametrize("check", [{}, {"check": "1"}])
def test_a_move_that_cannot_be_says_why(corps: Corps, politics: Client, check: dict[str, str]) -> None:
    url = f"/organizations/{corps.alpha.pk}/move/"
    for parent in ("没有这个组织", "试验总队党委（R）", ""):
        refused = post(politics, url, parent=parent, on="2026-03-02", reason="x", **check)
        assert refused.status_code == 422
        assert refused.context["form"].errors["parent"]


def test_an_empty_organisation_is_dissolved_and_stays_to_be_read(corps: Corps, politics: Client) -> None:
    grow(corps, 0, 1)
    group = Organization.objects.get(code="NG0")
    url = f"/organizations/{group.pk}"
    assert post(politics, f"{url}/dissolve/", on="2026-03-02", reason="").status_code == 422
    assert post(politics, f"{url}/dissolve/", on="2026-03-02", reason="撤并").status_code == 303
    page = politics.get(f"{url}/edit/").content.decode()
    assert "已撤销" in page
    assert "只供查阅" in page
    assert "撤销组织" in page, "the history"
    assert f"{url}/move/" not in page


# --- posts, terms, values -------------------------------------------------------------


def test_posts_now_and_before(corps: Corps, politics: Client) -> None:
    url = f"/organizations/{corps.alpha.pk}/posts/"
    held = Appointment.objects.get(organization=corps.alpha, office="publicity_member")
    done = post(politics, f"/organizations/posts/{held.pk}/end/", until="2026-03-02", reason="调整")
    assert (done.status_code, done["Location"]) == (303, url)
    page = politics.get(url)
    assert held not in page.context["posts"]
    assert page.context["former"] == [held]
    assert len(page.context["posts"]) == 4


def test_reading_posts_shows_no_acts_to_those_without_the_right(corps: Corps, sign_in: Any) -> None:
    page = sign_in(corps.users["secretary"]).get(f"/organizations/{corps.alpha.pk}/posts/").content.decode()
    assert "/end/" not in page
    assert "/edit/" not in page, "no tab that would be refused"
    assert "政治部门" in page, "the reason stands beside the grey button"


def test_a_term_is_registered(corps: Corps, politics: Client) -> None:
    url = f"/organizations/{corps.alpha.pk}/terms/new/"
    assert post(politics, url, started_on="2026-02-01", years=3).status_code == 303
    assert corps.alpha.terms.get().ends_on == date(2029, 2, 1)
    assert post(politics, url, started_on="2026-01-01", years=3).status_code == 422


def test_a_local_value_is_listed_set_and_read(corps: Corps, politics: Client) -> None:
    base = f"/organizations/{corps.battalion.pk}/values/"
    listed = politics.get(base, {"q": CODE})
    assert [row.code for row, _, _ in listed.context["lines"]] == [CODE]
    assert politics.get(base, {"own": "on"}).context["lines"] == []
    url = f"{base}{CODE}/"
    assert post(politics, url, value="48", since="2026-03-02", reason="试行").status_code == 303
    assert parameter(CODE, corps.alpha, TODAY).count == 48
    for place in (corps.battalion, corps.alpha):
        ((row, local, words),) = politics.get(f"/organizations/{place.pk}/values/", {"own": "on"}).context[
            "lines"
        ]
        assert (row.code, local.organization, "48" in words) == (CODE, corps.battalion, True)
    assert "试行" in politics.get(url).content.decode()


@pytest.mark.parametrize(
    ("code", "value", "field"),
    [
        (CODE, "很久", "value"),
        (CODE, "", "value"),
        (CODE, "-1", "value"),
        ("MT-03.majority", "多数", "value"),
    ],
)
def test_a_local_value_has_the_form_of_the_common_one(
    corps: Corps, politics: Client, code: str, value: str, field: str
) -> None:
    url = f"/organizations/{corps.battalion.pk}/values/{code}/"
    refused = post(politics, url, value=value, since="2026-03-02", reason="x")
    assert refused.status_code == 422
    assert refused.context["form"].errors[field]
    assert not LocalValue.objects.exists()


def test_every_parameter_in_force_has_one_page(corps: Corps, politics: Client) -> None:
    from branches.queries import parameters_on

    codes = [row.code for row in parameters_on(TODAY)]
    assert len(codes) == len(set(codes)) > 100
    base = f"/organizations/{corps.battalion.pk}/values/"
    assert politics.get(f"{base}ZZ-01.x/").status_code == 404
    for code in codes[::25]:
        assert politics.get(f"{base}{code}/").status_code == 200


# --- who ------------------------------------------------------------------------------

ALLOWED = {
    # page: (corps_politics, politics, director, leader, discipline, secretary, member)
    "children": "2222224",
    "posts": "2222224",
    "values": "2222224",
    "edit": "2223334",
    "found": "2223324",
    "move": "2223334",
    "dissolve": "2223334",
    "terms/new": "2223334",
    f"values/{CODE}": "2223334",
}
USERS = ("corps_politics", "politics", "director", "leader", "discipline", "secretary", "member")


@pytest.mark.parametrize("page", ALLOWED)
def test_who_opens_the_pages_of_a_branch(corps: Corps, sign_in: Any, page: str) -> None:
    url = f"/organizations/{corps.alpha.pk}/{page}/"
    answers = [str(sign_in(corps.users[user]).get(url).status_code)[2:] for user in USERS]
    words = {"0": "2", "3": "3", "4": "4"}
    assert "".join(words[answer] for answer in answers) == ALLOWED[page]
    assert Client().get(url).status_code == 302


def test_nobody_ends_the_own_post(corps: Corps, politics: Client) -> None:
    own = Appointment.objects.get(person=corps.users["politics"].person)
    url = f"/organizations/posts/{own.pk}/end/"
    assert post(politics, url, until="2026-03-02", reason="x").status_code == 403
    assert own.since == BEGIN
    assert (
        f"/posts/{own.pk}/end/"
        not in politics.get(f"/organizations/{corps.detachment.pk}/posts/").content.decode()
    )

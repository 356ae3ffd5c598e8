"""The pages of the rule library."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import AdminRole
from accounts.models import User
from core.views import new_token
from regulations import queries
from regulations.models import Clause, Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(sign_in: Any) -> Any:
    """A client of a user without any post."""
    return sign_in(user(AdminRole.AUDIT))


@pytest.fixture
def keeper(sign_in: Any) -> Any:
    """A client of the security administrator."""
    return sign_in(user(AdminRole.SECURITY))


def user(role: AdminRole) -> User:
    """An administrator."""
    return User.objects.create(username=role.value, admin_role=role, created_at=timezone.now())


def rules(response: Any) -> set[str]:
    """The ids on a list page."""
    return {clause.rule for clause in response.context["rows"]}


def test_signing_in_is_needed(client: Any) -> None:
    """Nobody else reads."""
    assert client.get("/regulations/").status_code == 302
    assert client.get("/regulations/MT-03/").status_code == 302


def test_the_list_is_searched_and_filtered(reader: Any) -> None:
    """By id, by words of text and label, by regulation, use and force."""
    assert reader.get("/regulations/").status_code == 200
    assert rules(reader.get("/regulations/?q=MT-03")) == {"MT-03"}
    assert "XA-04" in rules(reader.get("/regulations/?q=卧床"))
    assert "MT-07" in rules(reader.get("/regulations/?q=到会委员占应到会"))
    assert rules(reader.get("/regulations/?q=MT-03 卧床")) == set()
    code = Clause.objects.get(rule="DU-02").regulation_id
    assert {rule[:2] for rule in rules(reader.get(f"/regulations/?regulation={code}"))} == {"DU"}
    assert {rule[:2] for rule in rules(reader.get("/regulations/?use=应到会人数"))} == {"XA"}
    past = reader.get("/regulations/?force=past&q=DP-18")
    assert [clause.citation for clause in past.context["rows"]] == [
        "《中国共产党发展党员工作细则》（2014 年版）第二十条"
    ]
    assert rules(reader.get("/regulations/?confidence=conflict")) >= {"EL-09", "EL-18", "TR-04"}


@pytest.mark.parametrize(
    "query", ["regulation=999", "regulation=x", "use=无", "force=x", "q=%00", "page=x", "sort=x"]
)
def test_nonsense_in_the_address_is_no_error(reader: Any, query: str) -> None:
    """A wrong filter finds nothing or is left out."""
    assert reader.get(f"/regulations/?{query}").status_code in {200, 400}


def test_the_list_costs_the_same_for_one_row_and_for_thirty(
    reader: Any, django_assert_max_num_queries: Any
) -> None:
    """Values and regulations come with the rows."""
    with django_assert_max_num_queries(12):
        reader.get("/regulations/?q=MT-03")
    with django_assert_max_num_queries(12):
        reader.get("/regulations/")


def test_a_rule_shows_every_version(reader: Any) -> None:
    """Both versions of DP-26, the newest first, with force, severity and confidence in words."""
    page = reader.get("/regulations/DP-26/").content.decode()
    assert page.index("2026 年修订") < page.index("2014 年版")
    for word in ("现行", "已失效", "应当", "据引用", "读原文", "不超过"):
        assert word in page
    assert "待核实" in reader.get("/regulations/RS-04/").content.decode()
    assert "/regulations/values/" not in page


def test_an_unknown_rule_is_not_found(reader: Any) -> None:
    """No such id, no page."""
    assert reader.get("/regulations/ZZ-99/").status_code == 404
    assert reader.get("/regulations/mt-03/").status_code == 404


def address(rule: str, name: str) -> str:
    """The page on which a value is changed."""
    row = Parameter.objects.get(clause__rule=rule, name=name, since=None)
    return f"/regulations/values/{row.pk}/"


def test_the_security_administrator_changes_a_value(keeper: Any) -> None:
    """From the link on the page of the rule to the new value."""
    url = address("CK-02", "days")
    assert url in keeper.get("/regulations/CK-02/").content.decode()
    assert keeper.get(url).status_code == 200
    form = {"token": new_token(), "value": "5", "since": "2026-11-01", "reason": "试行"}
    answer = keeper.post(url, form)
    assert answer.status_code == 303
    assert answer["Location"] == "/regulations/CK-02/"
    assert queries.parameter("CK-02.days", date(2026, 11, 1)).count == 5
    page = keeper.get("/regulations/CK-02/").content.decode()
    assert "试行" in page


def test_a_list_is_changed_line_by_line(keeper: Any) -> None:
    """Bands are written as limit and rate."""
    text = "3000 0.005\n5000 0.01\n10000 0.015\n— 0.025"
    form = {"token": new_token(), "value": text, "since": "2026-11-01", "reason": "试行"}
    assert keeper.post(address("DU-02", "bands"), form).status_code == 303
    bands = queries.parameter("DU-02.bands", date(2026, 11, 1)).items
    assert bands[-1] == ["", "0.025"]


@pytest.mark.parametrize("wrong", [{"value": "三"}, {"value": ""}, {"since": "2026-02-30"}, {"reason": ""}])
def test_a_wrong_form_is_said(keeper: Any, wrong: dict[str, str]) -> None:
    """With status 422 and nothing written."""
    form = {"token": new_token(), "value": "5", "since": "2026-11-01", "reason": "试行"}
    assert keeper.post(address("CK-02", "days"), form | wrong).status_code == 422
    assert queries.parameter("CK-02.days", date(2026, 11, 1)).count == 3


def test_nobody_else_changes(reader: Any) -> None:
    """403 with the reason."""
    url = address("CK-02", "days")
    answer = reader.get(url)
    assert answer.status_code == 403
    assert "安全管理员" in answer.content.decode()
    form = {"token": new_token(), "value": "5", "since": "2026-11-01", "reason": "试行"}
    assert reader.post(url, form).status_code == 403

"""A roster held against the register: what changes, what never does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core import clock
from core.actor import system
from members import actions
from members.choices import Stage
from members.imports import Report
from members.models import Member, Membership, Standing
from tests.corps import Corps, moment
from tests.members.workbooks import HEAD, person, roster

TODAY = date(2026, 10, 20)
BY = system("花名册导入")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def run(tree: Corps, content: bytes, *, dry_run: bool = True, code: str = "B") -> Report:
    organization = {"B": tree.battalion, "A1": tree.alpha, "B1": tree.beta}[code]
    found, _ = actions.import_now(
        BY, organization=organization, content=content, name="花名册.xlsx", dry_run=dry_run
    )
    return found


def errors(report: Report) -> list[tuple[int, str, str]]:
    return [(e["row"], e["column"], e["message"]) for e in report.as_dict()["errors"]]


def warnings(report: Report) -> list[tuple[int, str, str]]:
    return [(e["row"], e["column"], e["message"]) for e in report.as_dict()["warnings"]]


def one(tree: Corps, **cells: Any) -> Report:
    return run(tree, roster([person(1, **cells)]))


def test_changes_are_shown_cell_by_cell_and_written(tree: Corps) -> None:
    run(tree, roster([person(1, 转正时间=None, 入党时间="2025-12-01"), person(2)]), dry_run=False)
    content = roster(
        [
            person(1, 入党时间="2025-12-01", 转正时间="2026-10-01", 联系电话="13700000009", 职务="班长"),
            person(2, 职务=None, 联系电话=None),
        ]
    )
    report = run(tree, content)
    changes = report.entries[0].changes
    assert changes["stage"] == ("预备党员", "正式党员")
    assert changes["duty"] == ("战斗员", "班长")
    assert changes["full_on"] == ("", "2026-10-01")
    assert changes["phone"] == ("139****0001", "137****0009")
    assert report.entries[1].status == "same", "an empty cell never erases what is known"
    run(tree, content, dry_run=False)
    member = Member.objects.get(person__name=person(1)[1])
    assert (member.stage, member.duty, member.version) == (Stage.FULL, "班长", 2)
    assert member.person.phone_mask == "137****0009"
    rows = Standing.objects.filter(person=member.person).values_list("stage", "since", "until")
    assert list(rows) == [
        ("probationary", date(2025, 12, 1), date(2026, 10, 1)),
        ("full", date(2026, 10, 1), None),
    ]


def test_another_branch_in_the_subtree_is_a_transfer_that_says_so(tree: Corps) -> None:
    run(tree, roster([person(1)]), dry_run=False)
    content = roster([person(1, 所在党支部="西站党支部")])
    report = run(tree, content)
    assert report.entries[0].changes["organization"] == ("东站党支部", "西站党支部")
    assert "组织关系转接" in warnings(report)[0][2]
    run(tree, content, dry_run=False)
    member = Member.objects.get(person__name=person(1)[1])
    assert member.organization == tree.beta
    spans = Membership.objects.filter(person=member.person).values_list("organization", "until")
    assert list(spans) == [(tree.alpha.pk, TODAY), (tree.beta.pk, None)]


def test_a_stage_never_goes_backwards(tree: Corps) -> None:
    run(tree, roster([person(1)]), dry_run=False)
    head = [*HEAD, "党员类别"]
    report = run(tree, roster([[*person(1), "预备党员"]], head))
    assert [(row, column) for row, column, _ in errors(report)] == [(4, "党员类别")]


def test_a_month_does_not_overwrite_the_day_that_is_known(tree: Corps) -> None:
    run(tree, roster([person(1)]), dry_run=False)
    assert run(tree, roster([person(1, 入党时间="2014.07")])).count("same") == 1


def test_whoever_left_the_register_comes_back_as_new(tree: Corps) -> None:
    run(tree, roster([person(1)]), dry_run=False)
    member = Member.objects.get(person__name=person(1)[1])
    actions.deactivate(BY, member, on=TODAY, reason="组织关系转出")
    run(tree, roster([person(1)]), dry_run=False)
    member.refresh_from_db()
    assert member.active
    assert Membership.objects.filter(person=member.person, until=None).count() == 1

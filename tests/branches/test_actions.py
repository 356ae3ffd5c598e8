"""The tree, posts and terms through their actions: what happens, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actions import create_person
from branches import actions
from branches.models import Appointment, LocalValue, Organization, Placement
from branches.queries import parameter
from branches.querysets import step
from core import clock
from core.actor import Actor, system
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import AuditEntry
from tests.corps import BEGIN, Corps, moment

TODAY = date(2026, 3, 2)
BY = system("测试")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def found(
    by: Actor, parent: Organization | None, kind: str = "branch", code: str = "X", **more: Any
) -> Organization:
    return actions.found(
        by, code=code, name=f"中共{code}支部", short_name=code, kind=kind, parent=parent, **more
    )


def test_a_new_organisation_has_path_pinyin_and_placement(corps: Corps) -> None:
    new = found(BY, corps.battalion, founded_on=date(2026, 2, 1))
    assert new.path == corps.battalion.path + step(new.pk)
    assert new.pinyin == "zhonggongxzhibu"
    assert new.duties_from == TODAY
    placement = new.placements.get()
    assert (placement.parent, placement.since, placement.until) == (
        corps.battalion,
        date(2026, 2, 1),
        None,
    )
    assert AuditEntry.objects.get(subject=f"branches.organization:{new.pk}").verb == "建立组织"


@pytest.mark.parametrize(
    ("kind", "parent", "words"),
    [
        ("group", "battalion", "党支部之下"),
        ("branch", "alpha", "不能再设"),
        ("committee", "group", "不能再设"),
        ("group", "group", "党支部之下"),
    ],
)
def test_what_does_not_fit_under_what(corps: Corps, kind: str, parent: str, words: str) -> None:
    with pytest.raises(ActionError, match=words):
        found(BY, getattr(corps, parent), kind)


def test_a_code_is_given_once(corps: Corps) -> None:
    with pytest.raises(ActionError, match="编号"):
        found(BY, corps.battalion, code="A1")


@pytest.mark.parametrize(
    ("who", "parent", "kind", "may"),
    [
        ("politics", "battalion", "branch", True),
        ("director", "detachment", "committee", True),
        ("corps_politics", "root", "committee", True),
        ("politics", "root", "committee", False),
        ("leader", "battalion", "branch", False),
        ("discipline", "battalion", "branch", False),
        ("secretary", "alpha", "group", True),
        ("secretary", "alpha", "youth", False),
        ("secretary", "beta", "group", False),
        ("member", "alpha", "group", False),
        ("sysadmin", "battalion", "branch", False),
    ],
)
def test_who_founds_where(corps: Corps, who: str, parent: str, kind: str, may: bool) -> None:
    place = getattr(corps, parent)
    if may:
        assert found(corps.actor(who), place, kind).parent == place
    else:
        with pytest.raises(NotAllowed):
            found(corps.actor(who), place, kind)


def test_a_root_is_founded_by_the_first_start_alone(corps: Corps) -> None:
    with pytest.raises(NotAllowed, match="首次启用"):
        found(corps.actor("corps_politics"), None, "committee")


def test_a_move_keeps_history_and_takes_the_subtree_along(corps: Corps) -> None:
    other = found(BY, corps.detachment, "committee", "B2")
    actions.move(corps.actor("politics"), corps.alpha, parent=other, on=TODAY, reason="编制调整")
    corps.alpha.refresh_from_db()
    corps.group.refresh_from_db()
    assert corps.alpha.path == other.path + step(corps.alpha.pk)
    assert corps.group.path == corps.alpha.path + step(corps.group.pk)
    spans = Placement.objects.filter(organization=corps.alpha).values_list("parent", "since", "until")
    assert list(spans) == [(corps.battalion.pk, BEGIN, TODAY), (other.pk, TODAY, None)]
    for row in Organization.objects.exclude(parent=None).select_related("parent"):
        assert row.parent is not None
        assert row.path == row.parent.path + step(row.pk)


@pytest.mark.parametrize(
    ("what", "parent", "on", "words"),
    [
        ("battalion", "alpha", TODAY, "下级组织"),
        ("battalion", "battalion", TODAY, "下级组织"),
        ("alpha", "beta", TODAY, "不能再设"),
        ("alpha", "detachment", TODAY + timedelta(days=1), "不能晚于"),
        ("alpha", "detachment", BEGIN - timedelta(days=1), "不能早于"),
    ],
)
def test_moves_that_cannot_be(corps: Corps, what: str, parent: str, on: date, words: str) -> None:
    before = list(Organization.objects.order_by("pk").values_list("path", "parent"))
    with pytest.raises(ActionError, match=words):
        actions.move(BY, getattr(corps, what), parent=getattr(corps, parent), on=on, reason="x")
    assert list(Organization.objects.order_by("pk").values_list("path", "parent")) == before


def test_a_move_needs_the_right_at_both_ends(corps: Corps) -> None:
    elsewhere = found(BY, corps.root, "committee", "D2")
    by = corps.actor("politics")
    with pytest.raises(NotAllowed, match="管理范围"):
        actions.move(by, corps.alpha, parent=elsewhere, on=TODAY, reason="x")
    with pytest.raises(NotAllowed):
        actions.move(by, corps.root, parent=corps.detachment, on=TODAY, reason="x")
    actions.move(corps.actor("corps_politics"), corps.alpha, parent=elsewhere, on=TODAY, reason="x")


def test_a_branch_with_members_or_children_is_not_dissolved(corps: Corps) -> None:
    by = corps.actor("politics")
    with pytest.raises(ActionError, match="在册人员"):
        actions.dissolve(by, corps.beta, on=TODAY, reason="撤并")
    with pytest.raises(ActionError, match="下面还有组织"):
        actions.dissolve(by, corps.alpha, on=TODAY, reason="撤并")
    corps.beta.refresh_from_db()
    assert corps.beta.dissolved_on is None


def test_a_dissolved_organisation_ends_its_posts_and_keeps_its_record(corps: Corps) -> None:
    empty = found(BY, corps.battalion)
    person = create_person(BY, name="王虚构")
    post = actions.appoint(BY, empty, person=person, office="secretary", since=BEGIN)
    later = actions.appoint(
        BY, empty, person=person, office="deputy_secretary", since=TODAY + timedelta(days=9)
    )
    actions.dissolve(corps.actor("politics"), empty, on=TODAY, reason="任务结束")
    post.refresh_from_db()
    later.refresh_from_db()
    assert (post.until, later.until) == (TODAY, later.since)
    assert not Organization.objects.current().filter(pk=empty.pk).exists()
    assert Organization.objects.filter(pk=empty.pk).exists()
    with pytest.raises(ActionError, match="已撤销"):
        actions.appoint(BY, empty, person=person, office="secretary", since=TODAY)


def test_names_change_with_before_and_after(corps: Corps) -> None:
    by = corps.actor("politics")
    actions.rename(by, corps.alpha, name="中共新名", short_name="新名", reason="更名", position=3)
    corps.alpha.refresh_from_db()
    assert (corps.alpha.pinyin, corps.alpha.position) == ("zhonggongxinming", 3)
    entry = AuditEntry.objects.filter(verb="修改组织信息").latest("pk")
    assert entry.before["short_name"] == "东站党支部"
    assert entry.after["short_name"] == "新名"
    count = AuditEntry.objects.count()
    actions.rename(by, corps.alpha, name="中共新名", short_name="新名")
    assert AuditEntry.objects.count() == count, "nothing changed, nothing recorded"
    with pytest.raises(TypeError):
        actions.rename(by, corps.alpha, name="x", short_name="x", path="0")


def test_terms_follow_each_other(corps: Corps) -> None:
    by = corps.actor("politics")
    first = actions.start_term(by, corps.alpha, started_on=date(2024, 2, 29), years=3)
    assert (first.number, first.ends_on) == (1, date(2027, 2, 28))
    second = actions.start_term(by, corps.alpha, started_on=date(2026, 1, 1), years=3)
    assert second.number == 2
    with pytest.raises(ActionError, match="第 2 届"):
        actions.start_term(by, corps.alpha, started_on=TODAY, years=3, number=2)
    with pytest.raises(ActionError, match="晚于"):
        actions.start_term(by, corps.alpha, started_on=date(2025, 1, 1), years=3)


def test_posts_begin_and_end(corps: Corps) -> None:
    by = corps.actor("politics")
    person = create_person(BY, name="李虚构")
    with pytest.raises(ActionError, match="现任书记"):
        actions.appoint(by, corps.alpha, person=person, office="secretary", since=TODAY)
    old = Appointment.objects.get(organization=corps.alpha, office="secretary")
    with pytest.raises(ActionError, match="不能早于"):
        actions.end_appointment(by, old, until=BEGIN - timedelta(days=1), reason="调整")
    actions.end_appointment(by, old, until=TODAY, reason="调整")
    with pytest.raises(StaleRecord):
        actions.end_appointment(by, old, until=TODAY, reason="调整")
    new = actions.appoint(by, corps.alpha, person=person, office="secretary", since=TODAY)
    held = Appointment.objects.filter(organization=corps.alpha, office="secretary")
    assert list(held.on(TODAY)) == [new]
    with pytest.raises(ActionError, match="已担任"):
        actions.appoint(by, corps.alpha, person=person, office="secretary", since=TODAY)


def test_nobody_appoints_oneself(corps: Corps) -> None:
    by = corps.actor("politics")
    own = corps.users["politics"].person
    assert own is not None
    with pytest.raises(NotAllowed, match="本人"):
        actions.appoint(by, corps.alpha, person=own, office="committee_member", since=TODAY)
    post = Appointment.objects.get(person=own)
    with pytest.raises(NotAllowed, match="本人"):
        actions.end_appointment(by, post, until=TODAY)


def test_a_branch_names_its_own_group_leaders_only(corps: Corps) -> None:
    by = corps.actor("secretary")
    person = create_person(BY, name="赵虚构")
    actions.appoint(by, corps.group, person=person, office="group_leader", since=TODAY)
    for place, office in ((corps.group, "political_officer"), (corps.alpha, "committee_member")):
        with pytest.raises(NotAllowed):
            actions.appoint(by, place, person=person, office=office, since=TODAY)


def test_past_office_gives_no_present_power(corps: Corps) -> None:
    post = Appointment.objects.get(person=corps.users["politics"].person)
    actions.end_appointment(BY, post, until=TODAY)
    with pytest.raises(NotAllowed):
        found(corps.actor("politics"), corps.battalion)


def test_a_job_of_the_system_does_only_what_is_listed(corps: Corps, monkeypatch: Any) -> None:
    from branches import permissions

    monkeypatch.setattr(permissions, "SYSTEM_VERBS", frozenset({"found"}))
    found(BY, corps.battalion)
    with pytest.raises(NotAllowed):
        actions.start_term(BY, corps.alpha, started_on=TODAY, years=3)


def test_a_local_value_holds_for_the_subtree_from_its_day(corps: Corps) -> None:
    by = corps.actor("politics")
    common = parameter("HS-02.undo_hours", corps.alpha).count
    actions.set_local_value(
        by, corps.detachment, code="HS-02.undo_hours", value=48, since=TODAY, reason="试行"
    )
    assert parameter("HS-02.undo_hours", corps.alpha, TODAY).count == 48
    assert parameter("HS-02.undo_hours", corps.alpha, TODAY - timedelta(days=1)).count == common
    assert parameter("HS-02.undo_hours", corps.root, TODAY).count == common
    later = TODAY + timedelta(days=10)
    actions.set_local_value(
        by, corps.detachment, code="HS-02.undo_hours", value=12, since=later, reason="调整"
    )
    assert LocalValue.objects.get(since=TODAY).until == later - timedelta(days=1)
    assert parameter("HS-02.undo_hours", corps.alpha, later).count == 12
    with pytest.raises(ActionError, match="更晚"):
        actions.set_local_value(
            by, corps.detachment, code="HS-02.undo_hours", value=1, since=TODAY, reason="x"
        )
    with pytest.raises(ActionError, match="没有这个参数"):
        actions.set_local_value(by, corps.detachment, code="ZZ.x", value=1, since=TODAY, reason="x")

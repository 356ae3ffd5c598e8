"""The register through its actions: dated truth, caches, rights, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actions import create_person
from core import clock
from core.actor import system
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import AuditEntry
from members import actions
from members.choices import Precision, Stage
from members.models import Member, Membership, Standing
from members.signals import changed
from tests.corps import BEGIN, Corps, moment
from tests.members.workbooks import id_number

TODAY = date(2026, 3, 2)
BY = system("测试")
pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def one(name: str) -> Member:
    return Member.objects.get(person__name=name)


def stages(member: Member) -> list[tuple[str, date, date | None]]:
    rows = Standing.objects.filter(person=member.person).order_by("since", "pk")
    return [(row.stage, row.since, row.until) for row in rows]


def registered(corps: Corps, name: str = "新人", **more: Any) -> Member:
    given = {"organization": corps.alpha, "stage": Stage.FULL, "since": BEGIN} | more
    return actions.register(BY, person=create_person(BY, name=name), **given)


def caches_hold() -> None:
    """Every cache says what the open dated row says."""
    for member in Member.objects.filter(active=True):
        place = Membership.objects.get(person=member.person_id, until=None)
        standing = Standing.objects.get(person=member.person_id, until=None)
        assert (member.organization_id, member.group_id) == (place.organization_id, place.group_id)
        assert member.stage == standing.stage
    gone = Member.objects.filter(active=False).values("person")
    assert not Membership.objects.filter(person__in=gone, until=None).exists()


def test_registering_writes_the_dated_truth_and_the_caches(corps: Corps) -> None:
    member = registered(
        corps, joined_on=date(2020, 7, 1), full_on=date(2021, 7, 1), full_precision=Precision.MONTH
    )
    assert stages(member) == [
        ("probationary", date(2020, 7, 1), date(2021, 7, 1)),
        ("full", date(2021, 7, 1), None),
    ]
    assert Standing.objects.get(person=member.person, until=None).precision == Precision.MONTH
    caches_hold()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"since": TODAY + timedelta(days=1)}, "不能晚于"),
        ({"category": "clerk", "rank": "f1"}, "没有消防救援衔"),
        ({"joined_on": date(2021, 1, 1), "full_on": date(2020, 1, 1)}, "不能早于入党"),
        ({"joined_on": TODAY + timedelta(days=1)}, "不能晚于"),
    ],
)
def test_what_cannot_be_registered(corps: Corps, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionError, match=words):
        registered(corps, **more)
    assert not Member.objects.filter(person__name="新人").exists()


def test_members_belong_to_branches_and_to_groups_of_their_own(corps: Corps) -> None:
    with pytest.raises(ActionError, match="编入党支部"):
        registered(corps, organization=corps.battalion)
    with pytest.raises(ActionError, match="本支部的党小组"):
        registered(corps, organization=corps.beta, group=corps.group)


def test_too_young_at_admission(corps: Corps) -> None:
    person = create_person(BY, name="新人", id_number=id_number(1, date(2000, 5, 6)))
    given = {"organization": corps.alpha, "stage": Stage.PROBATIONARY, "since": BEGIN}
    with pytest.raises(ActionError, match="未满 18"):
        actions.register(BY, person=person, joined_on=date(2018, 5, 5), **given)
    actions.register(BY, person=person, joined_on=date(2018, 5, 6), **given)


def test_nobody_is_on_the_register_twice(corps: Corps) -> None:
    with pytest.raises(ActionError, match="已在册"):
        actions.register(BY, person=one("东甲").person, organization=corps.beta, stage="full", since=TODAY)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("politics", True),
        ("corps_politics", True),
        ("secretary", False),
        ("leader", False),
        ("discipline", False),
        ("member", False),
        ("sysadmin", False),
    ],
)
def test_who_registers_moves_and_takes_off(corps: Corps, who: str, may: bool) -> None:
    by, member = corps.actor(who), one("东己")
    acts: list[Any] = [
        lambda: actions.change_stage(by, one("东预备"), stage="full", since=TODAY),
        lambda: actions.transfer(by, member, organization=corps.beta, since=TODAY, reason="调动"),
        lambda: actions.suspend_rights(by, member, kind="suspended", since=TODAY),
        lambda: actions.restore_rights(by, member, until=TODAY + timedelta(days=1)),
        lambda: actions.deactivate(by, member, on=TODAY, reason="转出"),
        lambda: actions.enroll(
            by,
            name="新人",
            id_number=id_number(9),
            organization=corps.alpha,
            stage="full",
            since=TODAY,
        ),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    caches_hold()


def test_the_keepers_of_a_branch_correct_details_and_groups_of_their_own(corps: Corps) -> None:
    by, member = corps.actor("secretary"), one("东己")
    actions.update_member(by, member, version=member.version, duty="班长")
    actions.assign_group(by, member, group=None, since=TODAY)
    other = one("西乙")
    with pytest.raises(NotAllowed):
        actions.update_member(by, other, version=other.version, duty="班长")
    plain = corps.actor("member")
    with pytest.raises(NotAllowed):
        actions.update_member(plain, member, version=member.version + 2, duty="x")
    caches_hold()


def test_a_stale_edit_is_refused_and_writes_nothing(corps: Corps) -> None:
    member = one("东己")
    actions.update_member(BY, member, version=member.version, duty="班长")
    count = AuditEntry.objects.count()
    with pytest.raises(StaleRecord):
        actions.update_member(BY, member, version=member.version, duty="站长")
    assert one("东己").duty == "班长"
    assert AuditEntry.objects.count() == count


def test_corrected_dates_lay_the_stages_anew(corps: Corps) -> None:
    member = one("东己")
    actions.update_member(
        BY, member, version=member.version, joined_on=date(2019, 5, 1), full_on=date(2020, 5, 1)
    )
    assert stages(member) == [
        ("probationary", date(2019, 5, 1), date(2020, 5, 1)),
        ("full", date(2020, 5, 1), None),
    ]


def test_earlier_history_stays_when_dates_are_corrected(corps: Corps) -> None:
    member = registered(corps, stage=Stage.APPLICANT)
    actions.change_stage(BY, member, stage=Stage.ACTIVIST, since=date(2025, 6, 1))
    actions.change_stage(BY, member, stage=Stage.PROBATIONARY, since=date(2026, 2, 1))
    fresh = one("新人")
    assert fresh.joined_on == date(2026, 2, 1)
    actions.update_member(BY, fresh, version=fresh.version, joined_on=date(2026, 1, 1))
    assert stages(member) == [
        ("applicant", BEGIN, date(2025, 6, 1)),
        ("activist", date(2025, 6, 1), date(2026, 1, 1)),
        ("probationary", date(2026, 1, 1), None),
    ]


def test_a_change_is_never_dated_before_the_last_one(corps: Corps) -> None:
    member = one("东预备")
    actions.transfer(BY, member, organization=corps.beta, since=TODAY, reason="调动")
    with pytest.raises(ActionError, match="上一次变动"):
        actions.transfer(BY, member, organization=corps.alpha, since=TODAY - timedelta(days=1), reason="调动")
    with pytest.raises(ActionError, match="上一次变动"):
        actions.change_stage(BY, member, stage="full", since=date(2020, 1, 1))
    caches_hold()


def test_a_transfer_needs_the_right_at_both_ends(corps: Corps) -> None:
    from branches.actions import found

    far = found(BY, code="F", name="远站", short_name="远站", kind="branch", parent=corps.root)
    with pytest.raises(NotAllowed, match="共同的上级"):
        actions.transfer(corps.actor("politics"), one("东己"), organization=far, since=TODAY, reason="调动")
    actions.transfer(corps.actor("corps_politics"), one("东己"), organization=far, since=TODAY, reason="调动")


def test_the_roll_of_a_day_is_that_of_the_day(corps: Corps) -> None:
    day = date(2026, 2, 1)
    actions.transfer(BY, one("东己"), organization=corps.beta, since=day, reason="调动")
    actions.suspend_rights(BY, one("东庚"), kind="suspended", since=day, until=TODAY)
    actions.change_stage(BY, one("东预备"), stage="full", since=TODAY)

    def figures(on: date) -> tuple[int, int]:
        rows = Membership.objects.filter(organization=corps.alpha)
        return rows.in_party_on(on).count(), rows.voting_on(on).count()

    assert figures(day - timedelta(days=1)) == (10, 9)
    assert figures(day) == (9, 7), "one left, one suspended, the probationary does not vote"
    assert figures(TODAY) == (9, 9), "restored on the first day after, and full from today"
    assert figures(BEGIN - timedelta(days=1)) == (0, 0)


def test_whoever_left_may_come_back_with_the_history_kept(corps: Corps) -> None:
    member = one("东己")
    actions.deactivate(BY, member, on=date(2026, 1, 1), reason="转出")
    with pytest.raises(NotAllowed, match="不在册"):
        actions.change_stage(BY, member, stage="full", since=TODAY)
    given = {"person": member.person, "organization": corps.beta, "stage": Stage.FULL}
    with pytest.raises(ActionError, match="上一次在册"):
        actions.register(BY, since=date(2025, 12, 1), **given)
    actions.register(BY, since=TODAY, **given)
    spans = Membership.objects.filter(person=member.person).values_list("since", "until")
    assert list(spans) == [(BEGIN, date(2026, 1, 1)), (TODAY, None)]
    assert len(stages(member)) == 3
    caches_hold()


def test_a_number_known_under_another_name_is_not_made_twice(corps: Corps) -> None:
    given = {"organization": corps.alpha, "stage": "full", "since": TODAY}
    actions.enroll(BY, name="新人", id_number=id_number(1), **given)
    with pytest.raises(ActionError, match="另一姓名"):
        actions.enroll(BY, name="别人", id_number=id_number(1), **given)


def test_news_is_sent_inside_the_transaction(corps: Corps) -> None:
    heard: list[tuple[str, str]] = []

    def listen(sender: Any, *, verb: str, subject: Member, **news: Any) -> None:
        heard.append((verb, str(subject)))
        if verb == "deactivate":
            raise ActionError("不行")

    changed.connect(listen)
    try:
        registered(corps)
        with pytest.raises(ActionError, match="不行"):
            actions.deactivate(BY, one("新人"), on=TODAY, reason="转出")
    finally:
        changed.disconnect(listen)
    assert heard == [("register", "新人"), ("deactivate", "新人")]
    assert one("新人").active, "a receiver that refuses undoes the act"

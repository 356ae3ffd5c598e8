"""The record itself: register, correct, take off the register. Each function is one transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from accounts.actions import create_person, set_numbers, update_person
from accounts.queries import person_by_id_number
from accounts.rules import tidy_name
from core import clock
from core.decisions import ActionError, StaleRecord, require
from core.periods import Period, add_months
from members.actions import ground
from members.choices import IN_PARTY, Precision
from members.models import Member, Membership, Standing
from members.permissions import can_edit, can_manage, can_register
from regulations import queries as regulations

if TYPE_CHECKING:
    from accounts.models import Person
    from branches.models import Organization
    from core.actor import Actor

DETAILS = (
    "category",
    "rank",
    "duty",
    "ethnicity",
    "native_place",
    "education",
    "worked_from",
    "worked_precision",
    "joined_on",
    "joined_precision",
    "full_on",
    "full_precision",
    "note",
)
"""Fields of a member that are plain details; branch, group and stage have actions of their own."""

TAKEN = "这条记录刚才已被他人修改，请刷新后重新填写。"


@transaction.atomic
def register(
    by: Actor,
    *,
    person: Person,
    organization: Organization,
    stage: str,
    since: date,
    group: Organization | None = None,
    **details: Any,
) -> Member:
    """Put ``person`` on the register of a branch from the day ``since``; ``details`` as in ``DETAILS``.

    A person who was on the register before comes back with the old history kept.
    """
    require(can_register(by, organization))
    ground.check_branch(organization)
    ground.check_group(group, organization.pk)
    ground.check_past(since, "since")
    old = Member.objects.select_for_update().filter(person=person).first()
    if old is not None and old.active:
        raise ActionError("此人已在册，请办理组织关系转接。", field="id_number")
    if Membership.objects.filter(person=person, until__gt=since).exists():
        raise ActionError("日期不能早于上一次在册的结束日期。", field="since")
    member = old or Member(person=person)
    member.organization, member.group, member.stage, member.active = organization, group, stage, True
    _set(member, details)
    check_dates(member)
    member.save()
    Membership.objects.create(
        person=person, organization=organization, group=group, since=since, reason="登记"
    )
    known = (member.joined_on, member.joined_precision), (member.full_on, member.full_precision)
    rows = ground.steps(stage, since, *known)
    if Standing.objects.filter(person=person).exists():
        rows = ground.steps(stage, since)
    Standing.objects.bulk_create(ground.standings(person.pk, rows))
    after = {"stage": member.get_stage_display(), "organization": organization, "since": since}
    ground.tell(by, "register", "登记党员", member, since, after=after)
    return member


@transaction.atomic
def enroll(
    by: Actor,
    *,
    name: str,
    id_number: str,
    organization: Organization,
    stage: str,
    since: date,
    phone: str = "",
    **details: Any,
) -> Member:
    """Register somebody by name and identity number; a person known under that number is not made twice."""
    require(can_register(by, organization))
    person = person_by_id_number(id_number)
    if person is None:
        person = create_person(by, name=name, id_number=id_number, phone=phone)
    elif person.name != tidy_name(name):
        raise ActionError("该公民身份号码已登记在另一姓名之下，请核对号码和姓名。", field="id_number")
    elif phone:
        set_numbers(by, person, phone=phone)
    return register(by, person=person, organization=organization, stage=stage, since=since, **details)


@transaction.atomic
def correct(
    by: Actor,
    member: Member,
    *,
    version: int,
    name: str,
    phone: str = "",
    id_number: str = "",
    reason: str = "",
    **details: Any,
) -> Member:
    """Correct a member together with name and numbers of the person; empty numbers stay as they are.

    The identity number is corrected only by a political office.
    """
    fresh = ground.locked(member)
    require(can_edit(by, fresh))
    if fresh.version != version:
        raise StaleRecord(TAKEN)
    if id_number:
        require(can_manage(by, fresh, "update"))
    fresh = update_member(by, fresh, version=version, reason=reason, **details)
    if name != fresh.person.name:
        update_person(by, fresh.person, name=name)
    if id_number or phone:
        set_numbers(by, fresh.person, phone=phone or None, id_number=id_number or None)
    if name != fresh.person.name or id_number or phone:
        Member.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    return fresh


@transaction.atomic
def update_member(by: Actor, member: Member, *, version: int, reason: str = "", **changes: Any) -> Member:
    """Correct details; ``version`` is the one that was read, else StaleRecord and nothing is written.

    A corrected 入党/转正 date moves the dated stages with it.
    """
    fresh = ground.locked(member)
    require(can_edit(by, fresh))
    before = {name: getattr(fresh, name) for name in DETAILS}
    _set(fresh, changes)
    check_dates(fresh)
    after = {name: getattr(fresh, name) for name in DETAILS if getattr(fresh, name) != before[name]}
    if not after:
        return fresh
    taken = Member.objects.filter(pk=fresh.pk, version=version).update(version=F("version") + 1, **after)
    if not taken:
        raise StaleRecord(TAKEN)
    fresh.version = version + 1
    if after.keys() & {"joined_on", "joined_precision", "full_on", "full_precision"}:
        redate(fresh)
    ground.tell(
        by,
        "update",
        "修改党员信息",
        fresh,
        clock.today(),
        before={name: before[name] for name in after},
        after=after,
        reason=reason,
    )
    return fresh


@transaction.atomic
def deactivate(by: Actor, member: Member, *, on: date, reason: str) -> Member:
    """Take off the register from the day ``on`` (moved out of the portal, left the party, died)."""
    fresh = ground.locked(member)
    require(can_manage(by, fresh, "deactivate"))
    ground.check_past(on, "on")
    for rows in (Membership.objects, Standing.objects):
        opened = rows.filter(person_id=fresh.person_id, until__isnull=True)
        if opened.filter(since__gt=on).exists():
            raise ActionError("日期不能早于最近一次变动的日期。", field="on")
        opened.update(until=on)
    ground.end_exemptions(fresh, on)
    ground.end_stays(fresh, on)
    Member.objects.filter(pk=fresh.pk).update(active=False, version=F("version") + 1)
    fresh.refresh_from_db(fields=["active", "version"])
    ground.tell(by, "deactivate", "停止在册", fresh, on, after={"on": on}, reason=reason)
    return fresh


def check_dates(member: Member) -> None:
    """Ranks and dates that cannot be: raises ActionError on the field in question."""
    ground.check_rank(member.category, member.rank)
    for field in ("worked_from", "joined_on", "full_on"):
        day = getattr(member, field)
        if day:
            ground.check_past(day, field)
    joined, full, born = member.joined_on, member.full_on, member.person.born_on
    if joined and full and full < joined:
        raise ActionError("转正时间不能早于入党时间。", field="full_on")
    age = regulations.parameter("DP-01.age", clock.today()).count
    if joined and born and latest(joined, member.joined_precision) < add_months(born, age * 12):
        raise ActionError(f"入党时未满 {age} 周岁，请核对入党时间。", field="joined_on")


def latest(day: date, precision: str) -> date:
    """The last day that a date of this precision may mean."""
    return Period.containing("month", day).end if precision == Precision.MONTH else day


def redate(member: Member) -> None:
    """Move the dated stages to the corrected dates."""
    if member.stage not in IN_PARTY:
        return
    opened = Standing.objects.get(person_id=member.person_id, until__isnull=True)
    joined = member.joined_on, member.joined_precision
    full = member.full_on, member.full_precision
    ground.relay({member.person_id: ground.steps(member.stage, opened.since, joined, full)})


def _set(member: Member, details: dict[str, Any]) -> None:
    """Set details; anything else is a mistake of the caller."""
    if not details.keys() <= set(DETAILS):
        raise TypeError(f"not details: {details.keys() - set(DETAILS)}")
    for name, value in details.items():
        setattr(member, name, value)

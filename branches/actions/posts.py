"""Terms, posts and local values. Each function is one transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from branches.actions.ground import current, tell
from branches.choices import Office
from branches.models import Appointment, LocalValue, Organization, Term
from branches.permissions import can_appoint_person, can_edit, can_end
from branches.rules.values import refusal
from core.decisions import ActionError, StaleRecord, require
from core.periods import add_months
from regulations import queries as regulations
from regulations.actions import same_form

if TYPE_CHECKING:
    from accounts.models import Person
    from core.actor import Actor
    from regulations.rules import Parameter


@transaction.atomic
def start_term(
    by: Actor,
    organization: Organization,
    *,
    started_on: date,
    years: int,
    number: int | None = None,
    approval: str = "",
) -> Term:
    """Begin a term of ``years`` calendar years; without ``number`` it follows the last one."""
    organization = current(organization)
    require(can_edit(by, organization, "start_term"))
    last = organization.terms.order_by("-number").first()
    number = number or (last.number + 1 if last else 1)
    if last and number <= last.number:
        raise ActionError(f"第 {number} 届已登记，请填写下一届次。", field="number")
    if last and started_on <= last.started_on:
        raise ActionError("产生日期应晚于上一届的产生日期。", field="started_on")
    term = Term.objects.create(
        organization=organization,
        number=number,
        started_on=started_on,
        years=years,
        ends_on=add_months(started_on, years * 12),
        approval=approval,
    )
    after = {"number": number, "started_on": started_on, "years": years, "ends_on": term.ends_on}
    tell(by, "start_term", "登记届次", organization, term, started_on, after=after)
    return term


@transaction.atomic
def appoint(
    by: Actor,
    organization: Organization,
    *,
    person: Person,
    office: str,
    since: date,
    division: str = "",
    approval: str = "",
) -> Appointment:
    """Give ``person`` the ``office`` in ``organization`` from the day ``since``."""
    organization = current(organization)
    require(can_appoint_person(by, organization, person.pk, office))
    open_posts = organization.appointments.filter(until__isnull=True)
    if open_posts.filter(person=person, office=office).exists():
        raise ActionError(f"{person.name}已担任这一职务。", field="person")
    if office == Office.SECRETARY and open_posts.filter(office=office).exists():
        raise ActionError("现任书记尚未免职，请先办理免职。", field="office")
    post = Appointment.objects.create(
        organization=organization,
        person=person,
        office=office,
        since=since,
        division=division,
        approval=approval,
    )
    after = {"person": person.name, "office": post.get_office_display(), "since": since}
    tell(by, "appoint", "任职", organization, post, since, after=after)
    return post


@transaction.atomic
def end_appointment(by: Actor, appointment: Appointment, *, until: date, reason: str = "") -> Appointment:
    """End a post; ``until`` is the first day on which it is no longer held."""
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("organization__parent", "person")
        .get(pk=appointment.pk)
    )
    require(can_end(by, appointment))
    if until < appointment.since:
        raise ActionError("免职日期不能早于任职日期。", field="until")
    ended = Appointment.objects.filter(pk=appointment.pk, until__isnull=True).update(until=until)
    if not ended:
        raise StaleRecord("这一职务已经免去，请刷新页面核对。")
    appointment.until = until
    after = {"person": appointment.person.name, "until": until}
    tell(
        by,
        "end_appointment",
        "免职",
        appointment.organization,
        appointment,
        until,
        after=after,
        reason=reason,
    )
    return appointment


@transaction.atomic
def set_local_value(
    by: Actor, organization: Organization, *, code: str, value: Any, since: date, reason: str
) -> LocalValue:
    """Override the parameter ``code`` for the subtree from ``since``; the old value ends the day before.

    A hard number only becomes stricter (``rules.values``); the refusal quotes the clause.
    """
    organization = current(organization)
    require(can_edit(by, organization, "set_local_value"))
    if not reason.strip():
        raise ActionError("请写明依据。", field="reason")
    common = _admitted(code, value, since)
    rows = LocalValue.objects.filter(organization=organization, code=code)
    if rows.filter(since__gte=since).exists():
        raise ActionError("已有同日或更晚起用的规定，请选择更晚的日期。", field="since")
    rows.filter(until__isnull=True).update(until=since - timedelta(days=1))
    row = LocalValue.objects.create(
        organization=organization, code=code, value=value, since=since, reason=reason[:200]
    )
    tell(
        by,
        "set_local_value",
        "设定本级规定",
        organization,
        row,
        since,
        before={code: common.value},
        after={code: value},
        reason=reason,
    )
    return row


def _admitted(code: str, value: Any, since: date) -> Parameter:
    """The common parameter that ``value`` may replace from ``since`` on; ActionError otherwise."""
    try:
        clause, common = regulations.clause_of(code, since)
    except KeyError as error:
        raise ActionError("没有这个参数，请从参数清单中选择。", field="code") from error
    if not same_form(value, common.value):
        raise ActionError("本级规定的值与通用值的形式不同，请按通用值的写法填写。", field="value")
    why_not = refusal(clause, code.partition(".")[2], value)
    if why_not:
        raise ActionError(why_not, field="value")
    return common

"""Who holds which post: rights, committees, and the posts of one organisation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from branches.choices import COMMITTEE_OFFICES, Office
from branches.models import Appointment, Organization

if TYPE_CHECKING:
    from accounts.models import User


def holds(user: User | None, organization: Organization, offices: tuple[Office, ...]) -> bool:
    """Whether ``user`` holds one of ``offices`` in ``organization`` itself today."""
    if user is None or user.admin_role or user.person_id is None:
        return False
    return Appointment.objects.of(user).filter(organization=organization, office__in=offices).exists()


def holds_above(user: User | None, organization: Organization, offices: tuple[Office, ...]) -> bool:
    """Whether ``user`` holds one of ``offices`` in ``organization`` or in one above it today."""
    if user is None or user.admin_role or user.person_id is None:
        return False
    line = [*organization.ancestor_ids, organization.pk]
    return Appointment.objects.of(user).filter(organization__in=line, office__in=offices).exists()


def committee_on(organization: Organization, day: date) -> list[Appointment]:
    """The members of the committee on ``day``, secretary first."""
    order = {office: number for number, office in enumerate(COMMITTEE_OFFICES)}
    rows = (
        Appointment.objects.filter(organization=organization, office__in=COMMITTEE_OFFICES)
        .on(day)
        .select_related("person")
    )
    return sorted(rows, key=lambda a: (order[Office(a.office)], a.pk))


def secretary_on(organization: Organization, day: date) -> Appointment | None:
    """The secretary on ``day``, if there is one."""
    return next((a for a in committee_on(organization, day) if a.office == Office.SECRETARY), None)


def posts_of(organization: Organization, day: date) -> tuple[list[Appointment], list[Appointment]]:
    """Posts not over on ``day``, in the order of the offices, and the former ones, newest first."""
    order = {office.value: number for number, office in enumerate(Office)}
    rows = organization.appointments.select_related("person").order_by("-since", "-pk")
    held = [row for row in rows if row.until is None or row.until > day]
    former = [row for row in rows if row.until is not None and row.until <= day]
    return sorted(held, key=lambda row: (order[row.office], row.since)), former

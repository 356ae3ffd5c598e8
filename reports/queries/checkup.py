"""支部体检: what the rules say of an organisation as the portal knows it today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from branches.checkup import check_organization
from branches.choices import Kind, Office
from branches.queries import book
from branches.rules.facts import Secretary, Standing
from core import clock
from regulations.choices import Level
from regulations.facts import UNKNOWN

if TYPE_CHECKING:
    from branches.models import Appointment, Organization, Term
    from regulations.rules import Finding


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are today."""

    full: int
    probationary: int
    groups: int


def findings(
    organization: Organization, size: Size, committee: list[Appointment], term: Term | None
) -> list[Finding]:
    """Findings on size, committee, term and secretary of a branch; facts the portal has not are no finding."""
    if organization.kind != Kind.BRANCH:
        return []
    record = standing(organization, size, committee, term)
    found = check_organization(record, clock.today(), book(organization))
    return [each for each in found if each.level != Level.NOTE]


def standing(
    organization: Organization, size: Size, committee: list[Appointment], term: Term | None
) -> Standing:
    """The facts as the check-up takes them; a branch without a committee has no members of one."""
    head = next((post for post in committee if post.office == Office.SECRETARY), None)
    people = {post.person_id for post in committee}
    return Standing(
        kind="branch",
        full_members=size.full,
        probationary=size.probationary,
        committee_members=len(people) if len(people) > 1 else 0,
        has_secretary=head is not None,
        deputies=sum(post.office == Office.DEPUTY_SECRETARY for post in committee),
        term_started=term.started_on if term else UNKNOWN,
        term_years=term.years if term else UNKNOWN,
        temporary=organization.temporary,
        groups=size.groups,
        secretary=Secretary(appointed_on=head.since) if head else None,
    )

"""Reads that gather several rooms: cycles, home, organisation page, person page, search."""

from reports.queries.cycles import (
    collect,
    counts_before,
    figures,
    freeze_day,
    frozen,
    issuing_committees,
    now_and_then,
)
from reports.queries.home import Brief, brief
from reports.queries.organization import OrganizationPage, organization_page
from reports.queries.people import PersonPage, person_page, search

__all__ = [
    "Brief",
    "OrganizationPage",
    "PersonPage",
    "brief",
    "collect",
    "counts_before",
    "figures",
    "freeze_day",
    "frozen",
    "issuing_committees",
    "now_and_then",
    "organization_page",
    "person_page",
    "search",
]

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
from reports.queries.grants import STATES, grant_page, grants, holders, in_state, state_of
from reports.queries.home import Brief, brief
from reports.queries.organization import OrganizationPage, organization_page
from reports.queries.people import PersonPage, person_page, search

__all__ = [
    "STATES",
    "Brief",
    "OrganizationPage",
    "PersonPage",
    "brief",
    "collect",
    "counts_before",
    "figures",
    "freeze_day",
    "frozen",
    "grant_page",
    "grants",
    "holders",
    "in_state",
    "issuing_committees",
    "now_and_then",
    "organization_page",
    "person_page",
    "search",
    "state_of",
]

"""The check-up of an admission case, an appraisal, dues, a transfer: every rule over a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from core.queries import working_calendar
from core.workdays import Calendar, official_calendar
from members.rules import (
    appraisal,
    candidacy_admission,
    candidacy_dates,
    candidacy_early,
    candidacy_probation,
    candidacy_steps,
    candidacy_votes,
    dues,
    transfer,
)
from members.rules.candidacy import Candidacy
from members.rules.candidacy_case import Case
from regulations.facts import parse
from regulations.rules import Book, Finding, in_order

Checked = tuple[list[Finding], dict[str, Any]]
"""The findings by rule, and what was derived from the facts."""

CANDIDACY_RULES: tuple[Callable[[Case], Iterable[Finding]], ...] = (
    candidacy_steps.skipped,
    candidacy_steps.unknown,
    candidacy_steps.transition,
    candidacy_early.applicant_age,
    candidacy_early.first_talk,
    candidacy_early.activist_after_application,
    candidacy_early.contacts,
    candidacy_early.reviews,
    candidacy_early.cultivation,
    candidacy_early.agreement,
    candidacy_early.notice,
    candidacy_admission.introducers,
    candidacy_admission.political_review,
    candidacy_admission.training,
    candidacy_admission.training_valid,
    candidacy_admission.pre_review,
    candidacy_admission.to_the_meeting,
    candidacy_votes.admission_vote,
    candidacy_admission.approver,
    candidacy_admission.committee_talk,
    candidacy_admission.approval,
    candidacy_probation.oath,
    candidacy_probation.probation,
    candidacy_probation.extension,
    candidacy_probation.becoming_full,
    candidacy_votes.full_vote,
    candidacy_probation.full_approval,
    candidacy_probation.party_age,
    candidacy_probation.dues,
)
"""The rules of an admission case in the order of its steps."""


def check_candidacy(facts: Candidacy, on: date, book: Book, calendar: Calendar | None = None) -> Checked:
    """Findings on an admission case and the dates that follow, as seen on the day ``on``."""
    case = Case(facts, book, on, calendar or calendar_of(book))
    return in_order(_findings(case)), candidacy_dates.derive(case)


def _findings(case: Case) -> Iterator[Finding]:
    for rule in CANDIDACY_RULES:
        yield from rule(case)


def calendar_of(book: Book) -> Calendar:
    """The calendar from where the law comes: the database with its own days, else as shipped."""
    return working_calendar() if book.source == "database" else official_calendar()


def check_appraisal(record: appraisal.Appraisal, on: date, book: Book) -> Checked:
    """Findings on a yearly appraisal, as seen on the day ``on``."""
    law = book.on(on)
    findings = in_order(found for rule in appraisal.RULES for found in rule(record, law))
    return findings, appraisal.derive(record, law)


def check_dues(record: dues.Dues, on: date, book: Book) -> Checked:
    """Findings on the dues of one month; a payment that is late is counted up to ``on``."""
    law = book.on(on)
    findings = in_order(found for rule in dues.RULES for found in rule(record, law))
    return findings, dues.derive(record, law)


def check_transfer(record: transfer.Transfer, on: date, book: Book) -> Checked:
    """Findings on a transfer, as it stands on the day ``on``."""
    law = book.on(on)
    findings = in_order(found for rule in transfer.RULES for found in rule(record, law))
    return findings, transfer.derive(record, law)


def _candidacy(record: object, on: date, book: Book) -> Checked:
    return check_candidacy(parse(Candidacy, record), on, book)


def _appraisal(record: object, on: date, book: Book) -> Checked:
    return check_appraisal(parse(appraisal.Appraisal, record), on, book)


def _dues(record: object, on: date, book: Book) -> Checked:
    return check_dues(parse(dues.Dues, record), on, book)


def _transfer(record: object, on: date, book: Book) -> Checked:
    return check_transfer(parse(transfer.Transfer, record), on, book)


CHECKS: dict[str, Callable[[object, date, Book], Checked]] = {
    "candidacy": _candidacy,
    "appraisal": _appraisal,
    "dues": _dues,
    "transfer": _transfer,
}
"""Kind of record → parse and check; raises ``FactsError`` for facts of another form."""

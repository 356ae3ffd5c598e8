"""The check-up of an organisation and of an election: every rule over one record of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from branches.rules import elections, organization, secretary
from branches.rules.facts import Election, Secretary, Standing
from regulations.facts import UNKNOWN, Unknown, parse
from regulations.rules import Book, Finding, Law, in_order

Checked = tuple[list[Finding], dict[str, Any]]
"""The findings by rule, and what was derived from the facts."""

BRANCH_RULES: dict[str, Callable[[Standing, Law], Iterable[Finding]]] = {
    "BR-01": organization.enough_members,
    "BR-02": organization.not_too_many_members,
    "BR-03": organization.joint_branch,
    "BR-08": organization.temporary_is_approved,
    "CM-01": organization.committee_exists,
    "CM-02": organization.committee_size,
    "CM-03": organization.committee_posts,
    "CM-04": organization.small_branch,
    "CM-05": organization.odd_committee,
    "CM-06": organization.term_length,
}
"""Rules of a 党支部 only."""

TERM_RULES: dict[str, Callable[[Standing, Law], Iterable[Finding]]] = {
    "CM-10": organization.term_reminder,
    "EL-22": organization.term_overdue,
}
"""Rules of every organisation."""

SECRETARY_RULES: dict[str, Callable[[Secretary, Law], Iterable[Finding]]] = {
    "CM-12": secretary.party_age,
    "CM-14": secretary.post_training,
    "CM-15": secretary.yearly_training,
    "CM-16": secretary.yearly_report,
}
"""Rules of the secretary, where there is one."""


def check_organization(record: Standing, on: date, book: Book) -> list[Finding]:
    """Findings on the size, committee, term and secretary of an organisation on the day ``on``."""
    return in_order(_organization(record, book.on(on)))


def _organization(record: Standing, law: Law) -> Iterator[Finding]:
    for rule, check in BRANCH_RULES.items():
        if record.kind is UNKNOWN:
            yield from law.lacks(rule, "组织类别")
        elif record.kind == "branch":
            yield from check(record, law)
    for term_check in TERM_RULES.values():
        yield from term_check(record, law)
    yield from _secretary(record, law)


def _secretary(record: Standing, law: Law) -> Iterator[Finding]:
    """The rules of the secretary; nobody is asked of an organisation known to have none."""
    for rule, check in SECRETARY_RULES.items():
        if record.has_secretary is False or record.secretary is None:
            return
        if isinstance(record.secretary, Unknown):
            yield from law.lacks(rule, "书记情况")
        else:
            yield from check(record.secretary, law)


def check_election(election: Election, on: date, book: Book) -> list[Finding]:
    """Findings on an election; ``on`` is the day on which it is judged."""
    return in_order(_election(election, book.on(on)))


def _election(election: Election, law: Law) -> Iterator[Finding]:
    yield from elections.shift(election, law, "CM-11")
    yield from elections.shift(election, law, "EL-01")
    yield from elections.congress(election, law)
    yield from _candidates(election, law)
    yield from elections.quorum(election.due, election.present, law)
    yield from elections.scrutineers(election, law)
    yield from elections.proxies(election.proxy_votes, law)
    yield from elections.ballots(election, law)
    yield from elections.majorities(election, law)
    yield from elections.seats_filled(election, law)
    yield from elections.overdue(election, law)


def _candidates(election: Election, law: Law) -> Iterator[Finding]:
    """The rule on the number of candidates that fits what is elected."""
    match election.purpose:
        case "delegates":
            yield from elections.surplus(election, law, "EL-05")
        case "committee":
            yield from elections.surplus(election, law, "EL-06")
        case "secretary":
            yield from elections.equal_number(election, law)
        case Unknown.UNKNOWN:
            for rule in ("EL-05", "EL-06", "EL-08"):
                yield from law.lacks(rule, "选举的对象")


def organization_facts(record: Standing, law: Law) -> dict[str, Any]:
    """What follows from the facts of an organisation: head count, term, deadlines."""
    ends, small = organization.term_ends(record), organization.is_small(record, law)
    person = record.secretary if isinstance(record.secretary, Secretary) else Secretary()
    appointed = person.appointed_on
    return {
        "members": organization.headcount(record),
        "committee_required": None if small is None else not small,
        "term_ends": ends,
        "reminder_from": ends and organization.reminder_from(ends, law),
        "overdue": None if ends is None else law.day > ends,
        "training_deadline": secretary.training_deadline(appointed, law)
        if isinstance(appointed, date)
        else None,
    }


def election_facts(election: Election, law: Law) -> dict[str, Any]:
    """What follows from the facts of an election: numbers needed of candidates, electors, votes."""
    due, seats, ends = election.due, election.seats, election.term_ends
    quorum, majority = law.value("EL-09.quorum"), law.value("EL-18.majority")
    return {
        "candidates_needed": None if seats is UNKNOWN else _candidates_needed(election, seats, law),
        "quorum": None if due is UNKNOWN else quorum.least_of(due),
        "votes_needed": None if due is UNKNOWN else majority.least_of(due),
        "latest": elections.latest(ends, law) if isinstance(ends, date) else None,
    }


def _candidates_needed(election: Election, seats: int, law: Law) -> int:
    """As many as seats for secretary and deputy, a fifth more for the others."""
    return seats if election.purpose == "secretary" else elections.candidates_needed(seats, law)


def _checked_organization(record: object, on: date, book: Book) -> Checked:
    facts = parse(Standing, record)
    return check_organization(facts, on, book), organization_facts(facts, book.on(on))


def _checked_election(record: object, on: date, book: Book) -> Checked:
    facts = parse(Election, record)
    return check_election(facts, on, book), election_facts(facts, book.on(on))


CHECKS: dict[str, Callable[[object, date, Book], Checked]] = {
    "organization": _checked_organization,
    "election": _checked_election,
}
"""Kind of record → parse and check; raises ``FactsError`` for facts of another form."""

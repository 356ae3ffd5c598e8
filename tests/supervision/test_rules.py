from datetime import date

import pytest

from core.workdays import official_calendar
from supervision import rules
from supervision.rules import HolderFacts, Tally

DAY = date(2026, 3, 1)


def facts(**changes):
    values = {"kind": "branch", "in_use_since": date(2025, 1, 1), "members": 5, "committee": 3}
    return HolderFacts(**(values | changes))


@pytest.mark.parametrize(
    ("holder", "changes", "owed"),
    [
        ("branch", {}, True),
        ("branch", {"in_use_since": date(2026, 3, 2)}, False),
        ("branch", {"in_use_since": date(2026, 3, 1)}, True),
        ("branch", {"dissolved_on": date(2026, 3, 1)}, False),
        ("branch", {"dissolved_on": date(2026, 3, 2)}, True),
        ("branch", {"members": 0}, False),
        ("branch", {"kind": "group"}, False),
        ("branch_with_committee", {}, True),
        ("branch_with_committee", {"committee": 0}, False),
        ("group", {"kind": "group"}, True),
        ("group", {}, False),
        ("committee", {"kind": "committee"}, True),
        ("committee", {}, False),
    ],
)
def test_owes(holder, changes, owed):
    assert (rules.owes(holder, facts(**changes), DAY) == "") is owed


def test_match_takes_the_earliest_and_leaves_gaps():
    meetings = [("c", date(2026, 3, 9)), ("a", date(2026, 3, 1)), ("b", date(2026, 3, 5))]
    assert [m and m[0] for m in rules.match(meetings, 2)] == ["a", "b"]
    assert [m and m[0] for m in rules.match(meetings[:1], 3)] == ["c", None, None]
    assert rules.match([], 0) == []


@pytest.mark.parametrize(
    ("due", "today", "days"),
    [
        (date(2026, 9, 30), date(2026, 9, 30), 0),
        (date(2026, 9, 30), date(2026, 10, 9), 2),  # 国庆放假 10 月 1 日至 7 日
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 22), date(2026, 11, 23), 1),
    ],
)
def test_days_overdue_are_working_days(due, today, days):
    assert rules.days_overdue(due, today, official_calendar()) == days


def test_recorded_late_is_after_the_last_day():
    assert not rules.is_recorded_late(date(2026, 3, 31), date(2026, 3, 31))
    assert rules.is_recorded_late(date(2026, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("due", "group"),
    [(date(2026, 3, 3), "overdue"), (date(2026, 3, 4), "week"), (date(2026, 3, 9), "later")],
)
def test_urgency(due, group):
    assert rules.urgency(due, date(2026, 3, 4), date(2026, 3, 8)) == group


@pytest.mark.parametrize(
    ("tally", "status"),
    [
        (Tally(), "na"),
        (Tally(2, 2), "ok"),
        (Tally(2, 1), "part"),
        (Tally(2, 0), "todo"),
        (Tally(2, 1, 1), "bad"),
    ],
)
def test_tally_status(tally, status):
    assert tally.status == status

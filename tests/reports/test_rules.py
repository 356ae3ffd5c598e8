from datetime import date

import pytest

from core.periods import Period
from core.workdays import official_calendar
from reports import rules
from reports.rules import Count

OCTOBER = Period.parse("2026-10")


def count(name="东站", duty="theme_day", title="主题党日", owed=4, done=4, late=0, **more):
    return Count(hash(name) % 1000, name, duty, title, owed, done, late, more.pop("waived", 0), **more)


@pytest.mark.parametrize(
    ("key", "day"),
    [("2026-10", date(2026, 11, 4)), ("2026-09", date(2026, 10, 10)), ("2026Q3", date(2026, 10, 10))],
)
def test_freeze_day_is_the_third_working_day(key, day):
    # 2026 年国庆节 10 月 1 日至 7 日放假，10 月 10 日（周六）上班
    assert rules.freeze_day(Period.parse(key), 3, official_calendar()) == day


def test_overall_says_the_numbers_and_the_change():
    section = rules.overall(OCTOBER, [count(owed=10, done=9, late=1)], [count(owed=10, done=8, late=2)])
    assert "应落实组织生活10项，已落实9项，落实率90.0%" in section.facts[0]
    assert section.facts[1] == "落实率比上期提高10.0个百分点。"


def test_no_change_is_told_without_a_period_before():
    assert len(rules.overall(OCTOBER, [count()], []).facts) == 1


def test_equal_rates_are_called_equal():
    section = rules.overall(OCTOBER, [count(owed=3, done=1, late=2)], [count(owed=6, done=2, late=4)])
    assert section.facts[1] == "落实率与上期持平。"


def test_nothing_owed_gives_no_rate():
    assert rules.rate(0, 0) == "—"


def test_problems_name_units_and_duties_only_where_late():
    assert "没有逾期" in rules.problems([count()]).facts[0]
    late = rules.problems([count(done=3, late=1), count("西站")])
    assert late.facts == ("东站：主题党日1项逾期未落实。",)


def test_by_unit_keeps_the_given_order_and_sums():
    section = rules.by_unit([count("乙站", done=1, late=3), count("甲站")])
    assert [row[0] for row in section.table["rows"]] == ["乙站", "甲站"]
    assert section.table["total"] == ["合计", "8", "5", "3", "0", "62.5%"]


def test_draft_has_the_five_parts_of_a_bulletin_and_the_units():
    keys = [section.key for section in rules.draft(OCTOBER, [count()], [])]
    assert keys == ["overall", "duties", "units", "problems", "practice", "next"]

from datetime import date
from decimal import Decimal

import pytest

from assessments import actions, queries, rules
from assessments.models import Indicator, Scheme, Score
from assessments.rules import Fact
from core import clock
from core.actor import system
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.periods import Period
from supervision import actions as duties
from tests.corps import hold, moment


@pytest.mark.parametrize(
    ("part", "whole", "points"),
    [(3, 4, "7.50"), (1, 3, "3.33"), (2, 3, "6.67"), (0, 5, "0.00"), (0, 0, None)],
)
def test_points(part, whole, points):
    given = rules.points_for(Fact(part, whole), Decimal(10))
    assert given == (Decimal(points) if points else None)


def test_an_open_indicator_is_neither_zero_nor_full():
    total = rules.total([(Decimal(8), Decimal(10)), (None, Decimal(90))])
    assert (total.points, total.of, total.open, total.complete) == (8, 10, 1, False)
    assert total.percent == Decimal("80.00")
    assert rules.total([(None, Decimal(5))]).percent is None


@pytest.fixture
def round_(corps):
    with clock.at(moment(date(2026, 3, 2))):
        duties.generate(system("待办生成"), date(2026, 3, 2))
    hold(corps, "committee_meeting", date(2026, 3, 10))
    with clock.at(moment(date(2026, 4, 1))):
        yield actions.open_round(
            corps.actor("politics"), corps.alpha, Scheme.objects.get(), Period.parse("2026Q1")
        )


@pytest.mark.django_db
@pytest.mark.both
class TestRound:
    def test_automatic_indicators_come_with_their_rows(self, corps, round_):
        score = Score.objects.get(round=round_, indicator__code="A1")
        assert (score.numerator, score.denominator) == (1, 4)
        assert score.points == Decimal("7.50")
        assert len(score.rows) == 4
        assert queries.round_total(round_).open > 0

    def test_opening_twice_is_one_round(self, corps, round_):
        again = actions.open_round(
            corps.actor("politics"), corps.alpha, Scheme.objects.get(), Period.parse("2026Q1")
        )
        assert again == round_

    def test_nobody_scores_the_own_unit(self, corps, round_):
        manual = Indicator.objects.get(code="B1")
        with pytest.raises(NotAllowed):
            actions.score(corps.actor("secretary"), round_, manual, Decimal(5), "好", round_.version)
        with pytest.raises(NotAllowed, match="系统按事实"):
            actions.score(
                corps.actor("politics"),
                round_,
                Indicator.objects.get(code="A1"),
                Decimal(5),
                "好",
                round_.version,
            )

    def test_scores_have_limits_reasons_and_versions(self, corps, round_):
        by, manual = corps.actor("politics"), Indicator.objects.get(code="B1")
        with pytest.raises(ActionError, match="得分应在"):
            actions.score(by, round_, manual, Decimal("15.01"), "", round_.version)
        with pytest.raises(ActionError, match="写明理由"):
            actions.score(by, round_, manual, Decimal(14), " ", round_.version)
        stale = round_.version
        actions.score(by, round_, manual, Decimal(14), "议题较具体", stale)
        with pytest.raises(StaleRecord):
            actions.score(by, round_, manual, Decimal(13), "另一看法", stale)

    def test_review_needs_every_manual_score_and_falls_with_an_edit(self, corps, round_):
        by = corps.actor("politics")
        with pytest.raises(NotAllowed, match="没有评分"):
            actions.review_round(by, round_)
        for code in ("B1", "B2"):
            indicator = Indicator.objects.get(code=code)
            actions.score(by, round_, indicator, indicator.points, "", round_.version)
        actions.review_round(by, round_)
        assert round_.state == "reviewed"
        actions.count_again(by, round_)
        assert round_.state == "open"

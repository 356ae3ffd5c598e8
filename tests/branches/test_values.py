"""Local values: a hard number may only become stricter, the clause is quoted; soft ones take a reason."""

from __future__ import annotations

from datetime import date

import pytest

from branches import actions
from branches.models import LocalValue
from branches.rules.values import THRESHOLDS, bound, refusal
from core import clock
from core.decisions import ActionError
from core.views import new_token
from regulations.queries import clause_of, shipped_book
from tests.corps import Corps, moment

TODAY = date(2026, 6, 10)
LAW = shipped_book()


def answer(code: str, value: object) -> str:
    rule, _, name = code.partition(".")
    return refusal(LAW.clause(rule, TODAY), name, value)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("MT-02.quorum", "2/3"),  # at least: more
        ("MT-02.quorum", "1/2"),  # the same
        ("MT-03.majority", "0.6"),  # more than: more
        ("BR-01.full_members", 5),
        ("DP-03.months", 0),  # at most: sooner
        ("CM-04.deputies", 0),
        ("MT-12.period", "half"),  # more often
        ("MT-01.times", 0),  # soft: free
        ("MT-01.period", "year"),
        ("MT-10.times", 2),
        ("BR-10.topics", ["elect"]),  # soft list
        ("HS-02.undo_hours", 48),  # the portal's own
    ],
)
def test_stricter_or_soft_is_allowed(code: str, value: object) -> None:
    assert answer(code, value) == ""


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("MT-02.quorum", "1/3", "不能低于 1/2"),
        ("MT-03.majority", "2/5", "不能低于 1/2"),
        ("BR-01.full_members", 2, "不能低于 3"),
        ("DP-03.months", 2, "不能高于 1"),
        ("MT-13.times", 0, "不能低于 1"),
        ("MT-13.period", "quarter", "不能另作规定"),  # already the shortest
        ("MT-12.period", "month-ish", "只能缩短周期"),
        ("DP-10.introducers", 3, "不能另作规定"),  # exactly two
        ("EL-18.base", "present", "不能另作规定"),
        ("MT-04.topics", ["elect"], "不能另作规定"),  # a list
        ("MT-04.topics", ["elect", "report"], "不能另作规定"),
        ("CM-01.full_members", 10, "不能另作规定"),  # thresholds, either way
        ("CM-01.full_members", 3, "不能另作规定"),
        ("DU-08.months", 3, "不能另作规定"),
    ],
)
def test_looser_than_a_hard_number_is_refused_with_the_clause(code: str, value: object, words: str) -> None:
    clause = LAW.clause(code.partition(".")[0], TODAY)
    said = answer(code, value)
    assert words in said
    assert clause.citation in said
    assert clause.text in said


def test_every_threshold_is_a_parameter_and_every_hard_one_has_a_bound() -> None:
    for code in THRESHOLDS:
        rule, _, name = code.partition(".")
        assert bound(LAW.clause(rule, TODAY), name) == "本级不能另作规定"
    assert bound(LAW.clause("MT-01", TODAY), "times") == "本级可以另作规定，须写明依据"


@pytest.mark.django_db
@pytest.mark.both
def test_the_action_refuses_and_writes_nothing(corps: Corps) -> None:
    by = corps.actor("politics")
    with clock.at(moment(TODAY)):
        for code, value, reason, words in (
            ("MT-02.quorum", "1/3", "人少", "第十一条"),
            ("MT-10.times", 2, " ", "请写明依据"),
        ):
            with pytest.raises(ActionError, match=words):
                actions.set_local_value(
                    by, corps.detachment, code=code, value=value, since=TODAY, reason=reason
                )
        assert not LocalValue.objects.exists()
        for code, value in (("MT-02.quorum", "2/3"), ("MT-10.times", 2)):
            actions.set_local_value(by, corps.detachment, code=code, value=value, since=TODAY, reason="试行")
        assert LocalValue.objects.count() == 2


@pytest.mark.django_db
def test_the_common_value_of_the_day_decides(corps: Corps) -> None:
    """A clause is asked for in the version in force on the day from which the local value holds."""
    old, new = clause_of("DP-19.majority", date(2026, 5, 17)), clause_of("DP-19.majority", TODAY)
    assert old[0].citation != new[0].citation
    with clock.at(moment(TODAY)), pytest.raises(ActionError) as error:
        actions.set_local_value(
            corps.actor("politics"),
            corps.detachment,
            code="DP-19.majority",
            value="1/3",
            since=TODAY,
            reason="x",
        )
    assert new[0].citation in str(error.value)


@pytest.mark.django_db
def test_the_page_says_how_far_and_quotes_the_clause(corps: Corps, sign_in: object) -> None:
    client = sign_in(corps.users["politics"])  # type: ignore[operator]
    url = f"/organizations/{corps.battalion.pk}/values/MT-02.quorum/"
    with clock.at(moment(TODAY)):
        assert "本级规定只能更严，不能低于 1/2" in client.get(url).content.decode()
        fields = {"token": new_token(), "value": "1/3", "since": TODAY.isoformat(), "reason": "人少"}
        refused = client.post(url, fields)
    assert refused.status_code == 422
    assert "党员的半数以上" in refused.content.decode()
    assert not LocalValue.objects.exists()

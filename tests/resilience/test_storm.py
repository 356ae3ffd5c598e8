"""A small night under kill -9; at full size it is ``python -m tests.resilience`` (goals C-1, C-2, C-3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.resilience import ledger, storm
from tests.resilience.site import Server, servers

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]
BRANCHES = 500
ONE_OF_EACH = {"workers": 1, "child": 1, "redis": 1, "postgres": 1}
SPOIL = (
    "DELETE FROM supervision_occurrence WHERE id = (SELECT max(id) FROM supervision_occurrence)",
    "UPDATE core_notice SET user_id = (SELECT min(id) FROM accounts_user) "
    "WHERE id = (SELECT max(id) FROM core_notice)",
)
"""So that an empty list of complaints means something."""
BY_HAND = "import django; django.setup(); from tests.resilience.night import by_hand; by_hand()"
PAUSE = 0.5  # seconds: so small a night is soon over


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Server, Server]]:
    with servers() as pair:
        yield pair


@pytest.fixture(scope="module")
def ground(pair: tuple[Server, Server], tmp_path_factory: pytest.TempPathFactory) -> storm.Ground:
    made = storm.Ground(*pair, tmp_path_factory.mktemp("storm"))
    made.seed(BRANCHES)
    return made


@pytest.fixture(scope="module")
def quiet(ground: storm.Ground) -> str:
    """The digest of a night in one process without any fault; and what the ledger says of a spoilt one."""
    with ground.site("quiet") as site:
        url = site.variables["DATABASE_URL"]
        assert "duties: 1949 lost, 0 doubled" in ledger.audit(url)[1]
        site.run("-c", BY_HAND)
        assert ledger.audit(url)[1] == []
        whole = ledger.digest(url)
        for statement in SPOIL:
            ledger.ask(url, statement)
        complaints = ledger.audit(url)[1]
        assert "duties: 1 lost, 0 doubled" in complaints
        assert "notices: 1 lost, 1 doubled" in complaints
        assert ledger.digest(url) != whole
    return whole


def test_nothing_is_lost_or_doubled_under_kill_9(ground: storm.Ground, quiet: str) -> None:
    result = storm.storm(ground, seed=3, pause=PAUSE, times=ONE_OF_EACH)
    assert result.complaints == []
    assert result.kills == len(ONE_OF_EACH)
    assert result.digest == quiet
    assert result.duties.found == result.duties.expected > 3 * BRANCHES


def test_two_beats_and_a_second_time_change_nothing(ground: storm.Ground, quiet: str) -> None:
    results = storm.again(ground, times=2)
    assert [result.complaints for result in results] == [[], [], []]
    assert {result.digest for result in results} == {quiet}


def test_an_emptied_broker_is_made_good_by_the_sweep(ground: storm.Ground) -> None:
    assert storm.emptied(ground).complaints == []

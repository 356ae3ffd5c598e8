"""A small night under kill -9; at full size it is ``python -m tests.resilience`` (goals C-1, C-2, C-3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.resilience import ledger, storm
from tests.resilience.site import Server, servers

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]
BRANCHES = 500
ONE_OF_EACH = {"workers": 1, "child": 1, "redis": 1, "postgres": 1}
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


def test_nothing_is_lost_or_doubled_under_kill_9(ground: storm.Ground) -> None:
    result = storm.storm(ground, seed=3, pause=PAUSE, times=ONE_OF_EACH)
    assert result.complaints == []
    assert result.kills == len(ONE_OF_EACH)
    assert result.duties.found == result.duties.expected > 3 * BRANCHES


def test_two_beats_and_a_second_time_change_nothing(ground: storm.Ground) -> None:
    results = storm.again(ground, times=2)
    assert [result.complaints for result in results] == [[], [], []]
    assert len({result.digest for result in results}) == 1


def test_an_emptied_broker_is_made_good_by_the_sweep(ground: storm.Ground) -> None:
    assert storm.emptied(ground).complaints == []


def test_the_ledger_notices_what_is_lost_and_what_is_doubled(ground: storm.Ground) -> None:
    """So that an empty list of complaints means something."""
    with ground.site("spoilt") as site:
        url = site.variables["DATABASE_URL"]
        found = ledger.audit(url)[1]
        assert any(words.startswith("duties: ") and " 0 doubled" in words for words in found)
        night = storm.Night(ground, site)
        night.begin()
        assert night.finish("whole").complaints == []
        site.close()
        whole = ledger.digest(url)
        ledger.ask(
            url, "DELETE FROM supervision_occurrence WHERE id = (SELECT max(id) FROM supervision_occurrence)"
        )
        ledger.ask(
            url,
            "UPDATE core_notice SET user_id = (SELECT min(id) FROM accounts_user) WHERE id = "
            "(SELECT max(id) FROM core_notice)",
        )
        found = ledger.audit(url)[1]
        assert "duties: 1 lost, 0 doubled" in found
        assert "notices: 1 lost, 1 doubled" in found
        assert ledger.digest(url) != whole

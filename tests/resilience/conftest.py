"""A site of its own for each file of outages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resilience.site import Server, Site, servers


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[Server, Server]]:
    """PostgreSQL and Redis that may be taken away."""
    with servers() as pair:
        yield pair


@pytest.fixture(scope="module")
def site(outside: tuple[Server, Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web, worker and beat on them."""
    postgres, redis = outside
    folder: Path = tmp_path_factory.mktemp("site")
    made = Site(postgres.url, redis.url, folder)
    try:
        made.prepare()
        made.web()
        made.workers()
        made.until(lambda: '"ready": true' in _ready(made), 60)
        yield made
    finally:
        made.close()


def _ready(site: Site) -> str:
    from tests.resilience.site import Browser

    return Browser(site.root).get("/readyz").text

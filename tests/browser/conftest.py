"""One Chromium for all journeys, a portal with a set clock, and a page that watches itself.

Chromium comes from CHROMIUM or Debian's /usr/bin/chromium; without it these tests fail. With SCREENSHOTS=DIR
the journeys leave pictures there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from core import clock
from tests.browser.hand import Hand
from tests.browser.stage import NOW, Portal, build


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop running in this thread
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--disable-gpu", "--disable-quic", "--no-sandbox"]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def portal(live_server: Any, corps: Any, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """The portal on the morning of ``NOW``, for the threads of the server too."""
    monkeypatch.setattr(clock, "_fixed", ContextVar("fixed", default=NOW))
    return build(corps, live_server.url)


@pytest.fixture
def hand(browser: Browser, portal: Portal) -> Iterator[Callable[..., Hand]]:
    """``hand("secretary", width=390)``: a signed-in user at a page; at the end nothing may have gone wrong."""
    hands: list[Hand] = []

    def make(user: str = "", width: int = 1280, *, script: bool = True) -> Hand:
        made = Hand(browser, portal, width, script=script)
        hands.append(made)
        if user:
            made.sign_in(user)
        return made

    yield make
    for made in hands:
        made.close()
    for made in hands:
        assert not made.foreign, "requests left the own host"
        assert not made.errors, "errors in the console"

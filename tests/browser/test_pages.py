"""Every page there is: no violation of WCAG 2.2 AA that axe sees, nothing too wide or too small on a phone.

With SCREENSHOTS=DIR this leaves a picture of every page and state at 1280 and 390 px.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from core import clock
from tests.browser.hand import Hand
from tests.browser.stage import Portal
from tests.corps import moment
from tests.permissions.stage import TODAY, build
from tests.permissions.table import ROLES, ROWS

pytestmark = pytest.mark.browser

NO_PAGES = {
    "core:job",  # also asked for by htmx; its page is like the task centre
    "branches:children",
    "meetings:attachment",
    "meetings:findings",
    "meetings:minutes",
    "members:import_errors",
    "members:template",
    "reports:bulletin_file",
    "supervision:closed",
}
"""Parts of pages and downloads."""
READERS = ("politics", "secretary", "leader", "sysadmin", "secadmin", "auditadmin")
DESK, PHONE, NARROWEST = 1280, 390, 320
FURTHER = (
    ("member", "/"),
    ("sysadmin", "/"),
    ("secretary", "/"),
    ("leader", "/"),
    ("secretary", "/meetings/?q=没有这样的会议"),
    ("secretary", "/meetings/new/?kind=members_meeting"),
    ("politics", "/duties/matrix/?open=3&month=10&expand=3"),
    ("politics", "/duties/list/?due_after=nonsense"),
    ("politics", "/search/?q=东"),
    ("secretary", "/meetings/999999/"),
    ("politics", "/meetings/new/"),
)
"""Homes by role, empty lists, an open cell, a wrong filter, what does not exist, what is not allowed."""


def pages(user: str, arguments: dict[str, dict[str, Any]]) -> list[str]:
    """The pages that ``user`` is the first of READERS to open, and the further ones."""
    found = []
    for row in ROWS:
        readers = [role for role in READERS if row.get[ROLES.index(role)] == "2"]
        if ":" in row.route and row.route not in NO_PAGES and user in readers[:1]:
            found.append(reverse(row.route, kwargs=arguments[row.about]))
    return [*found, *(path for role, path in FURTHER if role == user)]


@pytest.fixture
def stage(corps: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """One record of each kind, and a clock that stands there for the threads of the server too."""
    monkeypatch.setattr(clock, "_fixed", ContextVar("fixed", default=moment(TODAY)))
    return build(corps).arguments


def signed_in(browser: Browser, portal: Portal, user: str) -> Hand:
    """A window that brings its session along."""
    made = Hand(browser, portal, DESK, script=True)
    client = Client()
    client.force_login(portal.corps.users[user], "accounts.backends.PersonBackend")
    session = client.cookies["sessionid"].value
    made.context.add_cookies([{"name": "sessionid", "value": session, "url": portal.url}])
    return made


@pytest.mark.parametrize("user", [*READERS, "member"])
def test_every_page(browser: Browser, live_server: Any, corps: Any, stage: Any, user: str) -> None:
    paths = pages(user, stage)
    assert paths
    hand = signed_in(browser, Portal(corps, live_server.url), user)
    wrong = [fault for path in paths for fault in faults(hand, user, path)]
    wrong += hand.foreign + hand.errors
    hand.close()
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong)


def faults(hand: Hand, user: str, path: str) -> list[str]:
    """What is wrong with a page on a desk and on a phone, down to the narrowest there is (WCAG 1.4.10)."""
    name = f"{user}{re.sub('[^a-z0-9]+', '-', path) if path != '/' else '-home'}".strip("-")
    hand.resize(DESK)
    hand.go(path)
    found = told(path, hand.assert_accessible)
    hand.shoot(name)
    hand.resize(PHONE)
    found += told(path, hand.assert_fits) + told(path, hand.assert_touchable)
    hand.shoot(name)
    hand.resize(NARROWEST)
    return found + told(path, hand.assert_fits)


def told(path: str, judge: Callable[[], None]) -> list[str]:
    """The complaint of an assertion as a line."""
    try:
        judge()
    except AssertionError as error:
        return [f"{path}: {error}"]
    return []


DRAWN = """(sign) => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  pen.font = "40px sans-serif";
  pen.fillText(sign, 20, 60);
  return canvas.toDataURL();
}"""


def test_chinese_is_drawn(browser: Browser) -> None:
    """Without a Chinese font every sign would be the same empty box."""
    page = browser.new_page()
    assert len({page.evaluate(DRAWN, sign) for sign in "党支部"}) == len("党支部")
    page.close()

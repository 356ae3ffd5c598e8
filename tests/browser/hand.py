"""A user's hand at a page: clicks, typed fields, what went wrong, accessibility, pictures."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

from tests.browser.stage import PASSWORD, Portal

AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
TARGET, LINK = 44, 24
"""Least heights of what a finger meets: controls, and links (WCAG 2.5.8), CSS pixels."""
EXPECTED = re.compile(r"Failed to load resource.* (40[349]|422) ")
NOTE_TYPED = """
document.addEventListener("input", (event) => {
  const box = event.target;
  if (event.isTrusted && (box.matches("textarea") || /^(text|date|time|number|search)$/.test(box.type))) {
    window.noteTyped(box.name);
  }
}, true);
"""
SPILLING = """(width) => [...document.querySelectorAll("main *")].filter((e) => {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || box.right <= width + 1 || e.closest(".visually-hidden")) return false;
    for (let up = e.parentElement; up.tagName !== "MAIN"; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return false;
    }
    return true;
  }).map((e) => `${e.outerHTML.slice(0, 90)} ${Math.round(e.getBoundingClientRect().right)}`)"""
SMALL_TARGETS = """([control, link]) => [...document.querySelectorAll(
  ".main a, .main button, .main input:not([type=hidden]), .main select, .main summary, .main textarea")]
  .filter((e) => {
    const box = e.getBoundingClientRect();
    const inText = e.closest("p, .sub, li, td, dd, .crumb, .find-li, .note") && e.matches("a:not(.btn), .link");
    const labelled = e.matches("[type=checkbox], [type=radio]");
    const away = !box.height || box.right < 0 || e.closest(".visually-hidden");
    const least = e.matches("a:not(.btn), .link") ? link : control;
    return !away && !inText && !labelled && box.height < least - 0.5;
  }).map((e) => `${e.outerHTML.slice(0, 90)} ${Math.round(e.getBoundingClientRect().height)}`)"""


class Hand:
    """One browser window; ``typed`` are the fields that were typed in, ``clicks`` counts presses."""

    def __init__(self, browser: Browser, portal: Portal, width: int, *, script: bool) -> None:
        """Open a window of ``width``; with ``script`` off pages have no JavaScript."""
        self.portal, self.width, self.script = portal, width, script
        self.context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 844},
            locale="zh-CN",
            java_script_enabled=script,
            has_touch=width < 500,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.clicks = 0
        self.typed: set[str] = set()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if script:
            self.page.expose_function("noteTyped", lambda name: self.typed.add(name))
            self.page.add_init_script(NOTE_TYPED)

    def _request(self, request: Request) -> None:
        own = urlsplit(self.portal.url).netloc
        if urlsplit(request.url).netloc not in ("", own):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.errors.append(f"{self.page.url}: {message.text}")

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    # --- doing ----------------------------------------------------------------------------------

    def sign_in(self, user: str) -> None:
        """Through the sign-in page; counting begins afterwards."""
        self.go("/accounts/login/")
        self.page.fill("[name=username]", user)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_selector("h1:not(:text('登录'))")
        self.clicks = 0
        self.typed.clear()

    def go(self, path: str) -> int:
        """Open ``path``; answers the status."""
        answer = self.page.goto(self.portal.url + path)
        assert answer is not None
        return answer.status

    def resize(self, width: int) -> None:
        """Give the window another width."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})

    def click(self, target: str | Locator) -> None:
        """Press something a user sees."""
        place = self.page.locator(target).first if isinstance(target, str) else target
        place.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        """Press the button or link called ``name``."""
        pattern = re.compile(rf"^\s*{re.escape(name)}\s*$")
        found = self.page.get_by_role("button", name=pattern).or_(self.page.get_by_role("link", name=pattern))
        self.click(found.locator("visible=true").first)

    def type(self, selector: str, text: str) -> None:
        """Type ``text`` key by key into a field."""
        self.page.locator(selector).press_sequentially(text)

    @property
    def path(self) -> str:
        """Where the window is."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """Everything that can be read in the page's main part."""
        return self.page.locator("main").inner_text()

    # --- judging ----------------------------------------------------------------------------------

    def assert_accessible(self) -> None:
        """No violation of WCAG 2.2 AA that axe can see; it waits for ever on a page without scripts."""
        assert self.script
        found = Axe().run(self.page, options=AXE).response["violations"]
        lines = [f"{v['id']}: {n['html'][:160]} {n['any'][:1]}" for v in found for n in v["nodes"]]
        assert not lines, f"{self.path}\n" + "\n".join(lines)

    def assert_fits(self) -> None:
        """Nothing is wider than the window."""
        wide: Any = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, f"{self.path} is {wide} px wide"
        spilling: Any = self.page.evaluate(SPILLING, self.width)
        assert not spilling, f"{self.path}\n" + "\n".join(spilling)

    def assert_touchable(self) -> None:
        """Controls and links are high enough for a finger; links inside a text may be as high as it."""
        small: Any = self.page.evaluate(SMALL_TARGETS, [TARGET, LINK])
        assert not small, f"{self.path}\n" + "\n".join(small)

    def screens(self) -> float:
        """How many windows high the page is."""
        high: Any = self.page.evaluate("document.documentElement.scrollHeight")
        return float(high / 844)

    def shoot(self, name: str) -> None:
        """Leave a picture of the whole page where SCREENSHOTS says."""
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        high: Any = self.page.evaluate("document.documentElement.scrollHeight")
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": self.width, "height": max(int(high), size["height"])})
        self.page.screenshot(path=f"{folder}/{name}-{self.width}.png", full_page=True)
        self.page.set_viewport_size(size)

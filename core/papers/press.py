"""WeasyPrint and what this house changes about it; imported when the first paper is printed."""

import gc
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from urllib.parse import unquote, urlsplit

from weasyprint import HTML
from weasyprint.logger import LOGGER
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.papers import justify

justify.install()

_ONE_AT_A_TIME = Lock()
"""Threads do not speed a rendering up and multiply its memory."""


class PaperFetcher(URLFetcher):
    """Opens ``data:`` addresses and files below one folder, nothing else."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds the style sheets and pictures of the papers."""
        super().__init__(timeout=2, allowed_protocols={"data", "file"}, allow_redirects=False)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content of ``url``; ValueError for an address outside the folder."""
        if url.lower().startswith("file:"):
            path = Path(unquote(urlsplit(url).path)).resolve()
            if not path.is_relative_to(self._folder):
                raise ValueError("a paper may only use files of its own folder")
        return super().fetch(url, headers)


class _Remarks(logging.Handler):
    """Keeps what WeasyPrint logs about one rendering."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def press(html: str, *, title: str, folder: Path) -> tuple[bytes, list[str]]:
    """``html`` as PDF/A-2u, always the same bytes, and WeasyPrint's remarks about it."""
    with _ONE_AT_A_TIME, _remarks() as remarks, _without_collector(), warnings.catch_warnings():
        # WeasyPrint leaves the closing of its colour profile to Python
        warnings.filterwarnings("ignore", "unclosed file.*sRGB2014", ResourceWarning)
        source = HTML(string=html, base_url=f"{folder}/", url_fetcher=PaperFetcher(folder))
        document = source.render(font_config=_fonts(), pdf_variant="pdf/a-2u")
        document.metadata.title = title
        return document.write_pdf(pdf_variant="pdf/a-2u"), remarks.lines


def subsetter_present() -> bool:
    """Whether libharfbuzz-subset was found; without it a paper takes twelve times as long."""
    return harfbuzz_subset is not None


@cache
def _fonts() -> FontConfiguration:
    """One for the process: saves time per paper and keeps the memory flat."""
    return FontConfiguration()


@contextmanager
def _remarks() -> Iterator[_Remarks]:
    handler = _Remarks()
    LOGGER.addHandler(handler)
    try:
        yield handler
    finally:
        LOGGER.removeHandler(handler)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A layout is one large living tree: the cyclic collector costs a quarter and frees nothing.

    What it leaves is still in the youngest generation; searching all others costs as much as the layout.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect(0)

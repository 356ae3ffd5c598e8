"""The phase really runs on what it promises: database, Redis and Chinese fonts."""

from __future__ import annotations

import io
import os

import pdfplumber
import pytest
import redis
import weasyprint
from django.conf import settings
from django.db import connection


@pytest.mark.both
def test_database_is_the_promised_one(db: None) -> None:
    """``DB`` names the database of the phase; a silent fall-back to SQLite would prove little."""
    assert connection.vendor == os.environ["DB"]


@pytest.mark.both
def test_redis_is_real() -> None:
    """The broker of the production size answers, and the settings use it."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.info("server")["redis_mode"] == "standalone"
    assert os.environ["REDIS_URL"] == settings.CELERY_BROKER_URL


def test_papers_get_their_fonts() -> None:
    """The four faces of official papers and the one for rare names are drawn, none is replaced."""
    faces = ("FandolFang R", "FandolKai", "FandolHei", "FandolSong", "BabelStone Han")
    lines = "".join(f"<p style='font-family:{face}'>党支部" for face in faces)
    with pdfplumber.open(io.BytesIO(weasyprint.HTML(string=lines).write_pdf())) as paper:
        used = {char["fontname"].partition("+")[2] for char in paper.pages[0].chars}
    assert len(used) == len(faces), used
    assert all(name.startswith(("Fandol", "BabelStone")) for name in used), used

"""What must hold of the tree itself: sizes, tongues, addresses."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 400  # lines
ROOMS = "config core accounts regulations branches members meetings supervision assessments reports".split()
OWN = ("*.py", "*.html", "*.js", "*.css", "run")
HAN = re.compile(r"[\u4e00-\u9fff]")


def tracked(*patterns: str) -> list[Path]:
    """Files that belong to the project, without asking git: a bare machine unpacks an archive and has none."""
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().split()} | {".git"}
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in ignored]
        places = [Path(folder, name).relative_to(ROOT).as_posix() for name in names]
        found += [ROOT / place for place in places if any(fnmatch(place, each) for each in patterns)]
    assert found
    return found


def test_no_file_is_longer_than_the_limit():
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked(*OWN)
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > LIMIT
    }
    assert not long


def test_no_template_style_or_script_names_another_host():
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]{2,}", re.I)
    found = {
        str(path.relative_to(ROOT)): hits
        for path in tracked("templates/*", "static/*")
        if path.suffix in {".html", ".css", ".js", ".svg"} and (hits := outside.findall(path.read_text()))
    }
    assert not found


def test_pages_have_no_inline_style_or_handler():
    """The Content-Security-Policy would drop them; papers are printed without one."""
    inline = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", re.I)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("templates/*.html")
        if "documents" not in path.parts and inline.search(path.read_text())
    ]
    assert not found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_the_doors_of_the_design(room):
    doors = set(
        """__init__ choices rules querysets models permissions queries actions forms documents notices tasks
        views api imports exports rollups checkup filters demo data receivers signals urls templatetags
        management apps migrations README facts""".split()
    )
    extra = {
        "core": set(
            """clock periods workdays decisions actor jobs audit chain papers crypto numbers files text pinyin
            addresses bulk sheets middleware context_processors charts paging rotation logs schema evidence""".split()
        ),
        "config": set(
            "settings celery schedule queues checks backup wsgi asgi middleware supervisor native".split()
        ),
        "accounts": set(
            "backends hashers validators lockout middleware sessions tokens half_open kept".split()
        ),
    }
    present = {path.stem for path in (ROOT / room).iterdir() if path.name != "__pycache__"}
    assert present <= doors | extra.get(room, set())


def test_rules_are_plain_python():
    """No model, no database, no clock in the rules (choices may be Django's TextChoices)."""
    for room in ROOMS:
        for path in [*(ROOT / room).glob("rules.py"), *(ROOT / room).glob("rules/*.py")]:
            assert not re.search(r"^(?:from|import) django", path.read_text(), re.M), path
            assert not re.search(r"\bclock\b", path.read_text().split('"""', 2)[-1]), path


def test_identifiers_are_english():
    """Chinese stands in texts and comments, never in names."""
    name = re.compile(r"^\s*(?:def|class)\s+\w*[\u4e00-\u9fff]", re.M)
    assert not [path for path in tracked("*.py") if name.search(path.read_text())]

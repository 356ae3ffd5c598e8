"""Forms that are pressed often and at once, and web workers that are killed while they work.

Goals C-4 (200 forms, five presses each, eight processes: exactly 200 rows) and C-7 (five workers killed:
each answer has its row, each token at most one row, no file without a row).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.resilience import clients, ledger
from tests.resilience.site import Browser, Site, below, kill

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(400)]
FORMS, PRESSES = 200, 5
DRAFTS, FILES = 25, 20  # files of one record at most
KILLS = 5
PATIENCE = 300.0
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
SIZE = 20_000
YESTERDAY = 86_400.0
MEETING = {
    "kinds": ["theme_day"],
    "held_on": "2026-10-15",
    "agenda-TOTAL_FORMS": "1",
    "agenda-INITIAL_FORMS": "0",
    "agenda-0-lines": "1",
    "agenda-0-topic": "other",
}


@pytest.fixture
def secretary(site: Site) -> Browser:
    user = Browser(site.root)
    assert user.sign_in("secretary").status == 302
    return user


def test_a_form_pressed_five_times_is_carried_out_once(site: Site, secretary: Browser) -> None:
    url = site.variables["DATABASE_URL"]
    before = ledger.one(url, "SELECT count(*) FROM meetings_meeting")
    filled = [MEETING | {"agenda-0-title": f"第{number}项"} for number in range(FORMS)]
    made = clients.forms(secretary, "/meetings/new/", filled, "/meetings/new/?kind=theme_day")
    answers = clients.press(secretary, made, PRESSES).result(PATIENCE)
    assert Counter(answer.status for answer in answers) == {303: FORMS * PRESSES}, answers[0].text
    led = defaultdict(set)
    for answer in answers:
        led[answer.token].add(answer.location)
    assert len(led) == FORMS
    assert all(len(places) == 1 for places in led.values())  # later presses land where the first did
    assert len({place for places in led.values() for place in places}) == FORMS
    assert ledger.one(url, "SELECT count(*) FROM meetings_meeting") == before + FORMS
    titles = "SELECT title, count(*) FROM meetings_agendaitem WHERE title LIKE '第%项' GROUP BY 1"
    assert dict(ledger.ask(url, titles)) == {f"第{number}项": 1 for number in range(FORMS)}


def content(number: int) -> bytes:
    return PNG + random.Random(number).randbytes(SIZE)


def attached(secretary: Browser, drafts: list[str]) -> list[clients.Form]:
    """A form with a file for each place of each draft."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = []
    for row, draft in enumerate(drafts):
        numbers = range(row * FILES, (row + 1) * FILES)
        files = [{"file": SimpleUploadedFile(f"图{n}.png", content(n), "image/png")} for n in numbers]
        made += clients.forms(secretary, f"/meetings/{draft}/attach/", files)
    random.Random(7).shuffle(made)  # else all wait for the lock of one record
    return made


def stored(site: Site) -> dict[str, bytes]:
    """Every file on disk, by its name below the folder of the files."""
    folder = Path(site.variables["DATA_DIR"]) / "files"
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_killed_workers_lose_no_answer_and_leave_no_half_file(site: Site, secretary: Browser) -> None:
    url = site.variables["DATABASE_URL"]
    drafts = site.run("-m", "tests.resilience.drafts", str(DRAFTS)).split()
    made = attached(secretary, drafts)
    crowd, killed = clients.press(secretary, made), 0
    rows = "SELECT count(*) FROM core_attachment"
    for number in range(1, KILLS + 1):
        share = number * len(made) // (KILLS + 1)
        Site.until(lambda share=share: ledger.one(url, rows) >= share or crowd.done(), PATIENCE)
        if not crowd.done():
            kill(below(site.processes["web"].pid)[-1])  # a worker with all its threads
            killed += 1
    answers = crowd.result(PATIENCE)
    assert killed == KILLS
    assert Counter(answer.status for answer in answers) == {303: len(made)}, answers[0].text
    names = (
        "SELECT f.name, count(*) FROM core_attachment a JOIN core_storedfile f ON f.id = a.file_id GROUP BY 1"
    )
    assert dict(ledger.ask(url, names)) == {f"图{number}.png": 1 for number in range(len(made))}
    tokens = dict(ledger.ask(url, "SELECT token, count(*) FROM core_formtoken GROUP BY 1"))
    assert all(tokens.get(form.token) == 1 for form in made)
    look_at_the_files(site, url)


def look_at_the_files(site: Site, url: str) -> None:
    """Each row has its whole file; what a killed worker left is gone after the night."""
    kept = dict(ledger.ask(url, "SELECT file, name FROM core_storedfile"))
    folder = Path(site.variables["DATA_DIR"]) / "files"
    for place in stored(site):
        os.utime(folder / place, (time.time() - YESTERDAY,) * 2)
    site.run("-c", "import django; django.setup(); from core.tasks import tidy; tidy()")
    there = stored(site)
    assert there.keys() == kept.keys()
    pictures = {place: name for place, name in kept.items() if name.startswith("图")}
    assert all(there[place] == content(int(name[1:-4])) for place, name in pictures.items())

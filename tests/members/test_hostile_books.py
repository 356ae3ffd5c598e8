"""C-11: no workbook breaks the portal: refused with one sentence or read line by line, within limits."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from typing import Any

import pytest

from core import clock, jobs
from core.imports import Unreadable, child
from core.imports.reader import CHILD, MAX_ROWS
from core.models import ImportBatch, Job
from members import actions
from members.imports import Report, examine
from members.models import Member
from tests.corps import Corps, moment
from tests.members.hostile_books import BOOKS, READ, Book, long
from tests.permissions.stage import TODAY

pytestmark = pytest.mark.django_db
SENTENCE = re.compile(r"[\u4e00-\u9fff“][^\n。]*[。]")
SECONDS = 2
MEMORY = 512 * 1024  # KiB


@pytest.fixture(autouse=True)
def _day() -> Any:
    with clock.at(moment(TODAY)):
        yield


def spent() -> float:
    """Processor seconds of this process and its ended children: the same on a busy machine."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def outcome(tree: Corps, content: bytes, name: str) -> Report | str:
    """The report, or the sentence that refuses the file."""
    try:
        return examine(content, name, tree.battalion)
    except Unreadable as error:
        return str(error)


@pytest.mark.parametrize("hostile", BOOKS, ids=lambda each: each.title)
def test_a_hostile_workbook_ends_well(hostile: Book, tree: Corps) -> None:
    content = hostile.make()
    begun = spent()
    found = outcome(tree, content, hostile.name)
    assert spent() - begun < SECONDS
    if isinstance(found, Report):
        assert READ in hostile.end, found.as_dict()
        assert found.entries
    else:
        assert re.search(hostile.end, found), found
        assert SENTENCE.fullmatch(found), found
    assert not Member.objects.exists()


def test_there_are_sixty() -> None:
    assert len({each.title for each in BOOKS}) == len(BOOKS) >= 60


MEASURE = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


def measured(content: bytes) -> tuple[int, int]:
    """Exit code and peak memory in KiB of the process that reads ``content``.

    A small process starts it: the peak that the system tells begins with that of the starter.
    """
    command = [sys.executable, "-I", "-c", MEASURE, sys.executable, "-I", str(CHILD), str(MAX_ROWS)]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    code, peak = map(int, done.stdout.split())
    return code, peak


@pytest.mark.parametrize("title", ["bomb", "far cell", "much text", "text beyond memory"])
def test_the_reader_stays_below_its_memory_without_the_guard(title: str) -> None:
    """The limits of the process hold by themselves, whatever the guard overlooks."""
    content = next(each for each in BOOKS if each.title == title).make()
    code, peak = measured(content)
    assert code != 0
    assert 0 < peak < MEMORY


def test_the_largest_good_roster_fits() -> None:
    code, peak = measured(long(MAX_ROWS - 1))
    assert code == 0
    assert 0 < peak < MEMORY


def test_a_reader_that_spins_is_ended() -> None:
    """The limit on processor time ends the process by a signal."""
    program = f"import runpy,sys;m=runpy.run_path({str(CHILD)!r});m['limit'](1)\nwhile True: pass"
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    assert done.returncode < 0
    assert time.monotonic() - begun < 30
    assert child.CPU <= 30


def test_an_upload_that_cannot_be_read_says_so(corps: Corps) -> None:
    """Through the job as in the browser: a batch with the sentence, no line, no person."""
    hostile = next(each for each in BOOKS if each.title == "far cell")
    before = Member.objects.count()
    by, content = corps.actor("politics"), hostile.make()
    batch = actions.upload(by, organization=corps.battalion, content=content, name=hostile.name)
    jobs.run(Job.objects.get(key__contains=str(batch.pk)).pk)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.REJECTED
    assert re.search(hostile.end, batch.message)
    assert batch.rows.count() == 0
    assert Member.objects.count() == before


def test_an_upload_that_is_refused_leaves_nothing(corps: Corps) -> None:
    hostile = next(each for each in BOOKS if each.title == "entities: laughs")
    by, content = corps.actor("politics"), hostile.make()
    with pytest.raises(Unreadable, match=hostile.end):
        actions.upload(by, organization=corps.battalion, content=content, name=hostile.name)
    assert not ImportBatch.objects.exists()
    assert not Job.objects.filter(kind="members.read_roster").exists()


@pytest.mark.parametrize("title", ["upward name", "name of 300 characters"])
def test_the_name_of_a_file_leads_nowhere(title: str, corps: Corps) -> None:
    hostile = next(each for each in BOOKS if each.title == title)
    by, content = corps.actor("politics"), hostile.make()
    batch = actions.upload(by, organization=corps.battalion, content=content, name=hostile.name)
    assert batch.file is not None
    assert ".." not in batch.file.file.name
    assert len(batch.file.name) <= 200

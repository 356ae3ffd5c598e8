"""No row without its file, no file without its row."""

from __future__ import annotations

import errno
import os
import resource
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction

from core import files, jobs
from core.models import Job, StoredFile
from core.views import once
from core.views.errors import is_full
from tests.corps import Corps

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OLD = 2 * files.FORGOTTEN.total_seconds()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def keep(corps: Corps, content: bytes = b"x") -> StoredFile:
    return files.keep(
        content, name="a.pdf", content_type="application/pdf", organization=corps.alpha, user=None
    )


def test_a_kept_file_stands_where_its_row_says(corps: Corps, folder: Path) -> None:
    row = keep(corps)
    assert names(folder) == [row.file.name]
    with StoredFile.objects.get(pk=row.pk).file.open() as stored:
        assert stored.read() == b"x"


def test_a_form_that_fails_after_the_file_leaves_neither(corps: Corps, folder: Path) -> None:
    def act() -> str:
        keep(corps)
        raise OperationalError("no space for the entry of the audit trail")

    with pytest.raises(OperationalError):
        once.carry_out(once.new_token(), corps.users["secretary"], act)
    assert names(folder) == []
    assert not StoredFile.objects.exists()


def test_a_form_that_succeeds_keeps_the_file_of_an_inner_block(corps: Corps, folder: Path) -> None:
    def act() -> str:
        with transaction.atomic(), files.undone():
            return f"/{keep(corps).pk}/"

    once.carry_out(once.new_token(), corps.users["secretary"], act)
    assert names(folder) == [StoredFile.objects.get().file.name]


def test_a_job_that_fails_in_its_effect_leaves_no_file(corps: Corps, folder: Path) -> None:
    work = jobs.Work(jobs.claim(jobs.submit("core.check_rollups", key="x").pk))

    def print_and_fail() -> None:
        with work.effect():
            keep(corps)
            raise OperationalError("gone")

    with pytest.raises(OperationalError):
        print_and_fail()
    assert names(folder) == []
    assert Job.objects.get().state == "running"


def test_a_half_written_file_is_taken_away(corps: Corps, folder: Path) -> None:
    """The system refuses the rest of the file, as on a full disk (tests/resilience fills a real one)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            keep(corps, bytes(50_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(folder) == []
    assert not StoredFile.objects.exists()


def test_the_night_takes_old_files_without_a_row_and_no_others(corps: Corps, folder: Path) -> None:
    row = keep(corps)
    month = folder / Path(row.file.name).parent
    (old, young), foreign = (
        (month / f"0000000{n}-0000-4000-8000-000000000000.pdf" for n in (1, 2)),
        month / "x.pdf",
    )
    for each in (old, young, foreign):
        each.write_bytes(b"")
    for each in (old, foreign, folder / row.file.name):
        os.utime(each, (time.time() - OLD,) * 2)
    assert files.sweep() == 1
    assert set(names(folder)) == {row.file.name, *(str(f.relative_to(folder)) for f in (young, foreign))}
    assert files.sweep() == 0


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (OperationalError("database or disk is full"), True),
        (OperationalError("database is locked"), False),
        (None, False),
    ],
)
def test_only_a_full_disk_is_a_full_disk(error: Exception | None, full: bool) -> None:
    assert is_full(error) is full

"""Exports leave nothing behind on the disk, whether they were sent, broken off or failed (G20)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Person
from core.actor import system
from core.exports import Column, download, workbook
from tests.corps import Corps

EXPORTS = 500
BY = system("测试")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Any) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def opened() -> int:
    """How many files this process holds open."""
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.django_db
@pytest.mark.both
def test_nothing_is_left_after_500_exports(corps: Corps, folder: Path) -> None:
    columns = (Column("姓名", lambda person: person.name), Column("拼音", lambda person: person.pinyin))
    held = opened()
    for number in range(EXPORTS):
        answer = download(Person.objects.order_by("pk"), columns, name="人员", by=BY)
        if number % 2:  # every other one is broken off by the reader
            assert b"".join(answer.streaming_content).startswith(b"PK")
        for close in answer._resource_closers:  # close() would end the connection of the test too
            close()
    assert (list(folder.iterdir()), opened()) == ([], held)


def test_nor_after_one_that_fails_half_way(folder: Path) -> None:
    """The rows written so far are on the disk by then."""
    held = opened()
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            workbook(range(-200, 200), (Column("商", lambda row: 1 / row),), title="除法")
    assert (list(folder.iterdir()), opened()) == ([], held)

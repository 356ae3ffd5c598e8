"""Two at once: of N only one gets through, and nothing is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from django.db import connection

from core import chain
from core.decisions import ActionError
from core.models import ChainEntry
from meetings import actions
from meetings.choices import State
from meetings.models import Meeting
from tests.meetings.world import World, committee_meeting

pytestmark = pytest.mark.both
THREADS = 6


def at_once(attempts: list[Callable[[], Any]]) -> list[Exception | None]:
    """Run all attempts at the same moment, each with its own connection; what each raised."""
    start = threading.Barrier(len(attempts))
    answers: list[Exception | None] = [None] * len(attempts)

    def work(place: int, attempt: Callable[[], Any]) -> None:
        start.wait()
        try:
            attempt()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=copy_context().run, args=(work, place, attempt))
        for place, attempt in enumerate(attempts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("organization", "group").get(pk=meeting.pk)


def only_one(answers: list[Exception | None]) -> None:
    assert answers.count(None) == 1, answers
    assert all(isinstance(each, ActionError) for each in answers if each), answers


def test_one_record_is_filed_once(real_world: World) -> None:
    by = real_world.actor("书记")
    draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
    handed = actions.submit_meeting(by, draft, 1)
    copies = [fresh(handed) for _ in range(THREADS)]
    only_one(at_once([lambda row=row: actions.file_meeting(by, row) for row in copies]))
    assert ChainEntry.objects.count() == 1
    assert fresh(handed).number.endswith("第1号")


def test_one_version_is_saved_once(real_world: World) -> None:
    by = real_world.actor("书记")
    draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
    attempts = [
        lambda place=place: actions.save_meeting(
            by, fresh(draft), committee_meeting(real_world, place=f"{place}号室"), 1
        )
        for place in range(THREADS)
    ]
    only_one(at_once(attempts))
    assert fresh(draft).version == 2
    assert draft.roll.count() == 5


def test_many_records_filed_at_once_make_one_chain(real_world: World) -> None:
    by = real_world.actor("书记")
    rows = []
    for _ in range(THREADS):
        draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
        rows.append(actions.submit_meeting(by, draft, 1))
    assert at_once([lambda row=row: actions.file_meeting(by, row) for row in rows]) == [None] * THREADS
    numbers = Meeting.objects.values_list("number", flat=True)
    assert sorted(number[-2] for number in numbers) == [str(n) for n in range(1, THREADS + 1)]
    assert chain.verify(real_world.branch.pk) is None


def test_correcting_and_voiding_exclude_each_other(real_world: World) -> None:
    by = real_world.actor("书记")
    draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
    done = actions.submit_and_file(by, draft, 1)
    attempts: list[Callable[[], Any]] = []
    for _ in range(3):
        attempts.append(lambda: actions.correct_meeting(by, fresh(done), "有误"))
        attempts.append(lambda: actions.void_meeting(by, fresh(done), "重复"))
    only_one(at_once(attempts))
    voided = fresh(done).state == State.VOIDED
    assert Meeting.objects.filter(corrects=done).count() == (0 if voided else 1)

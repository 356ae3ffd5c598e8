"""Two people about one record, over and over (C-5, C-6): nobody's saved text is lost, nothing contradictory stands.

A command of its own, ``./run test -m resilience``: some two minutes. The races of six stand in test_races.
"""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest
from django.db import connection

from core.audit import history
from core.decisions import StaleRecord
from core.models import AuditEntry, ChainEntry
from meetings import actions
from meetings.choices import State
from meetings.models import Meeting
from tests.meetings.test_races import at_once, fresh
from tests.meetings.world import World, committee_meeting

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(900)]
EDITORS, EDITS, PAIRS = 4, 200, 1000


def test_nothing_saved_is_lost_between_editors(real_world: World) -> None:
    by = real_world.actor("书记")
    draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
    saved, told = list[str](), list[str]()

    def edit(editor: int) -> None:
        for number in range(EDITS):
            seen, place = fresh(draft), f"{editor}号室第{number}次"
            try:
                actions.save_meeting(by, seen, committee_meeting(real_world, place=place), seen.version)
                saved.append(place)
            except StaleRecord:
                told.append(place)
        connection.close()

    editors = [threading.Thread(target=copy_context().run, args=(edit, n)) for n in range(EDITORS)]
    for each in editors:
        each.start()
    for each in editors:
        each.join()
    assert len(saved) + len(told) == EDITORS * EDITS
    assert told
    after = fresh(draft)
    assert after.version == 1 + len(saved)
    assert after.place in saved
    versions = AuditEntry.objects.filter(subject=draft.subject, verb="修改会议记录").order_by("pk")
    assert [row.after["修改次数"] for row in versions] == list(range(2, len(saved) + 2))
    assert history(draft)[0].after["修改次数"] == after.version


def test_contradictory_decisions_never_both_stand(real_world: World) -> None:
    by = real_world.actor("书记")
    filed, returned, handed = 0, 0, None
    for _ in range(PAIRS):
        draft = fresh(handed) if handed else None
        if draft is None or draft.state != State.DRAFT:
            draft = actions.start_meeting(by, real_world.branch, committee_meeting(real_world))
        handed = actions.submit_meeting(by, draft, draft.version)
        one, other = fresh(handed), fresh(handed)
        answers = at_once(
            [
                lambda row=one: actions.file_meeting(by, row),
                lambda row=other: actions.return_meeting(by, row, "请补充"),
            ]
        )
        assert answers.count(None) == 1, answers
        filed, returned = filed + (answers[0] is None), returned + (answers[1] is None)
    assert filed + returned == PAIRS
    assert Meeting.objects.filter(state=State.FILED).count() == ChainEntry.objects.count() == filed

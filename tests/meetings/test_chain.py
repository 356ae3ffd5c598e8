"""Editing a filed record by hand is found and named."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import Person
from core import chain
from core.models import Attachment, StoredFile
from meetings import actions
from meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingKind,
    RecordedFinding,
    Resolution,
    Vote,
)
from tests.meetings.test_attachments import PDF, upload
from tests.meetings.world import World, committee_meeting

pytestmark = pytest.mark.both


@pytest.fixture
def done(world: World, settings: Any, tmp_path: Any) -> Meeting:
    settings.MEDIA_ROOT = tmp_path
    by = world.actor("书记")
    for place in ("甲处", "乙处", "丙处"):
        draft = actions.start_meeting(by, world.branch, committee_meeting(world, place=place))
        actions.attach(by, draft, upload("会议照片.pdf", PDF))
        filed = actions.submit_and_file(by, draft, 1)
        if place == "乙处":
            middle = filed
    return middle


def broken() -> str:
    """What the command says on standard error, which names the record; it exits with 1."""
    said = StringIO()
    with pytest.raises(CommandError, match="不完整") as refusal:
        call_command("verify_chain", stderr=said)
    assert refusal.value.returncode == 1
    return said.getvalue()


def test_an_untouched_chain_holds(world: World, done: Meeting) -> None:
    said = StringIO()
    call_command("verify_chain", stdout=said)
    assert "存证完整，共 3 环存证链" in said.getvalue()


TAMPERINGS: dict[str, Any] = {
    "minutes": lambda m: Meeting.objects.filter(pk=m.pk).update(minutes="改写"),
    "place": lambda m: Meeting.objects.filter(pk=m.pk).update(place="别处"),
    "number": lambda m: Meeting.objects.filter(pk=m.pk).update(number="另一号"),
    "day": lambda m: Meeting.objects.filter(pk=m.pk).update(held_on="2026-10-01"),
    "back to draft": lambda m: Meeting.objects.filter(pk=m.pk).update(state="draft"),
    "voided by hand": lambda m: Meeting.objects.filter(pk=m.pk).update(state="voided"),
    "replaced by hand": lambda m: Meeting.objects.filter(pk=m.pk).update(replaced_by=m.pk),
    "kinds": lambda m: m.kinds.add(MeetingKind.objects.get(code="theme_day")),
    "presence": lambda m: Attendance.objects.filter(meeting=m, name="宣传").update(presence="absent"),
    "name": lambda m: Attendance.objects.filter(meeting=m, name="宣传").update(name="冒名"),
    "roll": lambda m: Attendance.objects.filter(meeting=m, name="宣传").delete(),
    "agenda": lambda m: AgendaItem.objects.filter(meeting=m).update(title="别的议题"),
    "vote": lambda m: Vote.objects.filter(item__meeting=m).update(in_favour=F("in_favour") + 1),
    "resolution": lambda m: Resolution.objects.filter(item__meeting=m).update(owner="别人"),
    "new resolution": lambda m: Resolution.objects.create(item=m.agenda.get(), text="加的"),
    "finding": lambda m: RecordedFinding.objects.create(meeting=m, rule="X", level="note"),
    "file": lambda m: Attachment.objects.filter(subject=m.subject).update(removed_at=m.filed_at),
    "file content": lambda m: StoredFile.objects.filter(attachments__subject=m.subject).update(
        digest="0" * 64
    ),
    "gone": lambda m: m.delete(),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(world: World, done: Meeting, name: str) -> None:
    subject = done.subject
    TAMPERINGS[name](done)
    assert f"第 2 环 {subject}" in broken()


def test_what_may_change_later_breaks_nothing(world: World, done: Meeting) -> None:
    Person.objects.filter(name="宣传").update(name="改名后")
    Resolution.objects.filter(item__meeting=done).update(done_on="2026-10-13", outcome="已落实")
    RecordedFinding.objects.filter(meeting=done).update(explanation="说明")
    assert chain.verify(world.branch.pk) is None


def test_taking_a_voiding_back_by_hand_is_named(world: World, done: Meeting) -> None:
    voided = actions.void_meeting(world.actor("书记"), done, "重复")
    assert chain.verify(world.branch.pk) is None
    Meeting.objects.filter(pk=voided.pk).update(state="filed")
    assert f"第 2 环 {done.subject}" in broken()

"""Two branches over three days: records with everything on them, sealed and anchored each evening."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from core import audit, clock
from core.actor import system
from core.evidence import anchors, seals
from core.models import AuditEntry, AuditSeal, ChainEntry, Sequence
from meetings import actions
from meetings.actions.content import VoteInput
from meetings.models import Meeting
from tests import corps as builder
from tests.tamper.columns import MODELS

DAYS = (date(2026, 10, 12), date(2026, 10, 13))
NOW = builder.moment(date(2026, 10, 14), 9)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RESTORED: tuple[type[Model], ...] = (*MODELS, Sequence)
Rows = dict[type[Model], list[dict[str, Any]]]


@dataclass
class World:
    """The rows as they stood on the evening of the first day, and the number of the last seal then."""

    yesterday: Rows
    sealed: int


def build() -> World:
    """What was recorded, sealed and anchored; some entries still wait."""
    corps = builder.build()
    _day(corps, DAYS[0], places=3)
    yesterday, sealed = rows(), AuditSeal.objects.count()
    _day(corps, DAYS[1], places=2)
    old = Meeting.objects.filter(state="filed").order_by("pk")
    with clock.at(builder.moment(DAYS[1], 20)):
        by = corps.actor("secretary")
        draft = actions.correct_meeting(by, old[0], "补正发言人数")
        actions.submit_and_file(by, draft, draft.version)
        actions.void_meeting(by, old[2], "重复记录")
        _evening(builder.moment(DAYS[1], 21))
    with clock.at(NOW):
        audit.record(system("测试"), "尚未封存", "尚未封存", after={"行数": 1})
    return World(yesterday, sealed)


def rows() -> Rows:
    """All rows of what is covered, and of the numbers given."""
    return {model: list(model._base_manager.values()) for model in RESTORED}


def _day(corps: builder.Corps, day: date, places: int) -> None:
    for who, organization in (("secretary", corps.alpha), ("secretary_beta", corps.beta)):
        for number in range(places):
            with clock.at(builder.moment(day, 12 + number)):
                _file(corps, who, organization, day, f"学习室{number}")
                seals.seal_all()
                anchors.anchor()
    _evening(builder.moment(day, 19))


def _file(corps: builder.Corps, who: str, organization: Any, day: date, place: str) -> None:
    by = corps.actor(who)
    kind = "committee_meeting" if place.endswith("1") and who == "secretary" else "theme_day"
    entered = builder.content(organization, kind, day, absent=2)
    entered = replace(entered, recorder_id=entered.roll[1].person_id)
    vote = VoteInput(in_favour=2)
    item = replace(entered.agenda[0], vote=vote, leader_spoke_last=True)
    two = (item, replace(item, title="研究值班安排", speakers=2))
    draft = actions.start_meeting(by, organization, replace(entered, agenda=two, place=place))
    actions.attach(by, draft, SimpleUploadedFile("方案.pdf", PDF, "application/pdf"))
    actions.submit_and_file(by, draft, draft.version)


def _evening(at: datetime) -> None:
    with clock.at(at):
        seals.seal_all()
        anchors.anchor(daily=True)


def sizes() -> dict[str, int]:
    """How many rows there are of what was recorded."""
    return {m._meta.label: m._base_manager.count() for m in (ChainEntry, AuditEntry, AuditSeal, Meeting)}

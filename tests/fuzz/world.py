"""A corps with ``§code§`` in every text of every organisation's rows, and what each role may read of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Value
from django.db.models.functions import Concat

from accounts.models import Person
from branches.actions import appoint, found
from branches.models import Appointment, LocalValue, Organization, Placement, Term
from core import clock
from core.actor import system
from core.models import Attachment, Document, ImportBatch, ImportRow, Job, StoredFile
from meetings.models import AgendaItem, Attendance, Meeting, RecordedFinding, Resolution
from members.models import Member, Membership
from reports.models import Bulletin
from supervision.models import Occurrence
from tests import corps as builder
from tests.corps import BEGIN, Corps, hold, moment
from tests.permissions.stage import Stage
from tests.permissions.stage import build as build_stage

SIGN = "§"
SELF = "本人"
"""The mark of the plain member's own rows."""
TEXTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Placement, "organization", ("reason",)),
    (Term, "organization", ("approval",)),
    (Appointment, "organization", ("division", "approval")),
    (LocalValue, "organization", ("reason",)),
    (Member, "organization", ("duty", "native_place", "note")),
    (Membership, "organization", ("reason",)),
    (
        Meeting,
        "organization",
        ("title", "place", "lecturer", "observers", "minutes", "late_reason", "void_reason"),
    ),
    (AgendaItem, "meeting__organization", ("title", "discussion")),
    (Attendance, "meeting__organization", ("name", "note")),
    (Resolution, "item__meeting__organization", ("text", "owner", "outcome")),
    (RecordedFinding, "meeting__organization", ("message", "explanation")),
    (Occurrence, "organization", ("reason",)),
    (Bulletin, "organization", ("title", "addressee", "reason")),
    (StoredFile, "organization", ("name",)),
    (Attachment, "organization", ("caption",)),
    (Document, "organization", ("title",)),
    (ImportBatch, "organization", ("message",)),
    (Job, "organization", ("title", "message")),
)
"""Tables, the way to the organisation that they belong to, and what is written in them."""
ABOVE = ("R", "D", "B")
BELOW = (*ABOVE[1:], "A1", "B1", "G1")
EVERYTHING = (*BELOW, "R", "E", "E1", SELF)
ROWS: dict[str, tuple[str, ...]] = {
    "anon": (),
    "secretary": ("A1", "G1", SELF),
    "deputy": ("A1", "G1", SELF),
    "member": (SELF,),
    "secretary_beta": ("B1",),
    **dict.fromkeys(("politics", "director", "leader", "discipline"), (*BELOW, SELF)),
    "corps_politics": EVERYTHING,
    **dict.fromkeys(("sysadmin", "secadmin", "auditadmin"), ()),
}
"""Whose rows each role may read, written down here and not asked of the portal."""
NAMES: dict[str, tuple[str, ...]] = {
    "anon": (),
    **dict.fromkeys(("secretary", "deputy", "member"), (*ABOVE, "A1", "G1")),
    "secretary_beta": (*ABOVE, "B1"),
    **dict.fromkeys(("politics", "director", "leader", "discipline"), (*BELOW, "R")),
    "corps_politics": EVERYTHING,
    **dict.fromkeys(("sysadmin", "secadmin", "auditadmin"), ()),
}
"""Which organisations each role may know by name: the own line upwards too."""
ALL = tuple(mark for code in EVERYTHING for mark in (code, f"名{code}"))
MORE: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (("sysadmin",), "accounts:", ALL),  # whose account it is
    (("auditadmin",), "accounts:audit", ALL),  # the trail names what was acted on
    (("secadmin", "auditadmin"), "reports:grant", ALL),  # who holds which post where, and on which paper
    (("secadmin", "auditadmin"), "grant-", ALL),
    (("secadmin", "auditadmin"), "get /api/v1/grants/", ALL),
    (
        ("secretary", "deputy", "member", "secretary_beta"),
        "reports:bulletin",
        ("D",),
    ),  # issued to those below
)
"""What some pages tell beyond."""


@dataclass
class World:
    """The stage, and the keys of all rows that an address may name."""

    stage: Stage
    keys: tuple[str, ...]


def row_mark(code: str) -> str:
    """The mark of a row."""
    return f"{SIGN}{code}{SIGN}"


def allowed(role: str, route: str) -> frozenset[str]:
    """The marks that ``route`` may show ``role``."""
    more = [words for who, start, words in MORE if role in who and route.startswith(start)]
    return frozenset(
        (*ROWS[role], *(f"名{code}" for code in NAMES[role]), *(word for each in more for word in each))
    )


def build() -> World:
    """Everything by the real actions, marked before papers are made and once more at the end."""
    corps = builder.build()
    with clock.at(moment(BEGIN)):
        elsewhere = _elsewhere(corps)
    _name()
    hold(corps, "committee_meeting", date(2026, 10, 14), who="secretary_e", organization=elsewhere)
    stage = build_stage(corps)
    _mark(corps)
    keys = [*Document.objects.values_list("pk", flat=True), *ImportBatch.objects.values_list("pk", flat=True)]
    keys += [*Attachment.objects.values_list("pk", flat=True), *Job.objects.values_list("pk", flat=True)]
    return World(stage, tuple(map(str, keys)))


def _elsewhere(corps: Corps) -> Organization:
    """Another detachment with a branch of its own."""
    by = system("测试")
    parent: Organization = corps.root
    for code, name, kind in (("E", "白浪支队党委", "committee"), ("E1", "港口党支部", "branch")):
        parent = found(
            by,
            code=code,
            name=name,
            short_name=name,
            kind=kind,
            parent=parent,
            founded_on=BEGIN,
            duties_from=BEGIN,
        )
    persons = [builder._member(by, f"港{n}", parent) for n in "甲乙丙丁"]
    appoint(by, parent, person=persons[0], office="secretary", since=BEGIN)
    corps.users["secretary_e"] = builder._user(by, "secretary_e", persons[0])
    return parent


def _name() -> None:
    """Mark organisations and persons; papers made afterwards carry the marks."""
    for organization in Organization.objects.all():
        mark = Value(row_mark(f"名{organization.code}"))
        Organization.objects.filter(pk=organization.pk).update(
            **{name: Concat(name, mark) for name in ("name", "short_name", "unit_name")}
        )
        members = Person.objects.filter(member__organization=organization)
        for person in members.exclude(user__username="member"):
            Person.objects.filter(pk=person.pk).update(name=person.name + row_mark(organization.code))
        # who acts for a committee is named where it acted, as the committee itself is
        for person in Person.objects.filter(appointments__organization=organization, member=None):
            Person.objects.filter(pk=person.pk).update(name=person.name + row_mark(f"名{organization.code}"))
    person = Person.objects.get(user__username="member")
    Person.objects.filter(pk=person.pk).update(name=person.name + row_mark(SELF))


def _mark(corps: Corps) -> None:
    """Mark every text of every row."""
    me = corps.users["member"].person_id
    for organization in Organization.objects.all():
        mark = Value(row_mark(organization.code))
        for model, way, names in TEXTS:
            rows: Any = model._default_manager.filter(**{way: organization})
            for name in names:
                rows.exclude(**{f"{name}__contains": SIGN}).update(**{name: Concat(name, mark)})
    own = {"duty": row_mark(SELF), "native_place": row_mark(SELF), "note": row_mark(SELF)}
    Member.objects.filter(person=me).update(**own)
    Membership.objects.filter(person=me).update(reason=row_mark(SELF))
    for row in ImportRow.objects.all():
        for field in row._meta.concrete_fields:
            if field.get_internal_type() == "JSONField":
                text = json.dumps(getattr(row, field.name), ensure_ascii=False)
                setattr(row, field.name, json.loads(text.replace("周某", "周某" + row_mark("A1"))))
        row.save()

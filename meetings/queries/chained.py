"""What the chain of an organisation holds of a meeting: content rebuilt from the live rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from core import chain
from core.models import Attachment, ChainEntry
from meetings.choices import State
from meetings.models import AgendaItem, Attendance, Meeting, RecordedFinding, Resolution, Vote

if TYPE_CHECKING:
    from django.db.models import QuerySet

KIND = "meetings.meeting"
VOIDING = "meetings.voiding"
"""The kind of the link that says that a filed record was voided (``meetings.voiding:17``)."""

CHAINED = (
    "organization_id", "group_id", "number", "edition", "corrects_id", "correction_reason",
    "title", "held_on", "starts_at", "ends_at", "place", "chair_id", "chair_post", "recorder_id",
    "lecturer", "observers", "minutes", "late_reason", "recorded_on", "created_at",
    "created_by_id", "submitted_at", "submitted_by_id", "filed_at", "filed_by_id", "due",
    "voters_due", "present", "voters_present", "excused", "absent",
)  # fmt: skip
"""Fields of a meeting that never change once it is filed."""

BESIDE = ("uuid", "left_out", "state", "replaced_by_id", "voided_at", "void_reason")
"""Fields of a meeting that are told in words of their own."""

ROLL = ("person_id", "name", "role", "presence", "excuse", "note")
ITEM = ("topic", "title", "discussion", "speakers", "leader_spoke_last")
VOTED = (
    "method", "candidates", "issued", "returned", "void", "in_favour", "against", "abstain",
    "written_in_favour", "passed",
)  # fmt: skip
"""Fields of a vote: totals only."""

FINDING = ("rule", "level", "message", "clause")
FILE = ("caption", "file__name", "file__digest")
FILE_AND_PLACE = (
    *FILE, "position", "organization_id", "file_id", "file__organization_id", "file__content_type",
    "file__size", "file__file", "file__created_at", "file__created_by_id",
)  # fmt: skip

Lines = dict[Any, list[Any]]


@chain.content(KIND)
def contents(ids: Sequence[int], form: int) -> dict[int, dict[str, Any]]:
    """The contents of filed records, read from the live rows; the same number of queries for any number.

    What may lawfully change later is left out: a resolution carried out, an explanation of a
    finding. Voiding and replacing show in ``standing`` only where they did not come about lawfully.
    Form 2 also holds the places of lines and items and all that is known of a file.
    """
    parts = _parts(ids, form)
    standing = _standings(ids)
    found = {}
    for row in Meeting.objects.filter(pk__in=ids).values("pk", *BESIDE, *CHAINED):
        key = row["pk"]
        fields = {name: row[name] for name in CHAINED}
        if row["left_out"]:  # a record with nobody left out reads as it did before there was this field
            fields["left_out"] = row["left_out"]
        fields |= {"uuid": str(row["uuid"]), "standing": standing(row)}
        found[key] = fields | {name: lines.get(key, []) for name, lines in parts.items()}
    return found


@chain.content(VOIDING)
def voidings(ids: Sequence[int], form: int) -> dict[int, dict[str, Any]]:
    """That, when and why filed records were voided."""
    names = ("pk", "uuid", "number", "edition", "state", "voided_at", "void_reason")
    rows = Meeting.objects.filter(pk__in=ids).values(*names)
    return {row.pop("pk"): row | {"uuid": str(row["uuid"])} for row in rows}


@chain.register(KIND)
def filed_records() -> Iterable[int]:
    """Every record that says that it was filed."""
    states = (State.FILED, State.VOIDED)
    return Meeting.objects.filter(state__in=states).order_by().values_list("pk", flat=True).iterator()


@chain.register(VOIDING)
def voided_records() -> Iterable[int]:
    """Every record that says that it was voided."""
    return Meeting.objects.filter(state=State.VOIDED).order_by().values_list("pk", flat=True).iterator()


def canonical_content(pk: int) -> dict[str, Any] | None:
    """The content of one filed record in the present form; None when the record is gone."""
    return contents([pk], chain.FORM).get(pk)


def voiding_content(pk: int) -> dict[str, Any] | None:
    """That, when and why the record ``pk`` was voided; None when the record is gone."""
    return voidings([pk], chain.FORM).get(pk)


def _standings(ids: Sequence[int]) -> Any:
    """What says of a row ``filed``, or what it reads where no voiding link or filed correction bears it out."""
    links = ChainEntry.objects.filter(subject__in=[f"{VOIDING}:{pk}" for pk in ids])
    voided = {int(name.partition(":")[2]) for name in links.values_list("subject", flat=True)}
    newer = Meeting.objects.filter(corrects__in=ids, state__in=(State.FILED, State.VOIDED))
    replaced = dict(newer.values_list("corrects_id", "pk"))

    def standing(row: dict[str, Any]) -> str:
        lawful = State.VOIDED if row["pk"] in voided else State.FILED
        silent = row["pk"] in voided or (row["voided_at"] is None and not row["void_reason"])
        if row["state"] == lawful and row["replaced_by_id"] == replaced.get(row["pk"]) and silent:
            return State.FILED.value
        return f"{row['state']}:{row['replaced_by_id']}:{row['voided_at']}:{row['void_reason']}"

    return standing


def _parts(ids: Sequence[int], form: int) -> dict[str, Lines]:
    """What hangs on each record, by the name of the part."""
    place = ("position",) if form > 1 else ()
    kinds = Meeting.kinds.through._default_manager.filter(meeting_id__in=ids)
    roll = Attendance.objects.filter(meeting_id__in=ids).order_by("position", "id")
    findings = RecordedFinding.objects.filter(meeting_id__in=ids).order_by("id")
    return {
        "kinds": {key: sorted(codes) for key, codes in _lines(kinds, "meeting_id", "meetingkind_id").items()},
        "roll": _lines(roll, "meeting_id", *ROLL, *place),
        "agenda": _agenda(ids, place),
        "findings": {
            key: sorted(rows, key=lambda row: row[0])
            for key, rows in _lines(findings, "meeting_id", *FINDING).items()
        },
        "attachments": _files(ids, FILE if form == 1 else FILE_AND_PLACE),
    }


def _lines(rows: QuerySet[Any], key: str, *names: str) -> Lines:
    """The values of ``names`` of each row, by the row's ``key``; of a single name its value alone."""
    found: Lines = defaultdict(list)
    for first, *values in rows.values_list(key, *names):
        found[first].append(values if len(names) > 1 else values[0])
    return found


def _agenda(ids: Sequence[int], place: tuple[str, ...]) -> Lines:
    """The items of each record with votes and resolutions."""
    votes = _lines(Vote.objects.filter(item__meeting_id__in=ids), "item_id", *VOTED)
    decided = Resolution.objects.filter(item__meeting_id__in=ids).order_by("id")
    resolutions = _lines(decided, "item_id", "text", "owner", "due_on")
    items = AgendaItem.objects.filter(meeting_id__in=ids).order_by("position", "id")
    found: Lines = defaultdict(list)
    for row in items.values("pk", "meeting_id", *ITEM, *place):
        pk, meeting = row.pop("pk"), row.pop("meeting_id")
        vote = votes.get(pk)
        found[meeting].append(
            row | {"vote": vote[0] if vote else None, "resolutions": resolutions.get(pk, [])}
        )
    return found


def _files(ids: Sequence[int], names: tuple[str, ...]) -> Lines:
    """The files of each record that were not taken away."""
    subjects = [f"{KIND}:{pk}" for pk in ids]
    rows = Attachment.objects.filter(subject__in=subjects, removed_at__isnull=True)
    by_name = _lines(rows.order_by("position", "id"), "subject", *names)
    return {int(str(name).partition(":")[2]): lines for name, lines in by_name.items()}

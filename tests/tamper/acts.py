"""The manipulations: each changes rows behind the portal's back and says which names must be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

from django.db.models import Model

from core.chain import link_digest
from core.evidence import seals
from core.evidence.digests import SIZE, canonical, digest, leaf, root
from core.evidence.entries import CONTENT as ENTRY
from core.evidence.entries import digest_of
from core.models import Attachment, AuditEntry, AuditSeal, ChainEntry
from meetings.models import AgendaItem, Attendance, Meeting, RecordedFinding, Resolution, Vote
from meetings.queries.chained import contents
from tests.tamper.columns import MODELS, columns, covered, names
from tests.tamper.values import another
from tests.tamper.world import RESTORED, World


@dataclass
class Told:
    """``what`` was done; one of ``must`` has to be named, nothing but those and what begins like ``also``."""

    what: str
    must: set[str]
    also: tuple[str, ...] = field(default=())


PLACES: dict[type[Model], tuple[str, ...]] = {
    ChainEntry: ("organization_id", "number"),
    AgendaItem: ("meeting_id", "position"),
    Attendance: ("meeting_id", "position"),
    RecordedFinding: ("meeting_id",),
    Vote: ("item_id",),
    Resolution: ("item_id",),
    Attachment: ("subject", "position"),
    Meeting.kinds.through: ("meeting_id",),
}
"""Where a row belongs: to exchange that too would only exchange the keys."""


class Unfit(Exception):
    """Not with this row."""


Act = Callable[[Random, World], Told]


def put(model: type[Model], pk: Any, **values: Any) -> None:
    """Write columns of one row, whatever the portal thinks of it."""
    model._base_manager.filter(pk=pk).update(**values)


def pick(random: Random, model: type[Model]) -> Any:
    """A row that the evidence covers."""
    return random.choice(list(covered(model)))


def edit(random: Random, world: World, column: tuple[type[Model], Any] | None = None) -> Told:
    """Another value in one column of one row."""
    model, chosen = column or random.choice(columns())
    row = pick(random, model)
    before = names(model, row.pk)
    value = another(random, chosen, getattr(row, chosen.attname))
    put(model, row.pk, **{chosen.attname: value})
    return Told(f"{model._meta.label}.{chosen.name} of {row.pk}", before | names(model, row.pk), _also(model))


def edit_entry_and_digest(random: Random, world: World) -> Told:
    """A sealed audit entry whose own digest is made to fit."""
    row = random.choice(list(AuditEntry.objects.filter(pk__lte=seals.floor())))
    column = random.choice([f for m, f in columns() if m is AuditEntry and f.name != "digest"])
    setattr(row, column.attname, another(random, column, getattr(row, column.attname)))
    inner = digest_of([getattr(row, name) for name in ENTRY])
    put(AuditEntry, row.pk, **{column.attname: getattr(row, column.attname)}, digest=inner)
    return Told(f"{column.name} and digest of entry {row.pk}", {f"core.auditentry:{row.pk}"})


def edit_entry_and_seals(random: Random, world: World) -> Told:
    """The same, and its batch and all later ones made anew: only the anchors know."""
    told = edit_entry_and_digest(random, world)
    pk = int(next(iter(told.must)).partition(":")[2])
    previous, first = None, 0
    for batch in AuditSeal.objects.order_by("number"):
        numbers = [n for a, b in batch.ranges for n in range(a, b + 1)]
        if previous is None and pk not in numbers:
            continue
        first = first or batch.number
        inner = dict(AuditEntry.objects.filter(pk__in=numbers).values_list("pk", "digest"))
        leaves = [leaf(n, inner[n]) for n in numbers]
        batch.previous = previous or batch.previous
        batch.leaves, batch.root = b"".join(leaves), root(leaves)
        batch.digest = previous = seals.seal_digest(batch)
        put(
            AuditSeal,
            batch.pk,
            leaves=batch.leaves,
            root=batch.root,
            previous=batch.previous,
            digest=previous,
        )
    assert len(batch.leaves) % SIZE == 0
    return Told(
        f"entry {pk}, its batch {first} and all later ones", {f"core.auditseal:{first}"}, ("core.auditseal:",)
    )


def edit_and_rechain(random: Random, world: World) -> Told:
    """A filed record, its link and all later links of the chain made anew: only the anchors know."""
    entry = random.choice(list(ChainEntry.objects.filter(subject__startswith="meetings.meeting:")))
    pk = int(entry.subject.partition(":")[2])
    put(Meeting, pk, minutes="改写后的正文")
    inner = digest(canonical(contents([pk], entry.form)[pk]))
    put(ChainEntry, entry.pk, content_digest=inner)
    previous = entry.previous
    later = ChainEntry.objects.filter(organization_id=entry.organization_id, number__gte=entry.number)
    for row in later.order_by("number"):
        row.previous = previous
        row.digest = previous = link_digest(row)
        put(ChainEntry, row.pk, previous=row.previous, digest=row.digest)
    return Told(f"{entry.subject} and its chain from link {entry.number}", {entry.subject})


def delete(random: Random, world: World) -> Told:
    """One row is gone; what pointed to it stays."""
    model = random.choice(MODELS)
    row = pick(random, model)
    must = names(model, row.pk)
    gone(model._base_manager.filter(pk=row.pk))
    return Told(f"{model._meta.label} {row.pk} deleted", must, _also(model))


def gone(rows: Any) -> None:
    """Delete rows and nothing else."""
    rows._raw_delete(rows.db)


def insert(random: Random, world: World) -> Told:
    """A row more, made from another one."""
    model = random.choice(MODELS)
    row = pick(random, model)
    row.pk, row._state.adding = _free(random, model), True
    also: tuple[str, ...] = ()
    if isinstance(row, Meeting):
        row.uuid, row.number, row.corrects_id = uuid4(), f"{row.number}之一", None
        row.state, row.replaced_by_id = "filed", None
    elif isinstance(row, ChainEntry):
        top = ChainEntry.objects.filter(organization_id=row.organization_id).order_by("-number")[0]
        row.number, row.previous, row.subject = top.number + 1, top.digest, f"meetings.meeting:{9_000_000}"
        row.digest = link_digest(row)
    elif isinstance(row, AuditSeal):
        row.number, also = AuditSeal.objects.count() + 1, ("anchor:",)
    else:
        _elsewhere(random, model, row)
    model._base_manager.bulk_create([row])
    return Told(f"{model._meta.label} {row.pk} inserted", names(model, row.pk), also)


def _free(random: Random, model: type[Model]) -> Any:
    """A key that is not taken: below all others, where the portal gives none."""
    pk = model._meta.pk
    assert pk is not None
    return uuid4() if pk.get_internal_type() == "UUIDField" else -random.randint(1, 10**9)


def _elsewhere(random: Random, model: type[Model], row: Any) -> None:
    """Where a record may name a thing once, the copy names another."""
    match model._meta.model_name:
        case "attendance":
            row.person_id = 9_000_000
        case "vote":
            row.item = random.choice(list(covered(model))).item
            gone(model._base_manager.filter(item=row.item))
            row.in_favour += 1
        case "meeting_kinds":
            row.meetingkind_id = "members_meeting"
        case "storedfile":
            put(Attachment, pick(random, Attachment).pk, file_id=row.pk)


def swap(random: Random, world: World) -> Told:
    """Two rows take each other's contents; those of one record only if that makes a difference."""
    model = random.choice([m for m in MODELS if m is not AuditSeal])
    rows = list(covered(model))
    first = random.choice(rows)
    others = [row for row in rows if _differs(model, first, row)]
    if not others:
        raise Unfit("nothing to exchange it for")
    second = random.choice(others)
    must = names(model, first.pk) | names(model, second.pk)
    one, two = contents_of(model, first), contents_of(model, second)
    gone(model._base_manager.filter(pk__in=[first.pk, second.pk]))
    for row, values in ((first, two), (second, one)):
        for name, value in values.items():
            setattr(row, name, value)
        row._state.adding = True
    model._base_manager.bulk_create([first, second])
    return Told(f"{model._meta.label} {first.pk} and {second.pk} swapped", must, _also(model))


def _differs(model: type[Model], first: Any, second: Any) -> bool:
    """Whether the exchange says anything else than before: two lines of one record only change keys."""
    mine = contents_of(model, first) != contents_of(model, second)
    return mine and not names(model, first.pk) & names(model, second.pk)


def contents_of(model: type[Model], row: Any) -> dict[str, Any]:
    """The columns of a row but its key and where it belongs."""
    fields = [field.attname for field in model._meta.local_concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in fields if name not in PLACES.get(model, ())}


def cut_chain(random: Random, world: World) -> Told:
    """The last links of a chain, with the records or without."""
    owner = random.choice(list(ChainEntry.objects.values_list("organization_id", flat=True).distinct()))
    links = list(ChainEntry.objects.filter(organization_id=owner).order_by("-number"))
    cut = links[: random.randint(1, len(links))]
    if random.random() < 0.5:
        keys = [int(each.subject.partition(":")[2]) for each in cut]
        Meeting.objects.filter(pk__in=keys).update(state="draft", voided_at=None, void_reason="")
    gone(ChainEntry.objects.filter(pk__in=[each.pk for each in cut]))
    return Told(f"last {len(cut)} of {len(links)} links of {owner}", {cut[-1].subject}, ("meetings.",))


def cut_trail(random: Random, world: World) -> Told:
    """The last audit entries with the batches that hold them."""
    batches = list(AuditSeal.objects.order_by("-number"))
    cut = batches[: random.randint(1, len(batches) - 1)]
    lowest = min(batch.ranges[0][0] for batch in cut)
    gone(AuditEntry.objects.filter(pk__gte=lowest))
    gone(AuditSeal.objects.filter(pk__in=[batch.pk for batch in cut]))
    return Told(f"last {len(cut)} batches and their entries", {f"core.auditseal:{cut[-1].number}"})


def cut_entries(random: Random, world: World) -> Told:
    """The last sealed entries, the batches left alone."""
    rows = list(AuditEntry.objects.filter(pk__lte=seals.floor()).order_by("-pk"))[: random.randint(1, 15)]
    gone(AuditEntry.objects.filter(pk__gte=rows[-1].pk))
    return Told(f"last {len(rows)} sealed entries", {f"core.auditentry:{rows[-1].pk}"}, ("core.auditentry:",))


def roll_back(random: Random, world: World) -> Told:
    """The database as it stood the evening before."""
    for model in RESTORED:
        gone(model._base_manager.all())
    for model in RESTORED:
        model._base_manager.bulk_create(model(**row) for row in world.yesterday[model])
    return Told("everything put back by a day", {f"core.auditseal:{world.sealed + 1}"}, ("meetings.",))


def _also(model: type[Model]) -> tuple[str, ...]:
    """What follows from a fault in evidence itself."""
    if model is AuditSeal:
        return "core.auditseal:", "core.auditentry:", "anchor:"
    return ("core.chainentry:", "meetings.") if model is ChainEntry else ()

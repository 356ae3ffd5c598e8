"""Keeping files: generated names, digest, never overwritten; no row without its file, no file without its row."""

from __future__ import annotations

import uuid
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core import chain, clock
from core.models import StoredFile
from core.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

FORGOTTEN = timedelta(hours=1)
"""How long no transaction lasts: an older file without a row was left by a process that was killed."""
_kept: ContextVar[list[str] | None] = ContextVar("kept", default=None)


def keep(
    content: bytes,
    *,
    name: str,
    content_type: str,
    organization: Any,
    user: User | None,
) -> StoredFile:
    """Store ``content`` under a generated name and return its row (with SM3 digest).

    Call inside a transaction and :func:`undone`; where the disk is full nothing of the file is left.
    """
    row = StoredFile(
        organization=organization,
        name=name[:200],
        content_type=content_type,
        size=len(content),
        digest=chain.digest(content),
        created_at=clock.now(),
        created_by=user,
    )
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else "bin"
    place = row.file.field.generate_filename(row, f"{row.pk}.{suffix}")
    with undone():
        _note(place)
        row.file.name = default_storage.save(place, ContentFile(content))
        row.save()
    return row


def _note(place: str) -> None:
    kept = _kept.get()
    if kept is not None:
        kept.append(place)


@contextmanager
def undone() -> Iterator[None]:
    """Files kept inside are taken away again when the block fails; goes inside the transaction of their rows.

    There a failure is certain. Of a commit whose answer was lost nobody knows: :func:`sweep` looks later.
    """
    outer, mine = _kept.get(), list[str]()
    token = _kept.set(mine)
    try:
        yield
    except BaseException:
        for place in mine:
            default_storage.delete(place)
        raise
    finally:
        _kept.reset(token)
    if outer is not None:
        outer.extend(mine)


def sweep() -> int:
    """Delete files of this month and the last that never got a row; answers how many. Run once a night."""
    month = timezone.localdate().replace(day=1)
    return sum(_sweep(f"{each:%Y/%m}") for each in (add_months(month, -1), month))


def _sweep(folder: str) -> int:
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = default_storage.listdir(folder)[1]
    found = {key: name for name in names if (key := _key(name))}
    known = set(StoredFile.objects.filter(pk__in=found).values_list("pk", flat=True))
    lost = [f"{folder}/{name}" for key, name in found.items() if key not in known]
    lost = [place for place in lost if default_storage.get_modified_time(place) < timezone.now() - FORGOTTEN]
    for place in lost:
        default_storage.delete(place)
    return len(lost)


def _key(name: str) -> uuid.UUID | None:
    """The key of the row for which a file was written; None for a name that is not ours."""
    try:
        return uuid.UUID(name.partition(".")[0])
    except ValueError:
        return None

"""Keeping files: generated names, digest, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from core import clock
from core.evidence.digests import digest
from core.models import StoredFile

if TYPE_CHECKING:
    from accounts.models import User


def keep(
    content: bytes,
    *,
    name: str,
    content_type: str,
    organization: Any,
    user: User | None,
) -> StoredFile:
    """Store ``content`` under a generated name and return its row (with SM3 digest)."""
    row = StoredFile(
        organization=organization,
        name=name[:200],
        content_type=content_type,
        size=len(content),
        digest=digest(content),
        created_at=clock.now(),
        created_by=user,
    )
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else "bin"
    row.file.save(f"{row.pk}.{suffix}", ContentFile(content), save=False)
    row.save()
    return row

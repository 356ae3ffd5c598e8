"""Making a backup: database, files, manifest; the keys apart."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.backup import BackupError, archive, database
from core import clock, crypto
from core.models import ChainEntry

PATTERN = "portal-*.tar"


def save(target: Path) -> dict[str, Any]:
    """Put everything but the keys into the new file ``target``; answers its manifest."""
    if target.exists():
        raise BackupError(f"{target} 已经存在，请换一个文件名。")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as aside:
            dump = Path(aside) / archive.DATABASE
            facts = {"tables": database.dump(dump)} | _facts()
            return archive.write(target, dump, Path(settings.MEDIA_ROOT), facts, crypto.key_ring())
    except OSError as error:
        raise BackupError(f"不能写入 {target.parent}：{error.strerror}。") from error


def named(folder: Path) -> Path:
    """A new file in ``folder``, named after the moment as the clock on the wall shows it."""
    return folder / f"portal-{timezone.localtime(clock.now()):%Y%m%d-%H%M%S}.tar"


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Remove all backups in ``folder`` but the newest ``keep``; answers what was removed."""
    old = sorted(folder.glob(PATTERN))[:-keep]
    for path in old:
        path.unlink()
    return old


def _facts() -> dict[str, Any]:
    """What a restore has to know, and the heads of the chains for whoever keeps them elsewhere."""
    heads = ChainEntry.objects.order_by("organization_id", "-number").values_list(
        "organization_id", "number", "digest"
    )
    newest: dict[str, list[Any]] = {}
    for organization, number, digest in heads.iterator():
        newest.setdefault(str(organization), [number, digest])
    return {
        "made_at": timezone.localtime(clock.now()).isoformat(),
        "vendor": connection.vendor,
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "chains": newest,
    }

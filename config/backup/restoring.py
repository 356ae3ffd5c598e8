"""Restoring a backup into an empty place, and checking what came of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backup import BackupError, archive, database, keys, verify
from core import crypto

VENDORS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def restore(source: Path, key_file: Path | None) -> dict[str, Any]:
    """Fill the empty place that the settings name; answers the manifest.

    Everything is compared before the first byte is written; a failure leaves the place empty.
    """
    text = keys.text_of(key_file)
    manifest = archive.read(source, keys.ring_of(text))
    _accept(manifest, text)
    media, anchors = Path(settings.MEDIA_ROOT), Path(settings.ANCHOR_FILE)
    with _all_or_nothing(media, anchors), tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as aside:
        dump = Path(aside) / archive.DATABASE
        archive.extract(source, lambda name: _place(name, dump, media, anchors))
        database.load(dump)
        if not crypto.ring_path().exists():
            crypto.ring_path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            keys.put(crypto.ring_path(), text)
    return manifest


def check(manifest: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each thing that must hold and what is wrong with it; an older backup is brought up to date between."""
    yield f"各表内容与备份时相同（{len(manifest['tables'])} 张表）", verify.tables(manifest["tables"])
    call_command("migrate", interactive=False, verbosity=0)
    yield f"存证链、操作记录、封存批次和锚点完整（{len(manifest['chains'])} 条链）", verify.evidence()
    yield "文件与摘要相符", verify.files()
    yield "身份证号和电话可以解密", verify.numbers()


def _accept(manifest: dict[str, Any], text: str) -> None:
    """Whether this backup may be restored here; BackupError says why not."""
    if manifest["vendor"] != connection.vendor:
        theirs, ours = VENDORS[manifest["vendor"]], VENDORS[connection.vendor]
        raise BackupError(f"备份来自 {theirs}，当前配置的是 {ours}：请按备份的数据库类型设置 DATABASE_URL。")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    if not {tuple(step) for step in manifest["migrations"]} <= known.keys():
        raise BackupError("备份来自更新的版本：请先升级程序再恢复。")
    if database.tables():
        raise BackupError("目标数据库不是空的，不能覆盖：请新建一个空的数据库，或另选 DATA_DIR。")
    if Path(settings.MEDIA_ROOT).exists() and any(Path(settings.MEDIA_ROOT).iterdir()):
        raise BackupError(f"目标文件目录 {settings.MEDIA_ROOT} 不是空的，不能覆盖：请另选 DATA_DIR。")
    if Path(settings.ANCHOR_FILE).exists():
        raise BackupError(f"目标位置已有锚点文件 {settings.ANCHOR_FILE}，属于另一个数据库：请先移走。")
    ring = crypto.ring_path()
    if ring.exists() and keys.ring_of(ring.read_text()) != keys.ring_of(text):
        raise BackupError(f"目标位置已有另一份密钥 {ring}：请先移走。")


def _place(name: str, dump: Path, media: Path, anchors: Path) -> Path:
    """Where a part of the backup goes."""
    if name == archive.ANCHORS:
        return anchors
    return dump if name == archive.DATABASE else media / name.removeprefix(archive.FILES)


@contextmanager
def _all_or_nothing(media: Path, anchors: Path) -> Iterator[None]:
    """Take back files and tables when the block fails."""
    try:
        yield
    except BaseException:
        shutil.rmtree(media, ignore_errors=True)
        anchors.unlink(missing_ok=True)
        database.empty()
        raise

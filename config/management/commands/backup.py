"""``manage.py backup TARGET [--keys FILE] [--keep N]``: database and files in one file, the keys apart."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup import BackupError, keys, saving, verify
from core import crypto


class Command(BaseCommand):
    """Exit 1 when the backup could not be made, or when files were missing before it was made."""

    help = "备份数据库和文件为一个文件；密钥不在其中，用 --keys 另存，与备份分开保管。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A folder (the file is named after the moment) or a file; where the keys go; how many stay."""
        parser.add_argument("target", type=Path, help="存放备份的目录，或备份文件名")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="密钥另存为此文件")
        parser.add_argument("--keep", type=int, metavar="N", help="目录中只保留最新的 N 份备份")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the backup, then say what it holds."""
        target: Path = options["target"]
        folder = target if target.is_dir() else None
        if options["keep"] is not None and (folder is None or options["keep"] < 1):
            raise CommandError("--keep 须为正整数，并且只用于已有的目录。")
        try:
            file = saving.named(folder) if folder else target
            manifest = saving.save(file)
            size = file.stat().st_size / 1e6
            rows = sum(table["rows"] for table in manifest["tables"].values())
            files = len(manifest["parts"]) - 1
            self.stdout.write(f"已备份到 {file}：{rows} 行、{files} 个文件，{size:.1f} MB。")
            self._keys(options["keys"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"不能写入 {error.filename}：{error.strerror}。") from error
        if options["keep"] and folder:
            saving.thin_out(folder, options["keep"])
        missing = verify.files()
        if missing:
            raise CommandError("备份已完成，但有文件在备份之前就已缺失或改动：" + "".join(missing))

    def _keys(self, path: Path | None) -> None:
        """Put the keys where they were asked for, or say that they are not in the backup."""
        if path is None:
            words = f"密钥不在备份中：请把 {crypto.ring_path()} 与备份分开保管，没有密钥不能恢复。"
        elif keys.write(path):
            words = f"密钥已另存到 {path}，受口令保护。请与备份分开保管。"
        else:
            words = f"密钥已另存到 {path}，未加口令（设置 {keys.PASSPHRASE} 可加口令）。请与备份分开保管。"
        self.stdout.write(words)

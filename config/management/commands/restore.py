"""``manage.py restore FILE [--keys FILE] [--into FOLDER] [--database URL]``: into an empty place, and checked."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backup import BackupError, restoring


class Command(BaseCommand):
    """Exit 1 when nothing was restored, or when what was restored is not what was put away."""

    help = "把备份恢复到空的数据库和目录，逐项核对；不覆盖已在使用的数据库。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The backup, its keys, and the place when it is not the one of the environment."""
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="与备份分开保管的密钥文件")
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="数据目录，缺省为 DATA_DIR")
        parser.add_argument("--database", metavar="URL", help="空的数据库，缺省为 DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, then say for each thing that must hold whether it does."""
        if options["into"] or options["database"] is not None:
            raise SystemExit(self._elsewhere(options))
        try:
            manifest = restoring.restore(options["file"], options["keys"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"不能写入 {error.filename}：{error.strerror}。") from error
        self.stdout.write(f"已恢复 {manifest['made_at'][:16]} 的备份到 {settings.DATA_DIR}。")
        failed = 0
        for title, problems in restoring.check(manifest):
            self.stdout.write(f"{'不符' if problems else '通过'}  {title}")
            for problem in problems:
                self.stderr.write(f"      {problem}")
            failed += bool(problems)
        if failed:
            raise CommandError(f"恢复的内容有 {failed} 项不符，请勿启用。")

    def _elsewhere(self, options: dict[str, Any]) -> int:
        """The same command with the other place in its environment: settings are read once."""
        place = {}
        if options["into"]:
            place["DATA_DIR"] = str(options["into"].absolute())
        if options["database"] is not None:
            place["DATABASE_URL"] = options["database"]
        words = [str(options["file"].absolute())]
        if options["keys"]:
            words += ["--keys", str(options["keys"].absolute())]
        command = [sys.executable, "manage.py", "restore", *words]
        return subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | place, check=False).returncode

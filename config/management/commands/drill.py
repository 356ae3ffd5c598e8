"""``manage.py drill``: does our backup bring the portal back? Tried in a throw-away place."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup import BackupError, rehearsal


class Command(BaseCommand):
    """Exit 1 when a step failed; nothing of the drill stays."""

    help = "恢复演练：备份、恢复到临时位置、逐项核对、登录、生成 PDF，然后全部清除。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a step, then the verdict with the time it took."""
        began, failed = time.monotonic(), 0
        try:
            for title, problems in rehearsal.rehearse():
                self.stdout.write(f"{'未通过' if problems else '通过'}  {title}")
                for problem in problems:
                    self.stderr.write(f"      {problem}")
                failed += bool(problems)
        except BackupError as error:
            raise CommandError(f"恢复演练未通过：{error}") from error
        seconds = time.monotonic() - began
        if failed:
            raise CommandError(f"恢复演练未通过：{failed} 步不符，用时 {seconds:.0f} 秒。")
        self.stdout.write(f"恢复演练通过，用时 {seconds:.0f} 秒。")

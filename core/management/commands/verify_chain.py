"""``manage.py verify_chain [--export FILE]``: check all evidence from the live rows, name what broke first."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import system
from core.evidence import exports, verify
from core.evidence.faults import told


class Command(BaseCommand):
    """Exit 0 when everything holds, 1 with a line for each first fault."""

    help = "核对存证链、操作记录、封存批次和锚点，指出第一处不符的记录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the export for the stand-alone verifier goes."""
        parser.add_argument("--export", type=Path, metavar="FILE", help="导出存证，供独立核对程序使用")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each fault (organisation, link, record, reason); then say how it ended."""
        if options["export"]:
            self._export(options["export"])
        report = verify.check(system("存证核对"))
        for line in told(report.faults):
            self.stderr.write(line)
        if report.faults:
            raise CommandError(f"存证不完整：{verify.words(report)}。")
        self.stdout.write(f"存证{verify.words(report)}。")

    def _export(self, path: Path) -> None:
        """Links, entries, batches and anchors as JSON lines."""
        try:
            count = exports.write(path)
        except OSError as error:
            raise CommandError(f"不能写入 {path}：{error.strerror}。") from error
        self.stdout.write(f"已导出 {count} 行到 {path}，可用 docs/verify/verify_chain.py 核对。")

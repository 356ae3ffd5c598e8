"""``manage.py undo_import BATCH``: take an import back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from core.actor import system
from core.decisions import ActionError
from core.models import ImportBatch
from members import actions
from members.management.commands.import_roster import JOB, NO_ROSTER, WRONG


class Command(BaseCommand):
    """Exit 0 when it is undone, 1 when it cannot be, 2 when there is no such batch."""

    help = "撤销一次花名册导入"

    def add_arguments(self, parser: CommandParser) -> None:
        """The batch as ``import_roster`` answered it."""
        parser.add_argument("batch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo and say so."""
        try:
            batch = ImportBatch.objects.get(pk=options["batch"])
        except (ImportBatch.DoesNotExist, ValidationError):
            self.stderr.write("没有这个导入批次，请核对编号。")
            raise SystemExit(NO_ROSTER) from None
        try:
            actions.undo_import(system(JOB), batch)
        except ActionError as error:
            self.stderr.write(str(error))
            raise SystemExit(WRONG) from None
        self.stdout.write("已撤销。")

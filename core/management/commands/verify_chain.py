"""``manage.py verify_chain``: check every hash chain from the live rows, name what broke first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import chain
from core.actor import system
from core.models import ChainEntry


class Command(BaseCommand):
    """Exit 0 when all chains hold, 1 with one line for each chain that does not."""

    help = "核对全部存证链，指出第一处不符的记录。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each break (organisation, link, record, reason); then say how it ended."""
        breaks = chain.check(system("存证链核对"))
        for found in breaks:
            entry = found.entry
            name = f"{entry.organization}（{entry.organization_id}）"
            place = f"第 {entry.number} 环 {entry.subject}"
            self.stderr.write(f"{name}{place}：{found.reason}")
        count = ChainEntry.objects.count()
        if breaks:
            raise CommandError(f"存证链不完整：{len(breaks)} 个组织的链有不符，共 {count} 环。")
        self.stdout.write(f"存证链完整，共 {count} 环。")

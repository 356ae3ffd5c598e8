"""``manage.py rotate_keys``: a new key for personal numbers and secrets; safe to kill and to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import rotation
from core.actor import system


class Command(BaseCommand):
    """Exit 0; the last line says whether anything is left to do."""

    help = "更换字段加密密钥，分批重新加密；中断后再次执行即可继续"

    def add_arguments(self, parser: CommandParser) -> None:
        """How much at once, and finishing without another key."""
        parser.add_argument("--batches", type=int, help="本次最多处理的批数")
        parser.add_argument(
            "--retire", action="store_true", help="不启用新密钥，只收尾并销毁已停用一天的旧密钥"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and say how far it came."""
        done = rotation.rotate(system("更换密钥"), new_key=not options["retire"], batches=options["batches"])
        self.stdout.write(f"已重新加密 {done.renewed} 项。")
        if done.dropped:
            self.stdout.write(f"已销毁旧密钥：{'、'.join(done.dropped)}。")
        if done.finished:
            self.stdout.write("全部完成。请备份密钥；一天后执行 rotate_keys --retire 销毁旧密钥。")
        else:
            self.stdout.write("尚未完成，请再次执行 rotate_keys。")

"""``manage.py unlock USERNAME``: for the day on which the only system administrator is locked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions, queries
from accounts.models import User
from core.actor import system
from core.decisions import ActionError

JOB = "服务器命令"


class Command(BaseCommand):
    """Whoever may run it has the server already; the audit trail keeps who was let in and why."""

    help = "解除账号锁定；--second-factor 同时重置动态口令"

    def add_arguments(self, parser: CommandParser) -> None:
        """The user name, and the reason for the audit trail."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--second-factor", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Unlock and say so."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("没有这个账号，请核对用户名。")
        by, reason = system(JOB), options["reason"]
        try:
            actions.unlock(by, user, reason=reason)
            if options["second_factor"] and queries.factor_of(user) is not None:
                actions.reset_factor(by, user, reason=reason)
        except ActionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("已解除锁定。")

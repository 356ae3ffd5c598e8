"""``manage.py init --root NAME``: the first start of a real installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import create_person, create_user
from accounts.choices import AdminRole
from accounts.models import User
from branches.actions import appoint, found
from branches.choices import Kind, Office, UnitLevel
from branches.models import Organization
from core import clock, crypto
from core.actor import Actor, system
from core.decisions import ActionError

if TYPE_CHECKING:
    from collections.abc import Iterator

ADMINISTRATORS = {
    "sysadmin": AdminRole.SYSTEM,
    "secadmin": AdminRole.SECURITY,
    "auditadmin": AdminRole.AUDIT,
}
DIRECTOR = "director"
IN_USE = "数据库中已有账号或组织，不能再次初始化。"


class Command(BaseCommand):
    """Tables, root organisation, three administrators with one-time passwords printed once."""

    help = "首次启用：建立根组织和三类管理员，初始密码只显示一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The root's name, and who starts the organisational work."""
        parser.add_argument("--root", required=True, metavar="NAME", help="根组织全称，如 某某总队党委")
        parser.add_argument("--short", metavar="NAME", default="", help="根组织简称（默认同全称）")
        parser.add_argument("--code", default="ROOT", help="根组织编号（默认 ROOT）")
        parser.add_argument(
            "--director",
            metavar="姓名",
            default="",
            help="首任政治部门负责人，由其设立下级组织、任免职务",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create everything or nothing; refuse a database that is in use."""
        call_command("migrate", interactive=False, verbosity=0)
        if User.objects.exists() or Organization.objects.exists():
            raise CommandError(IN_USE)
        crypto.key_ring()  # made now, so that it can be put away before the first number is entered
        try:
            with transaction.atomic():
                handover = list(self._start(system("初始化"), options))
        except ActionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已建立根组织：{options['root']}")
        self.stdout.write("以下初始密码只显示这一次，请分别当面交付，首次登录须修改：")
        for username, label, password in handover:
            self.stdout.write(f"  {username}\t{label}\t{password}")

    def _start(self, by: Actor, options: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        """Root, administrators and director; yields (user name, who, one-time password)."""
        root = found(
            by,
            code=options["code"],
            name=options["root"],
            short_name=options["short"] or options["root"],
            kind=Kind.COMMITTEE,
            level=UnitLevel.CORPS,
            parent=None,
        )
        for username, role in ADMINISTRATORS.items():
            _, password = create_user(by, username=username, admin_role=role)
            yield username, str(role.label), password
        if options["director"]:
            person = create_person(by, name=options["director"])
            office = Office.POLITICAL_DIRECTOR
            appoint(by, root, person=person, office=office, since=clock.today())
            _, password = create_user(by, username=DIRECTOR, person=person)
            yield DIRECTOR, f"{person.name}（{office.label}）", password

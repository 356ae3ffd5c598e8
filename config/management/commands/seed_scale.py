"""``manage.py seed_scale``: data of the size of the country, in bulk and reproducible."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from branches.models import Organization
from config.management.commands.demo import chosen_password
from config.management.scale import bulk, people, tree, work
from config.management.scale.plan import SMALLEST, Plan
from core import clock, rollups

T = TypeVar("T")
IN_USE = "数据库中已有账号或组织，不能生成规模数据，请换一个空的数据库。"
SEED = 119


class Command(BaseCommand):
    """All or nothing: the whole seed is one transaction."""

    help = "生成全国规模的数据，用于压测：同一种子、同一天内容相同；拒绝已在使用的数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sizes; the defaults are those of the country."""
        parser.add_argument("--branches", type=int, default=20000, help="党支部数")
        parser.add_argument("--members", type=int, default=150000, help="党员数")
        parser.add_argument("--months", type=int, default=24, help="已过去的月数")
        parser.add_argument("--seed", type=int, default=SEED, help="随机种子")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="数据的当天，缺省为今天")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say how many, how long and how to sign in."""
        plan = _plan(options)
        if User.objects.exists() or Organization.objects.exists():
            raise CommandError(IN_USE)
        password, kept = chosen_password()
        sizes = plan.sizes()
        with transaction.atomic():
            forest = self._timed("组织", lambda: tree.build(plan, sizes))
            register = people.Register(plan, forest, sizes)
            self._timed("人员", register.write)
            users = people.accounts(register, password)
            counts = self._timed("会议和待办", lambda: work.write(plan))
        bulk.settle(apps.get_models())
        self._timed("月度统计", _count_months)
        bulk.settle(apps.get_models())
        told = {"组织": len(forest.rows), "党员": plan.members, **counts}
        self.stdout.write("，".join(f"{name} {count}" for name, count in told.items()))
        self.stdout.write(f"用户：{'、'.join(users)}")
        self.stdout.write(f"口令：{password}" + (f"（已存入 {kept}）" if kept else ""))

    def _timed(self, name: str, act: Callable[[], T]) -> T:
        """Do one part and say how long it took."""
        begun = time.monotonic()
        done = act()
        self.stdout.write(f"{name}：{time.monotonic() - begun:.1f} 秒")
        self.stdout.flush()
        return done


def _count_months() -> None:
    """The figures of every month, which the worker would have counted one by one."""
    for month in rollups.months():
        rollups.fill(month)


def _plan(options: dict[str, Any]) -> Plan:
    plan = Plan(
        branches=options["branches"],
        members=options["members"],
        months=options["months"],
        on=options["on"] or clock.today(),
        seed=options["seed"],
    )
    if plan.branches < 1 or plan.months < 1 or not 1 <= plan.branches <= len(tree.WORDS) ** 3:
        raise CommandError("党支部数、月数须为正数。")
    if plan.members < plan.branches * SMALLEST:
        raise CommandError(f"每个党支部至少 {SMALLEST} 名党员，请增加 --members。")
    return plan

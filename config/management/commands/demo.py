"""``manage.py demo``: a corps with fourteen months of work, built by the real actions under a set clock."""

from __future__ import annotations

import gc
import os
import secrets
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import accounts.demo
import assessments.demo
import branches.demo
import meetings.demo
import members.demo
import reports.demo
import supervision.demo
from accounts.models import User
from branches.demo import STAGES, World, moment
from branches.models import Organization
from core import clock, rollups
from regulations.queries import begin_request, end_request

IN_USE = "数据库中已有账号或组织，不能生成演示数据，请换一个空的数据库。"
SEED = 119


class Command(BaseCommand):
    """All or nothing: the whole demo is one transaction."""

    help = "生成演示数据：同一天、同一种子的内容相同；拒绝已在使用的数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--seed`` varies names and events, ``--on`` is the day on which the demo stands."""
        parser.add_argument("--seed", type=int, default=SEED, help="随机种子")
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="演示的当天，缺省为今天")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, then say how to sign in."""
        if User.objects.exists() or Organization.objects.exists():
            raise CommandError(IN_USE)
        current_app.loader.import_default_modules()
        password, kept = chosen_password()
        world = World(options["seed"], options["on"] or clock.today())
        with transaction.atomic(), in_haste():
            build(world, password)
        self.stdout.write(f"演示数据已生成（{world.on}）。用户：{'、'.join(accounts.demo.USERS)}")
        self.stdout.write(f"口令：{password}" + (f"（已存入 {kept}）" if kept else ""))


@contextmanager
def in_haste() -> Iterator[None]:
    """A fifth of the time saved: no search for garbage, and the law is read once, as in a request."""
    gc.disable()
    begin_request()
    try:
        yield
    finally:
        end_request()
        gc.enable()


def build(world: World, password: str) -> None:
    """Let the time pass from the first month to the day of the demo."""
    branches.demo.read_tree(world)
    registrar, words = members.demo.Registrar(world), meetings.demo.Words()
    for stage, back in STAGES.items():
        begin = partial(_begin, world, registrar, words, stage)
        world.timeline.at(moment(world.month(back).start, 8), begin)
    world.timeline.run()
    with clock.at(world.timeline.until):
        accounts.demo.let_in(world.by, password)
        rollups.flush_all()


def _begin(world: World, registrar: members.demo.Registrar, words: meetings.demo.Words, stage: int) -> None:
    """A stage of organisations begins to use the portal."""
    branches.demo.found_stage(world, stage)
    registrar.register_stage(stage)
    branches.demo.appoint_stage(world, stage)
    meetings.demo.plan_stage(world, words, stage)
    if stage == min(STAGES):
        accounts.demo.open_administrators(world.by)
        for room in (members.demo, supervision.demo, assessments.demo, reports.demo):
            room.plan(world)


def chosen_password() -> tuple[str, Path | None]:
    """The password of the demo and the file that keeps it: DEMO_PASSWORD is kept by whoever set it."""
    given = os.environ.get("DEMO_PASSWORD")
    if given:
        return given, None
    path = Path(settings.DATA_DIR) / "demo_password"
    password = f"Demo-{secrets.token_hex(4)}"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(password + "\n")
    path.chmod(0o600)
    return password, path

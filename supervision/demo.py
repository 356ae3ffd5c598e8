"""Duties of the demo: written each month as beat would, and one waived by the political department."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from branches.demo import STAGES, World, data, moment
from core import clock
from core.actor import system
from supervision import actions
from supervision.models import Occurrence

if TYPE_CHECKING:
    from datetime import date

WAIVED = ("LC01-TQ", "theme_day", 2)
"""Branch, duty and how many months before the last one."""


def plan(world: World) -> None:
    """The nightly run after each first of a month and on the day of the demo; the waiver in between."""
    days = [world.month(back).start + timedelta(days=1) for back in range(STAGES[1], -1, -1)]
    for day in [*(day for day in days if day < world.on), world.on]:
        world.timeline.at(moment(day, 0, 20), partial(_nightly, day))
    last = world.month(WAIVED[2]).end
    world.timeline.at(moment(last - timedelta(days=2), 16), partial(_waive, world))


def _nightly(day: date) -> None:
    by = system("待办生成")
    actions.generate(by, day)
    actions.close_period(by, clock.today())


def _waive(world: World) -> None:
    code, duty, back = WAIVED
    row = Occurrence.objects.get(holder=world.organizations[code], duty=duty, period=world.month(back).key)
    politics = world.rosters["LC01-JG-ZZ"][1]
    reason = data("meetings", "words")["reasons"]["waive"]
    actions.waive(world.actor(politics, world.organizations["LC01"]), row, reason)

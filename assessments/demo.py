"""Rounds of the demo: one branch scored and settled, another with a score still to be given."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

from assessments import actions
from assessments.models import Indicator, Scheme
from branches.demo import World, moment
from core.periods import Period

SETTLED, OPEN = "LC01-BH-GL", "LC01-BH-BH"
SCORES = {
    "B1": ("12", "抽阅 3 份支委会记录，议题具体，其中 1 份决议没有写明责任人和时限"),
    "B2": ("13", "执勤备战和群众评价较好，新队员帮带还不够经常"),
}
"""Points and remark for each manual indicator."""


def plan(world: World) -> None:
    """Three days before the day of the demo, for the last whole quarter."""
    world.timeline.at(moment(world.on - timedelta(days=3), 10), partial(_score, world))


def _score(world: World) -> None:
    by = world.actor(world.rosters["LC01-JG-ZZ"][1], world.organizations["LC01"])
    scheme = Scheme.objects.get(code="branch-yearly", version=1)
    period = Period.containing("quarter", world.on).previous()
    for code in (SETTLED, OPEN):
        round_ = actions.open_round(by, world.organizations[code], scheme, period)
        for name, (points, remark) in SCORES.items():
            if code == SETTLED or name == "B1":
                indicator = Indicator.objects.get(scheme=scheme, code=name)
                actions.score(by, round_, indicator, Decimal(points), remark, round_.version)
        if code == SETTLED:
            actions.review_round(by, round_)

"""Cycles and bulletins of the demo: closed on their days, worded, reviewed and issued by those who do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from branches.demo import World, data, moment
from core import jobs
from core.actor import Actor, system
from core.models.jobs import JobState
from core.periods import Period
from core.queries import working_calendar
from reports import actions, queries
from reports.models import Bulletin
from reports.rules import KINDS

if TYPE_CHECKING:
    from accounts.models import Person
    from branches.models import Organization

COMMITTEES = {
    "LC": ("LC-JG-ZZ:2", "LC-JG-ZZ:1", "LC-JG-ZZ:0"),
    "LC01": ("LC01-JG-ZZ:2", "LC01-JG-ZZ:1", "LC01-JG-ZZ:0"),
    "LC02": ("LC02-JG-ZZ:1", "LC02-JG-ZZ:1", "LC02-JG-ZZ:0"),
}
"""Who words, reviews and issues the bulletins of a committee."""
WAITING = {
    ("monthly", "LC01"): "draft",
    ("quarterly", "LC01"): "reviewed",
    ("monthly", "LC02"): "reviewed",
}
"""How far the newest bulletin of a kind has come; every other one is issued."""


FIRST = 6
"""Months before the last one from which on periods are closed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One cycle of one committee and how far its bulletin comes."""

    kind: str
    period: Period
    code: str
    until: str


def plan(world: World) -> None:
    """Close every period that has ended, on the day that the parameter says."""
    words = Words()
    for kind, period_kind in KINDS.items():
        periods = _periods(world, period_kind)
        closed = [
            (p, day) for p in periods if moment(day := _freeze_day(world, p), 1, 30) <= world.timeline.until
        ]
        for period, day in closed:
            newest = period == closed[-1][0]
            for code in COMMITTEES:
                if world.begin(code) <= period.end:
                    step = WAITING.get((kind, code), "issued") if newest else "issued"
                    cycle = Plan(kind, period, code, step)
                    world.timeline.at(moment(day, 1, 30), partial(_close, world, words, cycle))


def _periods(world: World, kind: str) -> list[Period]:
    """The periods of ``kind`` that ended since the first of those months."""
    months = [world.month(back) for back in range(FIRST, 0, -1)]
    found = dict.fromkeys(Period.containing(kind, month.end) for month in months)  # type: ignore[arg-type]
    return [period for period in found if period.end < world.on]


def _freeze_day(world: World, period: Period) -> date:
    return queries.freeze_day(world.organizations["LC"], period)


class Words:
    """The wordings, taken in turn."""

    def __init__(self) -> None:
        """Read the data of the room."""
        self.texts, self.turn = data("reports", "bulletins"), 0

    def next(self) -> dict[str, str]:
        """Another practice and other demands than last time."""
        self.turn += 1
        return {key: self.texts[key][self.turn % len(self.texts[key])] for key in ("practice", "next")}


def _close(world: World, words: Words, cycle: Plan) -> None:
    """Close the period by the job of the schedule, then plan what the department does with the draft."""
    committee = world.organizations[cycle.code]
    job = actions.submit_cycle(system("周期封账"), cycle.kind, cycle.period, committee)
    jobs.run(job.pk)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise RuntimeError(f"{job.title}：{job.message}")
    row = Bulletin.objects.get(cycle__kind=cycle.kind, cycle__period=cycle.period.key, organization=committee)
    if cycle.until == "draft":
        return
    frozen = _freeze_day(world, cycle.period)
    worded, reviewed, issued = (working_calendar().add(frozen, days) for days in (1, 2, 4))
    world.timeline.at(moment(worded, 15, 20), partial(_word, world, cycle, row.pk, words.next()))
    world.timeline.at(moment(reviewed, 10, 5), partial(_review, world, cycle, row.pk))
    if cycle.until == "issued":
        world.timeline.at(moment(issued, 9, 40), partial(_issue, world, cycle, row.pk))


def _actor(world: World, cycle: Plan, place: int) -> Actor:
    code, _, seat = COMMITTEES[cycle.code][place].partition(":")
    person: Person = world.rosters[code][int(seat)]
    committee: Organization = world.organizations[cycle.code]
    return world.actor(person, committee)


def _word(world: World, cycle: Plan, pk: int, wordings: dict[str, str]) -> None:
    bulletin = Bulletin.objects.select_related("organization").get(pk=pk)
    actions.word_bulletin(_actor(world, cycle, 0), bulletin, wordings, bulletin.edit)


def _review(world: World, cycle: Plan, pk: int) -> None:
    actions.review_bulletin(
        _actor(world, cycle, 1), Bulletin.objects.select_related("organization").get(pk=pk)
    )


def _issue(world: World, cycle: Plan, pk: int) -> None:
    actions.issue_bulletin(
        _actor(world, cycle, 2), Bulletin.objects.select_related("organization").get(pk=pk)
    )

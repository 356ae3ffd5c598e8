"""What each branch holds in each month, and how its record comes about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from branches.demo import World, data, found_groups, moment
from core import clock
from core.periods import add_months
from core.workdays import official_calendar
from meetings import actions
from meetings.demo.holding import content_of, follow
from meetings.demo.roll import COMMITTEE, GROUP, LESSON, MEMBERS, THEME, Gathering, Host, Roll
from meetings.demo.words import Words, ballot
from members import actions as members
from members.choices import Stage
from members.demo import divide

if TYPE_CHECKING:
    from random import Random

    from accounts.models import Person
    from meetings.actions.content import MeetingInput
    from meetings.models import Meeting

HOURS = (
    (time(9), time(10, 20)),
    (time(15), time(16, 10)),
    (time(15, 30), time(17)),
    (time(19, 30), time(20, 40)),
)
STAGES_AFTER = {"admit": Stage.PROBATIONARY, "full": Stage.FULL}
GAPS = 0.05
"""Of a hundred meetings that were owed, so many were not held, beside those of the script."""


def plan_stage(world: World, words: Words, stage: int) -> None:
    """Plan everything that the branches of a stage hold from their first month to the day of the demo."""
    script = data("meetings", "script")
    for code in world.branches():
        if world.specs[code]["stage"] == stage:
            year = Year(Host(world, words, code), script)
            for back in range(world.first(code), -1, -1):
                year.plan(back)
            year.votes()


@dataclass(slots=True)
class Year:
    """The calendar of one branch."""

    host: Host
    script: dict[str, list[dict[str, Any]]]

    def plan(self, back: int) -> None:
        """One month: 支委会, 主题党日 (with 党课 or 党员大会 once a quarter), 党小组会, votes of the script."""
        host, month = self.host, self.host.world.month(back)
        spec = host.world.specs[host.code]
        chance = host.world.stream(f"meetings/{host.code}/{back}")
        if back == spec.get("groups_since"):
            host.world.timeline.at(moment(month.start, 8, 40), self._divide)
        if spec["committee"] > 2:
            self._one(chance, back, "committee", (COMMITTEE,), chance.randint(3, 10))
        of_quarter = (
            THEME,
            *((LESSON,) if month.number % 3 == 2 else (MEMBERS,) if month.number % 3 == 0 else ()),
        )
        self._one(chance, back, "day", of_quarter, chance.randint(14, 24))
        for number in range(1, len(spec.get("groups", ())) + 1):
            if back <= spec["groups_since"]:
                self._one(chance, back, f"group{number}", (GROUP,), chance.randint(11, 20))

    def _divide(self) -> None:
        divide(self.host.world, self.host.code, found_groups(self.host.world, self.host.code))

    def _one(self, chance: Random, back: int, part: str, kinds: tuple[str, ...], number: int) -> None:
        """One gathering around the ``number``-th day; the draws are made even where it is not held."""
        world, turn = self.host.world, self._turn(back, part)
        day = _working(world.month(back).start + timedelta(days=number - 1))
        starts, ends = chance.choice(HOURS)
        own = world.stream(f"{self.host.code}/{back}/{part}")
        skipped = chance.random() < GAPS and self.host.code != "LC01-BH-BH"
        if turn == "missing" or (skipped and not turn):
            return
        if turn in ("draft", "planned"):
            ahead = timedelta(days=3 if turn == "planned" else -1)
            plan = Gathering(self.host.code, kinds, world.on + ahead, starts, ends, turn)
            world.timeline.at(moment(world.on - timedelta(days=1), 21, 10), partial(self._begin, plan, own))
            return
        delay = own.randint(6, 11) if turn == "late" else 0
        plan = Gathering(self.host.code, kinds, day, starts, ends, turn or self._habit(own, part))
        when = moment(day + timedelta(days=delay), ends.hour, 58 - own.randint(0, 15))
        world.timeline.at(when, partial(self._hold, plan, own, part))

    def _turn(self, back: int, part: str) -> str:
        wanted = (self.host.code, back, part)
        turns = self.script["turn"]
        return next((str(t["what"]) for t in turns if (t["branch"], t["back"], t["part"]) == wanted), "")

    def _habit(self, own: Random, part: str) -> str:
        """A recorder enters some records and the secretary files them the next morning."""
        return "two" if part.startswith("group") or own.random() < 0.3 else ""

    def _begin(self, plan: Gathering, own: Random) -> None:
        """A draft that waits: complete, or with nothing but its agenda."""
        content = content_of(self.host, plan, own)
        if plan.turn == "planned":
            content = replace(content, roll=(), minutes="", lecturer="", observers="")
        actions.start_meeting(self.host.actor(), self.host.organization, content)

    def _hold(self, plan: Gathering, own: Random, part: str) -> None:
        """Enter the record of a gathering that has just ended, and see it filed."""
        host = self.host
        if part.startswith("group"):
            groups = host.organization.children.order_by("position")
            plan = replace(plan, group=groups[int(part.removeprefix("group")) - 1])
        self._enter(plan, content_of(host, plan, own), own)

    def _enter(self, plan: Gathering, content: MeetingInput, own: Random) -> None:
        host = self.host
        shared = plan.turn in ("two", "pending") and len(host.officers) > 1
        by = host.actor(host.officers[1] if shared else None)
        meeting = actions.start_meeting(by, host.organization, content)
        if host.organization.temporary and COMMITTEE in plan.kinds:
            actions.explain_finding(by, meeting, "CM-04", host.words.small["reasons"]["explain"])
        if plan.turn == "quorum":
            actions.explain_finding(by, meeting, "MT-07", host.words.small["reasons"]["explain_quorum"])
        if not shared:
            self._filed(actions.submit_and_file(by, meeting, meeting.version), plan, content, own)
            return
        meeting = actions.submit_meeting(by, meeting, meeting.version)
        if plan.turn != "pending":
            morning = moment(clock.today() + timedelta(days=1), 8, 30 + own.randint(0, 25))
            host.world.timeline.at(morning, partial(self._file, meeting, plan, content, own))

    def _file(self, meeting: Meeting, plan: Gathering, content: MeetingInput, own: Random) -> None:
        self._filed(actions.file_meeting(self.host.actor(), meeting), plan, content, own)

    def _filed(self, meeting: Meeting, plan: Gathering, content: MeetingInput, own: Random) -> None:
        """What comes after the filing."""
        follow(self.host, meeting, own)
        again = moment(clock.today() + timedelta(days=2), 10, 15)
        if plan.turn == "double":
            self.host.world.timeline.at(again, partial(self._double, content))
        if plan.turn == "correct":
            self.host.world.timeline.at(again, partial(self._correct, meeting, content))

    def _double(self, content: MeetingInput) -> None:
        """The same gathering entered once more, and voided."""
        by, reasons = self.host.actor(), self.host.words.small["reasons"]
        second = actions.start_meeting(by, self.host.organization, content)
        second = actions.submit_and_file(by, second, second.version)
        actions.void_meeting(by, second, reasons["void"])

    def _correct(self, meeting: Meeting, content: MeetingInput) -> None:
        """A second version with another place and an observer."""
        by, reasons = self.host.actor(), self.host.words.small["reasons"]
        draft = actions.correct_meeting(by, meeting, reasons["correct"])
        content = replace(content, place="站内学习室", observers="滨河大队政治教导员列席")
        draft = actions.save_meeting(by, draft, content, draft.version)
        actions.submit_and_file(by, draft, draft.version)

    def votes(self) -> None:
        """Plan the votes of the script: 转正 when a year of probation is over, the others in their month."""
        host, world = self.host, self.host.world
        for vote in self.script["vote"]:
            if vote["branch"] != host.code:
                continue
            who = world.rosters[host.code][vote["who"]] if "who" in vote else None
            if vote["item"] == "full" and who is not None:
                first = add_months(who.member.joined_on, 12)
            else:
                first = world.month(vote["back"]).start + timedelta(days=11)
            day = _working(first)
            world.timeline.at(moment(day, 17, 20), partial(self._vote, vote["item"], who, first, day))

    def _vote(self, name: str, who: Person | None, since: date, day: date) -> None:
        """A 党员大会 of its own with a secret ballot; what it decides is entered in the register."""
        host, own = self.host, self.host.world.stream(f"vote/{self.host.code}/{name}/{day}")
        plan = Gathering(host.code, (MEMBERS,), day, time(15), time(16, 30))
        roll = Roll(host, plan, own)
        motion = ballot(
            roll.room,
            host.words.members[name],
            who.name if who else "",
            roll.room.owner("org"),
            lost=who is None,
        )
        plan = replace(plan, agenda=(motion,))
        self._enter(plan, content_of(host, plan, own, roll), own)
        if who is not None:
            stage, reason = STAGES_AFTER[name], motion.title
            members.change_stage(host.world.by, who.member, stage=stage, since=since, reason=reason)
            host.world.changes += 1


def _working(day: date) -> date:
    """The first working day from ``day`` on."""
    calendar = official_calendar()
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day

"""The people of the demo: invented names, plausible posts, ranks and dates; numbers that nobody can have."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from accounts.actions import create_person
from accounts.choices import Sex
from accounts.rules import check_digit
from branches.demo import OFFICES, Spec, World, data, moment
from core import clock
from core.periods import add_months
from members import actions
from members.choices import WITHOUT_RANK, Category, Exempt, Precision, Stage, StayKind
from members.models import Member

if TYPE_CHECKING:
    from random import Random

    from accounts.models import Person
    from branches.models import Organization

LADDER = (Stage.FULL, Stage.PROBATIONARY, Stage.TARGET, Stage.ACTIVIST, Stage.APPLICANT)
NOWHERE = "98"
"""The first two digits of the identity numbers: a region that does not exist, so that they are nobody's."""
MOVED = ("LC01-BH-BH", "LC01-BH-GL", 15)
"""From which branch to which one member moves, and the place on the roster."""
NOT_COUNTED: tuple[tuple[Any, ...], ...] = (
    (5, "LC01-BH-BH", 17, Exempt.AWAY_HALF_YEAR, True),
    (1, "LC01-BH-GL", 7, Exempt.ABROAD, False),
)
"""Who is not counted as due: months back, branch, place on the roster, why, whether the members approved."""
ON_TASK = ("LC01-LS", (("LC01-TQ", 6), ("LC01-TQ", 7)))
"""The temporary branch and who takes part there besides its officers; their relations stay at home."""
OF_NOBODY = "1400000"
"""The first digits of the phone numbers: a range that is not given to telephones of persons."""


class Names:
    """Names put together by chance, each given once."""

    def __init__(self, chance: Random) -> None:
        """The syllables come from the data of the room."""
        self.chance, self.words, self.given = chance, data("members", "names"), set[str]()

    def draw(self, sex: str) -> str:
        """A name that nobody of the demo has yet."""
        while True:
            name: str = self.chance.choice(self.words["surnames"]) + self._first(sex)
            if name not in self.given and len(set(name)) == len(name):
                self.given.add(name)
                return name

    def _first(self, sex: str) -> str:
        word, pick = self.words, self.chance.choice
        if sex == Sex.FEMALE:
            return str(pick(word["female_first"]) + pick(word["female_second"]))
        return str(pick(word["male_first"]) + pick(word["male_second"]))


class Registrar:
    """Puts the rosters of one stage after another on the register."""

    def __init__(self, world: World) -> None:
        """One registrar serves the whole demo, so that no name and no number comes twice."""
        self.world, self.chance = world, world.stream("people")
        self.names, self.file, self.count = Names(self.chance), data("members", "people"), 0

    def register_stage(self, stage: int) -> None:
        """Register the rosters of the branches of a stage; the clock stands on their first day."""
        for branch in self.file["branch"]:
            if self.world.specs[branch["code"]]["stage"] == stage:
                self._register(branch)
        self._lend(stage)

    def _register(self, branch: Spec) -> None:
        code = branch["code"]
        organization = self.world.organizations[code]
        stages = [one for one, n in zip(LADDER, branch["stages"], strict=False) for _ in range(n)]
        lines = [line.split("|") for line in self._lines(branch, len(stages))]
        roster = [self._person(line) for line in lines]
        for person, line, stage in zip(roster, lines, stages, strict=True):
            self._enter(person, organization, line, stage)
        self.world.rosters[code] = roster
        places = branch.get("officers", range(len(OFFICES[self.world.specs[code]["committee"]])))
        self.world.officers[code] = [roster[place] for place in places]

    def _lines(self, branch: Spec, wanted: int) -> list[str]:
        if "lines" in branch:
            return list(branch["lines"])
        if branch["profile"] == "battalion":
            return list(self.file["battalion"][:wanted])
        return [*self.file["station_lead"], *islice(cycle(self.file["station_rest"]), wanted)][:wanted]

    def _lend(self, stage: int) -> None:
        """A temporary branch has officers of other rosters and none of its own."""
        for post in data("branches", "posts")["post"]:
            spec = self.world.specs[post["organization"]]
            if spec.get("temporary") and spec["stage"] == stage:
                code, _, place = post["who"].partition(":")
                lent = self.world.rosters[code][int(place)]
                self.world.rosters.setdefault(spec["code"], []).append(lent)

    def _person(self, line: list[str]) -> Person:
        duty, category, _, age = line
        share = 0.7 if category == Category.CLERK else 0.25 if category == Category.SPECIALIST else 0.04
        sex = Sex.FEMALE if self.chance.random() < share else Sex.MALE
        years = int(age) + self.chance.randint(0, 3)
        born = date(self.world.on.year - years, self.chance.randint(1, 12), self.chance.randint(1, 28))
        self.count += 1
        return create_person(
            self.world.by,
            name=self.names.draw(sex),
            sex=sex,
            born_on=born,
            id_number=self._id_number(born, sex),
            phone=f"{OF_NOBODY}{self.count:04}",
        )

    def _id_number(self, born: date, sex: str) -> str:
        order = 2 * self.count + (sex == Sex.MALE)
        digits = f"{NOWHERE}{self.chance.randint(1, 9):02}{self.chance.randint(1, 20):02}{born:%Y%m%d}{order % 1000:03}"
        return digits + check_digit(digits + "0")

    def _enter(self, person: Person, organization: Organization, line: list[str], stage: str) -> None:
        duty, category, rank, _ = line
        today = clock.today()
        late = stage not in (Stage.FULL, Stage.PROBATIONARY)
        since = today - timedelta(days=self.chance.randint(100, 480 if late else 1500))
        actions.register(
            self.world.by,
            person=person,
            organization=organization,
            stage=stage,
            since=since,
            category=category,
            rank="" if category in WITHOUT_RANK else rank,
            duty=duty,
            **self._details(person, category),
            **self._dates(person, stage, today),
        )

    def _details(self, person: Person, category: str) -> dict[str, Any]:
        assert person.born_on is not None  # set a moment ago
        schools = {
            "firefighter": ["大专", "大专", "本科", "高中"],
            "contract": ["高中", "大专", "中专"],
            "clerk": ["本科", "大专"],
        }
        return {
            "ethnicity": self.chance.choice(self.names.words["ethnic"]),
            "native_place": f"澜川{self.chance.choice(self.names.words['places'])}",
            "education": self.chance.choice(schools.get(category, ["本科", "本科", "研究生"])),
            "worked_from": add_months(
                person.born_on, 12 * self.chance.randint(18, 20) + self.chance.randint(6, 11)
            ),
        }

    def _dates(self, person: Person, stage: str, today: date) -> dict[str, Any]:
        """入党 and 转正: a full member joined long enough ago, a probationary one within the last months."""
        assert person.born_on is not None  # set a moment ago
        if stage == Stage.PROBATIONARY:
            return {"joined_on": today - timedelta(days=self.chance.randint(20, 150))}
        if stage != Stage.FULL:
            return {}
        wished = add_months(person.born_on, 12 * self.chance.randint(19, 24) + self.chance.randint(0, 11))
        joined = min(wished, today - timedelta(days=self.chance.randint(400, 430)))
        if self.chance.random() < 0.1:
            month = {"joined_on": joined.replace(day=1), "joined_precision": Precision.MONTH}
            return month | {
                "full_on": add_months(joined.replace(day=1), 12),
                "full_precision": Precision.MONTH,
            }
        return {"joined_on": joined, "full_on": add_months(joined, 12)}


def divide(world: World, code: str, groups: list[Organization]) -> None:
    """Put the roster of a branch into its 党小组 in turn, leaders into their own; the clock stands on the day."""
    branch = world.organizations[code]
    by = world.actor(world.officers[code][0], branch)
    first = len(world.officers[code])
    members = {row.person_id: row for row in Member.objects.filter(organization=branch)}
    for place, person in enumerate(world.rosters[code]):
        if person.pk in members:
            group = groups[(place - first) % len(groups)]
            actions.assign_group(by, members[person.pk], group=group, since=clock.today())
    world.changes += 1


def plan(world: World) -> None:
    """Somebody is moved from one station of the pilot to another, two need not be counted as due."""
    old, new, place = MOVED
    day = world.month(7).start

    def move() -> None:
        member = world.rosters[old][place].member
        target = world.organizations[new]
        actions.transfer(world.by, member, organization=target, since=day, reason="岗位交流")
        world.changes += 1

    world.timeline.at(moment(day, 8, 35), move)
    world.timeline.at(moment(world.begin(ON_TASK[0]), 8, 20), partial(_send, world))
    for back, *who in NOT_COUNTED:
        world.timeline.at(moment(world.month(back).start, 8, 40), partial(_exempt, world, *who))


def _send(world: World) -> None:
    """The officers of the temporary branch and two more leave for the task (MT-14, BR-08)."""
    code, more = ON_TASK
    terms = actions.Terms(StayKind.TASK, clock.today(), reason="森林防灭火靠前驻防")
    for person in [*world.rosters[code], *(world.rosters[home][place] for home, place in more)]:
        actions.lend(world.by, person.member, world.organizations[code], terms)
    world.changes += 1


def _exempt(world: World, code: str, place: int, why: str, approved: bool) -> None:
    """The secretary records that a member need not be counted as due from this day on."""
    branch, today = world.organizations[code], clock.today()
    asked = today - timedelta(days=3)
    above = branch.parent.name if branch.parent else ""
    actions.exempt(
        world.actor(world.officers[code][0], branch),
        world.rosters[code][place].member,
        reason=why,
        since=today,
        consent=actions.Consent(asked, above, approved_on=asked if approved else None),
    )
    world.changes += 1

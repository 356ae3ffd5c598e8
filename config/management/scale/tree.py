"""The tree: one root, 总队, 支队, 大队, 支部, and groups in the larger branches; invented names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from branches.choices import Kind, Office, UnitLevel
from branches.demo import OFFICES
from branches.models import Organization, Placement, Term
from branches.querysets import step
from config.management.scale import bulk
from config.management.scale.plan import Plan
from core.periods import add_months
from core.pinyin import spell

WORDS = "青云岚溪北南东西临安丰桐桥原泽川岭湖湾港屏谷澜海山石松柏梅兰竹"
TERM_YEARS = 3
GROUPED_FROM = 10
"""Members from which a branch of the seed has two groups."""
GROUPS = 2
LEVELS = (
    ("corps", UnitLevel.CORPS, Kind.COMMITTEE, "总队党委"),
    ("detachment", UnitLevel.DETACHMENT, Kind.COMMITTEE, "支队党委"),
    ("battalion", UnitLevel.BATTALION, Kind.COMMITTEE, "大队党委"),
    ("branch", UnitLevel.STATION, Kind.BRANCH, "站党支部"),
)


@dataclass(slots=True)
class Forest:
    """The organisations by level; a node keeps its first branch, so that officers can be found."""

    rows: list[Organization] = field(default_factory=list)
    levels: dict[str, list[Organization]] = field(default_factory=dict)
    groups: dict[int, list[Organization]] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    """Of a committee the number of the first branch below it."""


def build(plan: Plan, sizes: list[int]) -> Forest:
    """Write the organisations with their placements and terms."""
    forest = Forest()
    root = _place(plan, forest, None, "R", "试验消防救援局党委", Kind.COMMITTEE, "", 0)
    above = forest.levels["root"] = [root]
    for level, unit, kind, tail in LEVELS:
        count = plan.count(level)
        made = [
            _place(
                plan,
                forest,
                above[number * len(above) // count],
                f"{level[:2].upper()}{number + 1:05}",
                f"{_word(number)}{tail}",
                kind,
                unit,
                number,
            )
            for number in range(count)
        ]
        above = forest.levels[level] = made
    _groups(plan, forest, sizes)
    _find_first(forest)
    bulk.save(Organization, forest.rows)
    bulk.save(Placement, (_placement(plan, row) for row in forest.rows))
    bulk.save(Term, _terms(plan, forest, sizes))
    return forest


def _word(number: int) -> str:
    """A name of three characters, different for each number below 27,000."""
    size = len(WORDS)
    return WORDS[number % size] + WORDS[number // size % size] + WORDS[number // size**2 % size]


def _place(
    plan: Plan,
    forest: Forest,
    parent: Organization | None,
    code: str,
    name: str,
    kind: Kind,
    level: str,
    position: int,
) -> Organization:
    pk = len(forest.rows) + 1
    pinyin, initials = spell(name)
    row = Organization(
        id=pk,
        code=code,
        name=name,
        short_name=name,
        kind=kind,
        level=level,
        parent=parent,
        path=(parent.path if parent else "") + step(pk),
        position=position % 1000,
        pinyin=pinyin,
        initials=initials,
        founded_on=plan.founded,
        duties_from=plan.begin,
    )
    forest.rows.append(row)
    return row


def _groups(plan: Plan, forest: Forest, sizes: list[int]) -> None:
    for branch, size in zip(forest.levels["branch"], sizes, strict=True):
        if size >= GROUPED_FROM:
            forest.groups[branch.pk] = [
                _place(plan, forest, branch, f"{branch.code}G{n}", f"第{'一二'[n]}党小组", Kind.GROUP, "", n)
                for n in range(GROUPS)
            ]


def _find_first(forest: Forest) -> None:
    for number, branch in enumerate(forest.levels["branch"]):
        for pk in branch.ancestor_ids:
            forest.first.setdefault(pk, number)


def _placement(plan: Plan, row: Organization) -> Placement:
    return Placement(organization=row, parent_id=row.parent_id, since=plan.founded)


def offices(size: int) -> tuple[Office, ...]:
    """The offices of a branch of ``size`` members: a committee from seven on."""
    return OFFICES[5 if size >= 10 else 3 if size >= 7 else 1]


def _terms(plan: Plan, forest: Forest, sizes: list[int]) -> Iterator[Term]:
    """One term for each committee and each branch that has one."""
    branches = zip(forest.levels["branch"], sizes, strict=True)
    seated = [row for row, size in branches if len(offices(size)) > 1]
    above = [row for level in ("root", "corps", "detachment", "battalion") for row in forest.levels[level]]
    for row in [*above, *seated]:
        ends = add_months(plan.founded, 12 * TERM_YEARS)
        yield Term(organization=row, started_on=plan.founded, years=TERM_YEARS, ends_on=ends)

"""One line of a roster: every cell understood or named as wrong, then the line checked as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Person
from core.periods import add_months
from members.choices import WITHOUT_RANK, Category, Stage
from members.imports import values
from members.imports.lines import Line
from members.imports.values import BadValue, Issue, Moment
from members.models import Member

LENGTHS = {"name": 50, "duty": 50, "ethnicity": 20, "native_place": 50, "education": 20}
DATES = ("worked_from", "joined_on", "full_on")
OFFICERS = (Category.COMMANDER, Category.SPECIALIST)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the day and the regulations say: admission age in years, longest probation in months."""

    today: date
    age: int
    probation: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds of one identity number."""

    person: Person
    member: Member | None


@dataclass(slots=True)
class Entry:
    """One line on its way into the register.

    ``facts`` holds what was understood, under the names of the register; ``status`` is new, changed,
    same or error; ``changes`` maps a field to (shown before, shown after); ``known`` is the person on record.
    """

    line: int
    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    status: str = ""
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: Known | None = None

    @property
    def person(self) -> Person:
        """The person on record; only for lines that have one."""
        if self.known is None:
            raise LookupError(f"line {self.line} names nobody on record")
        return self.known.person

    @property
    def member(self) -> Member:
        """The member on record; only for lines that have one."""
        if self.known is None or self.known.member is None:
            raise LookupError(f"line {self.line} names no member on record")
        return self.known.member

    def wrong(self, key: str, message: str, value: str = "") -> None:
        """Note an error in a column."""
        self.errors.append(Issue(self.line, key, message, value))

    def doubt(self, key: str, message: str, value: str = "") -> None:
        """Note a warning in a column."""
        self.warnings.append(Issue(self.line, key, message, value))


def parse_line(line: Line, limits: Limits) -> Entry:
    """Understand the cells of ``line``; branch and group stay text, the register is not asked."""
    entry = Entry(line.number)
    _names(entry, line)
    _identity(entry, line, limits)
    _dates(entry, line, limits)
    _kinds(entry, line)
    _contact(entry, line)
    _check_dates(entry, limits)
    return entry


def _names(entry: Entry, line: Line) -> None:
    """Name and plain texts, none longer than the register keeps; branch and group as they stand."""
    entry.facts["name"] = values.name(line.cells.get("name"))
    if not entry.facts["name"]:
        entry.wrong("name", "姓名未填写")
    for key in ("duty", "ethnicity", "native_place", "education", "organization", "group"):
        shown = values.text(line.cells.get(key))
        if shown:
            entry.facts[key] = shown
    for key, most in LENGTHS.items():
        if len(entry.facts.get(key, "")) > most:
            entry.wrong(key, f"超过 {most} 字，请缩短", entry.facts[key])


def _identity(entry: Entry, line: Line, limits: Limits) -> None:
    """The identity number, and what it says against birth date and sex of the sheet."""
    cell = line.cells.get("id_number")
    if cell is None:
        entry.wrong("id_number", "身份证号未填写")
        return
    try:
        found = values.id_number(cell, limits.today)
    except BadValue as error:
        entry.wrong("id_number", str(error), values.narrow(cell))
        return
    entry.facts |= {"id_number": found.number, "born_on": found.born_on, "sex": found.sex}
    sex = _read(line, "sex", values.sex, entry.doubt)
    if sex and sex != found.sex:
        entry.doubt("sex", "与身份证号不一致，按身份证号登记", values.text(line.cells["sex"]))
    born = _read(line, "born", lambda c: values.moment(c, limits.today), entry.wrong)
    if born and not born.day <= found.born_on <= born.last:
        entry.doubt("born", "与身份证号不一致，按身份证号登记", values.text(line.cells["born"]))


def _dates(entry: Entry, line: Line, limits: Limits) -> None:
    """参加工作、入党、转正."""
    for key in DATES:
        found = _read(line, key, lambda c: values.moment(c, limits.today), entry.wrong)
        if found:
            entry.facts[key] = found


def _kinds(entry: Entry, line: Line) -> None:
    """Rank, category and stage, and whether rank and category go together."""
    rank = _read(line, "rank", values.rank, entry.wrong) or ""
    category = _read(line, "category", lambda c: values.category(c, rank), entry.wrong)
    stage = _read(line, "stage", values.stage, entry.wrong)
    found = {"rank": rank, "category": category, "stage": stage}
    entry.facts |= {key: value for key, value in found.items() if value}
    shown = values.text(line.cells.get("rank"))
    if shown and category in WITHOUT_RANK:
        entry.wrong("rank", "政府专职消防员和消防文员没有消防救援衔，请清空", shown)
    elif rank and category and rank.startswith("f") == (category in OFFICERS):
        entry.doubt("rank", "衔级与人员类别不一致，请核对", shown)
    if values.narrow(line.cells.get("category")) == values.CADRE and not rank:
        entry.doubt("category", "没有衔级可参照，按“管理指挥干部”登记", values.CADRE)


def _contact(entry: Entry, line: Line) -> None:
    """The phone number; one of the wrong form is left out with a warning."""
    phone = _read(line, "phone", values.phone, entry.doubt)
    if phone:
        entry.facts["phone"] = phone


def _check_dates(entry: Entry, limits: Limits) -> None:
    """入党 and 转正 against each other, against the age, and the length of probation."""
    joined: Moment | None = entry.facts.get("joined_on")
    full: Moment | None = entry.facts.get("full_on")
    born = entry.facts.get("born_on")
    if joined and full and full.last < joined.day:
        entry.wrong("full_on", "转正时间早于入党时间", str(full.day))
    if joined and born and joined.last < add_months(born, limits.age * 12):
        entry.wrong("joined_on", f"入党时未满 {limits.age} 周岁", str(joined.day))


def check_probation(entry: Entry, stage: str, limits: Limits) -> None:
    """A probationary member past the longest probation without 转正 is a question to ask."""
    joined: Moment | None = entry.facts.get("joined_on")
    if stage != Stage.PROBATIONARY or joined is None:
        return
    if add_months(joined.last, limits.probation) < limits.today:
        years = limits.probation // 12
        entry.doubt("full_on", f"预备期已超过 {years} 年，没有转正时间，请核对", str(joined.day))


def _read(line: Line, key: str, reader: Callable[[Any], Any], report: Callable[..., None]) -> Any:
    """The understood cell, None for an empty one; a cell that is not understood goes to ``report``."""
    cell = line.cells.get(key)
    if cell is None:
        return None
    try:
        return reader(cell)
    except BadValue as error:
        report(key, str(error), values.text(cell))
        return None

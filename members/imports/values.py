"""Single cells of a roster: text, dates in many forms, categories, ranks. Pure Python."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from accounts.rules import (
    LOST_DIGITS,
    WRONG_LENGTH,
    WRONG_PHONE,
    IdNumber,
    read_id_number,
    read_phone,
    tidy,
    tidy_name,
)
from core.imports import Cell
from members.choices import Category, Precision, Rank, Stage

FIRST_YEAR = 1900
EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet serial numbers
SERIALS = range(7306, 80_000)  # 1920 … 2119, numbers of five digits or nearly so
LOST = 10**15  # a spreadsheet keeps 15 significant digits


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with a cell; ``key`` names the field, ``value`` is shown masked where personal."""

    row: int
    key: str
    message: str
    value: str = ""


class BadValue(ValueError):
    """A cell that cannot be understood; the text is one Chinese sentence."""


class Moment(NamedTuple):
    """A date and how exactly it is known; a month is kept as its first day with precision month."""

    day: date
    precision: str

    @property
    def last(self) -> date:
        """The last day that may be meant."""
        if self.precision == Precision.DAY:
            return self.day
        return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])


def text(cell: Cell) -> str:
    """A cell as one line of text without invisible characters; whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    shown = str(cell)
    if not shown.isprintable():  # mostly nothing is hidden in it
        shown = "".join(c for c in shown if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return " ".join(shown.split())


def narrow(cell: Cell) -> str:
    """As :func:`text` with full-width letters and digits made narrow and without spaces."""
    return "".join(unicodedata.normalize("NFKC", text(cell)).split())


def name(cell: Cell) -> str:
    """A name as it is kept: without inner spaces and invisible signs, the dot always ``·``."""
    return tidy_name(text(cell))


def id_number(cell: Cell, today: date) -> IdNumber:
    """An identity number in order; BadValue for lost digits, a wrong length, date or check digit."""
    if isinstance(cell, int | float) and cell >= LOST:
        raise BadValue(LOST_DIGITS)
    shown = tidy(text(cell))
    found = read_id_number(shown, today)
    if isinstance(found, str):
        raise BadValue(found)
    if len(shown) != len(found.number):
        raise BadValue(f"{WRONG_LENGTH}，实为 {len(shown)} 位")
    return found


def phone(cell: Cell) -> str:
    """A phone number; BadValue for anything else."""
    found = read_phone(narrow(cell))
    if found is None:
        raise BadValue(f"{WRONG_PHONE}，未导入")
    return found


def moment(cell: Cell, today: date) -> Moment:
    """A date as a date, ``1998.07``, ``1998-7-1``, ``199807``, ``1998年7月1日`` or a serial number.

    BadValue where it is impossible, in the future, or where a day or month would have to be invented.
    """
    if isinstance(cell, date):
        found = Moment(cell, Precision.DAY)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        found = _from_number(cell)
    else:
        found = _from_text(narrow(cell))
    if found.day.year < FIRST_YEAR:
        raise BadValue("日期不存在，请核对")
    if found.day > today:
        raise BadValue("日期晚于今天，请核对")
    return found


def _from_number(number: float) -> Moment:
    """A number cell: 199807, 19980701, a serial number, or 1998.07 (but 1998.1 is two months)."""
    shown = text(number)
    if number in SERIALS:
        return Moment(EPOCH + timedelta(days=int(number)), Precision.DAY)
    if re.fullmatch(r"[0-9]{4}\.1", shown):
        raise BadValue(f"“{shown}”分不清1月还是10月，请写成 {shown[:4]}.01 或 {shown[:4]}.10")
    return _from_text(shown)


def _from_text(shown: str) -> Moment:
    """A text cell without spaces, narrow."""
    shown = re.sub(r"(T|(?<=[0-9]))[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?$", "", _spaced(shown))
    packed = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})?", shown)
    apart = re.fullmatch(r"([0-9]{4})[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2})?日?)?", shown)
    found = packed or apart
    if found is None:
        if re.fullmatch(r"[0-9]{4}年?", shown):
            raise BadValue("只有年份，请写明年月")
        raise BadValue("无法识别的日期，请写成 1998-07-01 或 1998.07")
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 0)
    try:
        return Moment(date(year, month, day or 1), Precision.DAY if found[3] else Precision.MONTH)
    except ValueError as error:
        raise BadValue("日期不存在，请核对") from error


def _spaced(shown: str) -> str:
    """``1998-07-0100:00:00`` (spaces already gone) back to a date alone."""
    return re.sub(r"^([0-9]{4}[-./][0-9]{2}[-./][0-9]{2})[0-9]{2}:[0-9:.]+$", r"\1", shown)


CATEGORIES: dict[str, str] = {
    **{category.label: category.value for category in Category},
    "管理指挥": Category.COMMANDER,
    "管理指挥类干部": Category.COMMANDER,
    "干部(管理指挥)": Category.COMMANDER,
    "干部(管理指挥类)": Category.COMMANDER,
    "专业技术": Category.SPECIALIST,
    "专业技术类干部": Category.SPECIALIST,
    "干部(专业技术)": Category.SPECIALIST,
    "干部(专业技术类)": Category.SPECIALIST,
    "消防员": Category.FIREFIGHTER,
    "国家综合性消防救援队伍消防员": Category.FIREFIGHTER,
    "专职消防员": Category.CONTRACT,
    "政府专职": Category.CONTRACT,
    "政府专职消防队员": Category.CONTRACT,
    "专职队员": Category.CONTRACT,
    "文员": Category.CLERK,
    "机关文员": Category.CLERK,
}
RANKS: dict[str, str] = {rank.label: rank.value for rank in Rank}
STAGES: dict[str, str] = {
    **{stage.label: stage.value for stage in Stage},
    "党员": Stage.FULL,
    "中共党员": Stage.FULL,
    "中共正式党员": Stage.FULL,
    "中共预备党员": Stage.PROBATIONARY,
    "积极分子": Stage.ACTIVIST,
    "入党申请人": Stage.APPLICANT,
}
SEXES = {"男": "male", "男性": "male", "女": "female", "女性": "female"}
CADRE = "干部"


def category(cell: Cell, rank: str) -> str:
    """The personnel category; plain 干部 is told apart by the rank; BadValue for anything else."""
    shown = narrow(cell)
    if shown == CADRE:
        return Category.SPECIALIST if rank.startswith("s") else Category.COMMANDER
    if shown not in CATEGORIES:
        words = "、".join(category.label for category in Category)
        raise BadValue(f"没有这一人员类别，请写：{words}")
    return CATEGORIES[shown]


def rank(cell: Cell) -> str:
    """The rank of 消防救援衔条例; BadValue for anything else."""
    shown = narrow(cell)
    if shown not in RANKS:
        raise BadValue("没有这一消防救援衔，请按条例规定的名称填写")
    return RANKS[shown]


def stage(cell: Cell) -> str:
    """Where the person stands towards the party; BadValue for anything else."""
    shown = narrow(cell)
    if shown not in STAGES:
        words = "、".join(stage.label for stage in Stage)
        raise BadValue(f"没有这一党员类别，请写：{words}")
    return STAGES[shown]


def sex(cell: Cell) -> str:
    """男 or 女; BadValue for anything else."""
    shown = narrow(cell)
    if shown not in SEXES:
        raise BadValue("性别请写“男”或“女”")
    return SEXES[shown]

"""A strict reader of facts: JSON in, frozen dataclasses out, one sentence for what does not fit.

An absent key is ``UNKNOWN`` (nobody has said), ``None`` is known not to have happened. The form is
read from the annotations, so the module of a facts class must import its types at run time::

    @dataclass(frozen=True, slots=True)
    class Vote:
        due: int | Unknown = UNKNOWN
        held_on: date | None | Unknown = UNKNOWN
        in_favour: int | Unknown = named("for")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

T = TypeVar("T")


class Unknown(Enum):
    """The type of ``UNKNOWN``; ask ``fact is UNKNOWN``, never its truth."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be true or false, so that a rule cannot take an unknown fact for a no."""
        raise TypeError("an unknown fact is neither true nor false")


UNKNOWN: Final = Unknown.UNKNOWN

Signed = Annotated[int, "signed"]
"""A number of days that may be below zero, within a century; a plain ``int`` is a count."""

Span = Annotated[int, "span"]
"""A length of time in months or years, at most 1200: from a day it stays in the calendar."""

Year = Annotated[int, "year"]
"""A calendar year in which a record of this house can lie."""

MOST = 1_000_000
LONGEST = 1200
CENTURY = 36_525
FIRST_YEAR, LAST_YEAR = 1900, 2200


class FactsError(ValueError):
    """The facts are not of the agreed form; the text is one Chinese sentence for the user."""


class Month(NamedTuple):
    """A calendar month, written ``2026-09``."""

    year: int
    month: int


def named(key: str) -> Any:
    """A field whose JSON key is a Python keyword or reads badly (``for``); unknown when absent."""
    return field(default=UNKNOWN, metadata={"key": key})


def parse(cls: type[T], data: object, where: str = "") -> T:
    """Read ``data`` as the frozen dataclass ``cls``.

    Raises ``FactsError`` for an unknown key, a missing compulsory key, a wrong type, an impossible
    date or a value outside its list; ``where`` is the path named in the sentence.
    """
    if not isinstance(data, Mapping):
        raise FactsError(_say(where, "应为一个对象（{…}）"))
    form = _form(cls)
    for key in data:
        if key not in form:
            raise FactsError(_say(where, f"不认识的键“{key}”"))
    return cls(**{slot.name: _field(slot, hint, key, data, where) for key, (slot, hint) in form.items()})


_FORMS: dict[Any, dict[str, tuple[Field[Any], Any]]] = {}


def _form(cls: Any) -> dict[str, tuple[Field[Any], Any]]:
    """JSON key → (dataclass field, type) of a facts class; read from its annotations once."""
    if cls not in _FORMS:
        hints = get_type_hints(cls, include_extras=True)
        keys = ((slot.metadata.get("key", slot.name), slot) for slot in fields(cls))
        _FORMS[cls] = {key: (slot, hints[slot.name]) for key, slot in keys}
    return _FORMS[cls]


def _field(slot: Field[Any], hint: Any, key: str, data: Mapping[Any, object], where: str) -> Any:
    """The value of one field: what was given, its default, or a sentence that it is compulsory."""
    path = f"{where}.{key}" if where else key
    if key in data:
        return _read(hint, data[key], path)
    if slot.default is not MISSING:
        return slot.default
    if slot.default_factory is not MISSING:
        return slot.default_factory()
    raise FactsError(_say(path, "必须填写"))


def _read(hint: Any, value: object, path: str) -> Any:
    """Read one value as ``hint`` says; a union has one type beside ``None`` and ``Unknown``."""
    origin = get_origin(hint)
    if origin is Union or origin is UnionType:
        members = [member for member in get_args(hint) if member is not Unknown]
        if value is None and NoneType in members:
            return None
        (hint,) = [member for member in members if member is not NoneType]
        return _read(hint, value, path)
    if origin is tuple or origin is list:
        return _series(hint, value, path)
    if origin is Literal:
        return _one_of(get_args(hint), value, path)
    if origin is Annotated:
        return _whole(value, path, *_BOUNDS[get_args(hint)[1]])
    if is_dataclass(hint) and isinstance(hint, type):
        return parse(hint, value, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_one_of(tuple(member.value for member in hint), value, path))
    return _PLAIN[hint](value, path)


def _series(hint: Any, value: object, path: str) -> Any:
    """A JSON list as the tuple or list that the hint asks for."""
    if not isinstance(value, list):
        raise FactsError(_say(path, "应为一个列表（[…]）"))
    item = get_args(hint)[0]
    return get_origin(hint)(_read(item, one, f"{path}[{n}]") for n, one in enumerate(value))


def _one_of(allowed: tuple[Any, ...], value: object, path: str) -> Any:
    """A value of a closed list."""
    if not isinstance(value, str) or value not in allowed:
        raise FactsError(_say(path, f"只能是 {'、'.join(map(str, allowed))} 之一"))
    return value


def _whole(value: object, path: str, least: int = 0, most: int = MOST) -> int:
    """A whole number; ``true`` is none, and a count is not below zero."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise FactsError(_say(path, "应为整数"))
    if not least <= value <= most:
        raise FactsError(_say(path, f"应在 {least} 至 {most} 之间"))
    return value


def _text(value: object, path: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise FactsError(_say(path, "应为文字"))
    return value


def _flag(value: object, path: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise FactsError(_say(path, "应为 true 或 false"))
    return value


def read_day(value: object, path: str) -> date:
    """A day that exists, written ``YYYY-MM-DD``."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise FactsError(_say(path, "应为日期，写作 2026-10-12"))
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise FactsError(_say(path, f"没有“{value}”这一天")) from error
    return _sensible(day, path)


def _sensible(day: date, path: str) -> date:
    """A day on which a record of this house can lie; months from it stay in the calendar."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise FactsError(_say(path, f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间"))
    return day


def _month(value: object, path: str) -> Month:
    """A month, written ``YYYY-MM``."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        raise FactsError(_say(path, "应为月份，写作 2026-09"))
    first = _sensible(date(max(int(value[:4]), 1), int(value[5:]), 1), path)
    return Month(first.year, first.month)


def _amount(value: object, path: str) -> Decimal:
    """An amount written as text with decimals (``"78.00"``), never below zero."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", value):
        raise FactsError(_say(path, '应为带引号的金额，写作 "78.00"'))
    return Decimal(value)


def _say(path: str, what: str) -> str:
    """One sentence that names the place."""
    return f"{path}：{what}" if path else what


_BOUNDS = {
    "signed": (-CENTURY, CENTURY),
    "span": (0, LONGEST),
    "year": (FIRST_YEAR, LAST_YEAR),
}
_PLAIN: dict[Any, Callable[[object, str], Any]] = {
    int: _whole,
    str: _text,
    bool: _flag,
    date: read_day,
    Month: _month,
    Decimal: _amount,
}

"""Another value of the same kind for a column."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Field

from core import clock

STRAY = 7_000_000
"""A key that no row has: without triggers nobody minds."""


def another(random: Random, field: Field[Any, Any], value: Any) -> Any:
    """A value that ``field`` can hold and that is not ``value``."""
    if isinstance(field, models.ForeignKey):
        return _key(random, field, value)
    if field.choices:
        known = [key for key, _ in field.flatchoices if key != value]
        return random.choice(known)
    match field:
        case models.JSONField():
            return _json(value)
        case models.BinaryField():
            raw = bytearray(value)
            raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
            return bytes(raw)
        case models.BooleanField():
            return not value
        case models.IntegerField():
            return (value or 0) + (random.randint(1, 9) if not _unique(field) else 1000)
        case models.UUIDField():
            return uuid4()
        case models.DateTimeField():
            return (value or clock.now()) + timedelta(minutes=random.randint(1, 60 * 24))
        case models.DateField():
            return (value or clock.today()) + timedelta(days=random.randint(1, 30))
        case models.TimeField():
            moment = datetime.combine(clock.today(), value or time(8))
            return (moment + timedelta(minutes=random.randint(1, 300))).time()
    return _text(random, str(value), field.max_length or 10_000)


def _unique(field: Field[Any, Any]) -> bool:
    return field.unique or field.name == "number"


def _key(random: Random, field: Any, value: Any) -> Any:
    """Another row; where each may be named once, a key that no row has."""
    if field.one_to_one:
        return STRAY + random.randrange(1000)
    keys = (
        field.remote_field.model._base_manager.exclude(pk=value).order_by("pk").values_list("pk", flat=True)
    )
    found = list(keys[:200])
    return random.choice(found) if found else STRAY


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return value | {"改": "动"}
    return [*value, [1, 1]]


def _text(random: Random, value: str, longest: int) -> str:
    """One character more, or another one."""
    if value and (len(value) >= longest or random.random() < 0.5):
        at = random.randrange(len(value))
        other = random.choice([each for each in "甲0a" if each != value[at]])
        return value[:at] + other + value[at + 1 :]
    return value + random.choice("改9x") if len(value) < longest else value

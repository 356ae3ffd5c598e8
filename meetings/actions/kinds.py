"""Loading the kinds of meeting that ship."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from django.db import transaction

from meetings.models import MeetingKind


@transaction.atomic
def load_kinds() -> int:
    """Add the kinds that are missing; what was changed stays. Answers how many ship."""
    data = tomllib.loads((files("meetings") / "data" / "kinds.toml").read_text(encoding="utf-8"))
    rows = [MeetingKind(code=code, **values) for code, values in data.items()]
    MeetingKind.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)

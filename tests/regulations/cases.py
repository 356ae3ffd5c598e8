"""Tables of check-up cases: base records, and one line for each change and what it must lead to.

A line ``{"base": name, "kind": kind, "on": day, "record": {…}}`` names a faultless record. A line
``{"rule": id, "level": level, "about": words, "base": name, "set": {path: value}, "drop": [path]}``
changes a copy of it; ``level`` null means that the rule says nothing, ``on`` sets another day.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command


@dataclass(frozen=True)
class Case:
    """One record, and what ``rule`` must say of it."""

    rule: str
    level: str | None
    about: str
    line: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}-{self.level}-{self.about}"


def load(path: Path) -> list[Case]:
    """The cases of a table."""
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines() if row]
    named = {row["base"]: row for row in bases(path)}
    return [_case(row, named[row["base"]]) for row in rows if "rule" in row]


def _case(row: dict[str, Any], base: dict[str, Any]) -> Case:
    record = copy.deepcopy(base["record"])
    for path, value in row.get("set", {}).items():
        _place(record, path, value=value)
    for path in row.get("drop", []):
        _place(record, path)
    line = {"kind": base["kind"], "on": row.get("on", base["on"]), "record": record}
    return Case(row["rule"], row["level"], row["about"], line)


def _place(record: Any, path: str, **given: Any) -> None:
    """Set or drop the value at ``agenda.0.for``."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        record = record[step]
    if given:
        record[last] = given["value"]
    else:
        del record[last]


def run(cases: Iterable[Case], folder: Path) -> list[dict[str, Any]]:
    """The results of one batch of ``check_rules`` over all cases, in their order."""
    batch, out = folder / "batch.jsonl", StringIO()
    batch.write_text("\n".join(json.dumps(case.line, ensure_ascii=False) for case in cases), "utf-8")
    call_command("check_rules", batch=str(batch), shipped=True, stdout=out)
    return [json.loads(row) for row in out.getvalue().splitlines()]


def bases(path: Path) -> list[dict[str, Any]]:
    """The faultless records of a table, as its lines hold them."""
    rows = (json.loads(row) for row in path.read_text("utf-8").splitlines() if row)
    return [row for row in rows if "record" in row]


def each_without_one(value: Any) -> Iterator[Any]:
    """Copies of a record, each without one of its keys, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: one for name, one in value.items() if name != key}
            yield from ({**value, key: less} for less in each_without_one(inner))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from ([*value[:n], less, *value[n + 1 :]] for less in each_without_one(inner))


def levels(result: dict[str, Any], rule: str) -> set[str]:
    """The levels of all findings of one rule."""
    return {found["level"] for found in result["findings"] if found["rule"] == rule}

"""The regulations as they ship: the TOML files of this folder read into plain values."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from regulations.choices import Comparator, Confidence, Severity
from regulations.rules import Cited, Parameter

DATA = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ShippedRegulation:
    """One regulation of the data files, with its dates of force."""

    code: str
    title: str
    version: str = ""
    issued: date | None = None
    since: date | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShippedClause:
    """One clause of the data files: the rule as checks see it, and where it belongs."""

    regulation: str
    cited: Cited
    use: str
    position: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """Everything that ships; ``digest`` changes when a data file does."""

    regulations: tuple[ShippedRegulation, ...]
    clauses: tuple[ShippedClause, ...]
    digest: str


@cache
def shipment() -> Shipment:
    """Read the data files once a process; a file of the wrong form raises at once."""
    files = sorted(DATA.glob("*.toml"))
    tables = [tomllib.loads(path.read_text("utf-8")) for path in files]
    regulations = {
        table["regulation"]["code"]: ShippedRegulation(**table["regulation"])
        for table in tables
        if isinstance(table["regulation"], dict)
    }
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    clauses = [clause for table in tables for clause in _clauses(table, regulations)]
    return Shipment(tuple(regulations.values()), tuple(clauses), digest)


def _clauses(table: dict[str, Any], regulations: dict[str, ShippedRegulation]) -> list[ShippedClause]:
    """The clauses of one file; ``regulation`` is a table, or the code of one in another file."""
    named = table["regulation"]
    regulation = regulations[named if isinstance(named, str) else named["code"]]
    defaults = {"severity": "hard", "confidence": "source", **table.get("defaults", {})}
    rows = table["clause"].items()
    return [
        _clause(rule, {**defaults, **row}, regulation, position) for position, (rule, row) in enumerate(rows)
    ]


def _clause(rule: str, row: dict[str, Any], regulation: ShippedRegulation, position: int) -> ShippedClause:
    """One clause with its parameters."""
    values = {
        name: Parameter(
            code=f"{rule}.{name}",
            value=given["value"],
            unit=given["unit"],
            comparator=Comparator(given["comparator"]),
            label=given["label"],
        )
        for name, given in row.get("parameters", {}).items()
    }
    cited = Cited(
        rule=rule,
        citation=row.get("cite") or _citation(regulation, row["article"]),
        text=row["text"],
        severity=Severity(row["severity"]),
        confidence=Confidence(row["confidence"]),
        since=row.get("since"),
        until=row.get("until"),
        values=values,
    )
    return ShippedClause(regulation.code, cited, row["use"], position)


def _citation(regulation: ShippedRegulation, article: str) -> str:
    """``《…》第十一条``; a version is named where there are several."""
    version = f"（{regulation.version}）" if regulation.version else ""
    title = regulation.title if "〔" in regulation.title else f"《{regulation.title}》"
    return f"{title}{version}{article}"

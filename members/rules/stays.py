"""Taking part in the organisational life of another branch while the relation stays at home (MT-14, BR-08)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.periods import add_months
from regulations.choices import Level
from regulations.rules import Finding, Law


@dataclass(frozen=True, slots=True)
class Away:
    """A time at another branch: since and until when, and whether that branch is a temporary one."""

    since: date
    until: date | None
    temporary: bool


def should_move(stay: Away, law: Law) -> Iterator[Finding]:
    """TR-01: at one place for six months the relation should move; MT-14 lets the party allow otherwise.

    A warning only, as that permission is not told; a temporary branch leaves the relation at home (BR-08).
    """
    least = law.value("TR-01.months")
    due = add_months(stay.since, least.count)
    last = min(stay.until or law.day, law.day)
    if not stay.temporary and last >= due:
        message = (
            f"自 {stay.since} 起已在外参加组织生活满 {least.count} 个月，应当转移组织关系，经同意不转的除外"
        )
        yield law.breaks("TR-01", message, level=Level.WARNING, due=due)

"""Everything typed so far, as the beginning of a form that is built anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from meetings.models import MeetingKind
from meetings.queries.prefill import (
    BASICS,
    VOTE_FIELDS,
    Start,
    Values,
    agenda_of,
    day_of,
    group_of,
)

if TYPE_CHECKING:
    from branches.models import Organization

ITEM_FIELDS = ("title", "topic", "discussion", "speakers", "leader_spoke_last", *VOTE_FIELDS, "passed")
LINE_FIELDS = ("decision", "owner", "due_on")
CHOSEN = ("chair", "recorder", "group", "title", "held_on", "version")
MOST = 40
"""More items or resolutions than a page ever has are not read."""


def start(base: Start, post: Any, organization: Organization) -> Start:
    """Kinds, day and group as posted; what makes no sense falls back to ``base``."""
    kinds = tuple(post.getlist("kinds")) or base.kinds
    day = day_of(post.get("held_on", "")) or base.held_on
    return Start(kinds, day, group_of(organization, post), values(post), items(post), base.last)


def values(post: Any) -> Values:
    """The basics and the roll."""
    found: Values = {name: post.get(name, "") for name in (*BASICS, *CHOSEN)}
    found["kinds"] = post.getlist("kinds")
    found |= {name: post[name] for name in post if name[:1] in "pn" and name[1:].isdigit()}
    return found


def items(post: Any) -> list[Values]:
    """The items; those marked for removal are gone."""
    count = number_of(post.get("agenda-TOTAL_FORMS", "0"))
    rows = [_item(post, f"agenda-{number}") for number in range(count)]
    return [row for row in rows if row is not None]


def number_of(text: str) -> int:
    """A number of rows, 0 for nonsense."""
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _item(post: Any, prefix: str) -> Values | None:
    row: Values = {name: post.get(f"{prefix}-{name}", "") for name in ITEM_FIELDS}
    row["voted"] = bool(post.get(f"{prefix}-voted"))
    row["lines"] = max(number_of(post.get(f"{prefix}-lines", "1")), 1)
    for number in range(row["lines"]):
        for name in LINE_FIELDS:
            key = f"{name}_{number}"
            row[key] = post.get(f"{prefix}-{key}", "")
    return None if post.get(f"{prefix}-DELETE") or is_empty(row) else row


def is_empty(row: Values) -> bool:
    """Whether nothing was written at an item, not even its title."""
    return not row.get("title") and is_bare(row)


def is_bare(row: Values) -> bool:
    """Whether an item has no more than its title."""
    written = ("discussion", *(f"decision_{n}" for n in range(int(row.get("lines") or 1))))
    return not row.get("voted") and not any(row.get(name) for name in written)


def with_usual_items(rows: list[Values], kinds: Iterable[str]) -> list[Values]:
    """``rows`` for other kinds: usual items nobody wrote at go, those of the new kinds come.

    What somebody wrote stays, in its place.
    """
    every = list(MeetingKind.objects.filter(active=True).order_by("position"))
    usual = {item["title"] for item in agenda_of(every)}
    kept = [row for row in rows if not (row["title"] in usual and is_bare(row))]
    titles = {row["title"] for row in kept}
    fresh = agenda_of(kind for kind in every if kind.code in set(kinds))
    return kept + [row for row in fresh if row["title"] not in titles]

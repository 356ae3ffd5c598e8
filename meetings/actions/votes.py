"""A motion may be recorded as passed only where the votes carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from core.decisions import ActionError
from meetings.queries import book_of, findings_of, meeting_facts
from regulations.choices import Level

if TYPE_CHECKING:
    from meetings.models import Meeting
    from meetings.queries import Register

CARRYING = frozenset({"MT-02", "MT-03", "MT-07", "MT-08", "DP-18", "DP-19", "EL-09", "EL-18"})
"""The rules about quorum and majority: while one of them is broken, a motion is not passed."""


def refuse_unlawful(meeting: Meeting, register: Register) -> None:
    """Raise ActionError where an item is recorded as passed although quorum or majority fails.

    Each such item is checked by itself through the same check-up that the page shows; nothing else
    that is found blocks anything. ``register`` is that of the meeting's day.
    """
    items = list(meeting.agenda.all())
    if not any(getattr(item, "vote", None) and item.vote.passed for item in items):
        return
    facts, law = meeting_facts(meeting, register), book_of(meeting)
    for number, item in enumerate(items, 1):
        vote = getattr(item, "vote", None)
        if vote is None or not vote.passed:
            continue
        single = facts | {"agenda": [facts["agenda"][number - 1]]}
        for finding in findings_of([single], law, clock.today()):
            if finding.rule in CARRYING and finding.level == Level.ERROR:
                basis = f"{finding.rule}，{finding.clause}"
                words = f"第 {number} 项议题不能记为“通过”：{finding.message}（{basis}）"
                raise ActionError(words, field="agenda")

"""What goes on beside a record: findings and their explanations, resolutions carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from core.decisions import ActionError, StaleRecord, require
from core.text import tidy
from meetings import permissions
from meetings.actions.ground import MOVED_ON, page, take, tell
from meetings.models import Meeting, RecordedFinding, Resolution
from meetings.queries import findings

if TYPE_CHECKING:
    from datetime import date

    from core.actor import Actor
    from meetings.queries import Register

LONGEST_EXPLANATION = 300


def record_findings(meeting: Meeting, register: Register | None = None) -> None:
    """Write down what the check-up says now; explanations given before stay with their rule.

    ``register`` is that of the meeting's day, where it is in hand.
    """
    before = list(meeting.findings.all())
    told = {row.rule: row.explanation for row in before if row.explanation}
    if before:
        meeting.findings.all().delete()
    RecordedFinding.objects.bulk_create(
        RecordedFinding(
            meeting=meeting,
            rule=finding.rule,
            level=finding.level,
            message=finding.message[:500],
            clause=finding.clause[:200],
            explanation=told.get(finding.rule, ""),
        )
        for finding in findings(meeting, clock.today(), register)
    )


@transaction.atomic
def explain_finding(by: Actor, meeting: Meeting, rule: str, text: str) -> RecordedFinding:
    """Keep an explanation of what ``rule`` finds in the record; before filing or after it."""
    take(meeting)
    fresh = page(meeting)
    require(permissions.can_explain(by, fresh))
    words = tidy(text)
    if not words or len(words) > LONGEST_EXPLANATION:
        raise ActionError(f"请填写说明，不超过 {LONGEST_EXPLANATION} 字。", field="text")
    if not fresh.is_frozen:
        record_findings(fresh)
    found = list(RecordedFinding.objects.filter(meeting=fresh, rule=rule))
    if not found:
        raise ActionError("核对结果中已没有这一条，不需要说明，请刷新页面。", field="rule")
    before = found[0].explanation
    for row in found:
        row.explanation = words
    RecordedFinding.objects.bulk_update(found, ["explanation"])
    tell(by, "说明核对结果", fresh, before={rule: before}, after={rule: words})
    return found[0]


@transaction.atomic
def close_resolution(by: Actor, resolution: Resolution, done_on: date, outcome: str) -> Resolution:
    """Note that a resolution of a filed record was carried out, when, and with what result."""
    rows = Resolution.objects.select_related("item__meeting__organization", "item__meeting__group")
    fresh = rows.select_for_update(of=("self",)).filter(pk=resolution.pk).first()
    if fresh is None:
        raise StaleRecord(MOVED_ON)
    meeting: Meeting = fresh.item.meeting
    require(permissions.can_close_resolution(by, fresh))
    words = tidy(outcome)
    if not words or len(words) > 500:
        raise ActionError("请填写落实情况，不超过 500 字。", field="outcome")
    if not meeting.held_on <= done_on <= clock.today():
        raise ActionError("落实日期应在会议当天至今天之间。", field="done_on")
    if not Resolution.objects.filter(pk=fresh.pk, done_on__isnull=True).update(
        done_on=done_on, outcome=words
    ):
        raise StaleRecord("这项决议刚才已登记落实，请刷新页面查看。")
    fresh.done_on, fresh.outcome = done_on, words
    after = {"决议": fresh.text, "落实日期": done_on, "落实情况": words}
    tell(by, "登记决议落实", meeting, news="resolution_closed", after=after)
    return fresh


def carry_over(old: Meeting, new: Meeting) -> None:
    """What was carried out before a correction stays carried out: resolutions of the same words."""
    done = {row.text: row for row in Resolution.objects.filter(item__meeting=old, done_on__isnull=False)}
    rows = list(Resolution.objects.filter(item__meeting=new, text__in=done))
    for row in rows:
        row.done_on, row.outcome = done[row.text].done_on, done[row.text].outcome
    Resolution.objects.bulk_update(rows, ["done_on", "outcome"])

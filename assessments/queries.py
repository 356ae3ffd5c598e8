"""Facts behind the automatic indicators, and a round as a page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from assessments import rules
from assessments.models import Indicator, Round, Score
from assessments.rules import Fact
from branches.models import Organization
from core.periods import Period
from meetings.choices import Excuse, Presence
from meetings.models import Meeting, Resolution
from supervision.choices import State as Duty
from supervision.models import Occurrence

THREE_MEETINGS = ("members_meeting", "committee_meeting", "group_meeting", "party_lesson")
ON_SERVICE = (Excuse.ON_CALL, Excuse.ON_DUTY, Excuse.BUSINESS)
"""Absences for the service itself: they do not count against attendance."""


def _duties(organization: Organization, period: Period, duties: tuple[str, ...]) -> Fact:
    rows = (
        Occurrence.objects.owed()
        .filter(organization=organization, duty_id__in=duties)
        .filter(due_on__gte=period.start, due_on__lte=period.end)
        .select_related("duty", "holder")
    )
    listed = tuple(("occurrence", row.pk, f"{row.holder} {row}", row.state == Duty.CLOSED) for row in rows)
    return Fact(sum(row[3] for row in listed), len(listed), listed)


def meetings_held(organization: Organization, period: Period) -> Fact:
    """三会一课: duties closed of duties owed."""
    return _duties(organization, period, THREE_MEETINGS)


def theme_days_held(organization: Organization, period: Period) -> Fact:
    """主题党日: duties closed of duties owed."""
    return _duties(organization, period, ("theme_day",))


def attendance(organization: Organization, period: Period) -> Fact:
    """Present of due over the filed meetings, absences for the service left out of the due."""
    rows = (
        Meeting.objects.in_force()
        .between(period.start, period.end)
        .filter(organization=organization)
        .annotate(
            served=Count("roll", filter=Q(roll__presence=Presence.EXCUSED, roll__excuse__in=ON_SERVICE))
        )
    )
    listed, part, whole = [], 0, 0
    for row in rows:
        due = row.due - int(getattr(row, "served", 0))
        part, whole = part + row.present, whole + due
        listed.append(("meeting", row.pk, f"{row.held_on} {row} {row.present}/{due}", True))
    return Fact(part, whole, tuple(listed))


def resolutions_done(organization: Organization, period: Period) -> Fact:
    """Resolutions due in the period that were carried out in time."""
    rows = Resolution.objects.filter(
        item__meeting__in=Meeting.objects.in_force().filter(organization=organization),
        due_on__gte=period.start,
        due_on__lte=period.end,
    ).select_related("item")
    listed = tuple(
        (
            "meeting",
            row.item.meeting_id,
            str(row),
            row.done_on is not None and row.due_on is not None and row.done_on <= row.due_on,
        )
        for row in rows
    )
    return Fact(sum(row[3] for row in listed), len(listed), listed)


FACTS: dict[str, Callable[[Organization, Period], Fact]] = {
    "meetings_held": meetings_held,
    "theme_days_held": theme_days_held,
    "attendance": attendance,
    "resolutions_done": resolutions_done,
}


@dataclass(slots=True)
class Line:
    """One indicator of a round: a heading when it has children, otherwise its score."""

    indicator: Indicator
    score: Score | None
    children: list[Line] = field(default_factory=list)

    @property
    def sum(self) -> rules.Sum:
        """Its own points, or those of its children."""
        if self.children:
            return rules.total(
                [(c.score.points if c.score else None, c.indicator.points) for c in self.children]
            )
        return rules.total([(self.score.points if self.score else None, self.indicator.points)])


def lines(round_: Round) -> list[Line]:
    """The table of a round: headings with their indicators and scores (two queries)."""
    scores = {
        score.indicator_id: score
        for score in Score.objects.filter(round=round_).select_related("scored_by__person")
    }
    indicators = list(Indicator.objects.filter(scheme=round_.scheme))
    table = {row.pk: Line(row, scores.get(row.pk)) for row in indicators if row.parent_id is None}
    for row in indicators:
        if row.parent_id is not None:
            table[row.parent_id].children.append(Line(row, scores.get(row.pk)))
    return list(table.values())


def round_total(round_: Round) -> rules.Sum:
    """The total of a round."""
    return rules.total(
        [
            (score.points, score.indicator.points)
            for score in Score.objects.filter(round=round_).select_related("indicator")
        ]
    )

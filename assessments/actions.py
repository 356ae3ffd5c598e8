"""The only writers of rounds: open, count again, score, review."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F

from assessments import rules
from assessments.choices import Source, State
from assessments.models import Indicator, Round, Scheme, Score
from assessments.permissions import can_open, can_review, can_score
from assessments.queries import FACTS
from branches.models import Organization
from core import audit, clock
from core.actor import Actor
from core.decisions import ActionError, StaleRecord, require
from core.periods import Period

DATA = Path(__file__).parent / "data" / "branch.toml"


@transaction.atomic
def load_schemes() -> None:
    """Write the shipped scheme once; a version never changes afterwards."""
    data = tomllib.loads(DATA.read_text())
    scheme, created = Scheme.objects.get_or_create(
        code=data["code"],
        version=data["version"],
        defaults={"title": data["title"], "basis": data["basis"]},
    )
    if not created:
        return
    made: dict[str, Indicator] = {}
    for position, row in enumerate(data["indicator"]):
        made[row["code"]] = Indicator.objects.create(
            scheme=scheme,
            parent=made.get(row.get("parent", "")),
            code=row["code"],
            title=row["title"],
            standard=row.get("standard", ""),
            source=row.get("source", ""),
            fact=row.get("fact", ""),
            points=Decimal(row["points"]),
            position=position,
        )


@transaction.atomic
def open_round(by: Actor, organization: Organization, scheme: Scheme, period: Period) -> Round:
    """Open (or find) the round of one organisation and count its automatic indicators."""
    require(can_open(by, organization))
    round_, created = Round.objects.get_or_create(
        scheme=scheme,
        organization=organization,
        period=period.key,
        defaults={"opened_at": clock.now()},
    )
    if created:
        leaves = Indicator.objects.filter(scheme=scheme).exclude(source="")
        Score.objects.bulk_create([Score(round=round_, indicator=row) for row in leaves])
        audit.record(by, "建立考核轮次", round_, organization=organization)
        _count(round_)
    return round_


def _count(round_: Round) -> None:
    """Write the automatic scores from the facts as they stand."""
    period = Period.parse(round_.period)
    for score in round_.scores.filter(indicator__source=Source.AUTOMATIC).select_related("indicator"):
        fact = FACTS[score.indicator.fact](round_.organization, period)
        score.points = rules.points_for(fact, score.indicator.points)
        score.numerator, score.denominator = fact.part, fact.whole
        score.rows = [list(row) for row in fact.rows]
        score.scored_at = clock.now()
        score.save()


@transaction.atomic
def count_again(by: Actor, round_: Round) -> None:
    """Count the automatic indicators from today's facts; a review given before falls."""
    require(can_open(by, round_.organization))
    _touch(round_, round_.version)
    _count(round_)
    audit.record(by, "重新取数", round_, organization=round_.organization_id)


@transaction.atomic
def score(by: Actor, round_: Round, indicator: Indicator, points: Decimal, remark: str, version: int) -> None:
    """Score one manual indicator; a review given before falls. StaleRecord when outdated."""
    require(can_score(by, round_, indicator))
    if not Decimal(0) <= points <= indicator.points:
        raise ActionError(f"得分应在0到{indicator.points}之间", field="points")
    if points < indicator.points and not remark.strip():
        raise ActionError("没有给满分的，请写明理由", field="remark")
    _touch(round_, version)
    row = Score.objects.get(round=round_, indicator=indicator)
    before = row.points
    row.points, row.remark = points, remark.strip()
    row.scored_by, row.scored_at = by.user, clock.now()
    row.save()
    audit.record(
        by,
        "评分",
        round_,
        organization=round_.organization_id,
        before={indicator.title: before},
        after={indicator.title: points},
        reason=remark.strip(),
    )


def _touch(round_: Round, version: int) -> None:
    """An edit raises the version and takes a review back; StaleRecord when somebody was quicker."""
    changed = Round.objects.filter(pk=round_.pk, version=version).update(
        version=F("version") + 1, state=State.OPEN, reviewed_at=None, reviewed_by=None
    )
    if not changed:
        raise StaleRecord("评分刚刚被他人修改，请刷新后再评")
    round_.refresh_from_db()


@transaction.atomic
def review_round(by: Actor, round_: Round) -> None:
    """Settle the round as it stands."""
    require(can_review(by, round_))
    changed = Round.objects.filter(pk=round_.pk, version=round_.version, state=State.OPEN).update(
        state=State.REVIEWED, reviewed_at=clock.now(), reviewed_by=by.user
    )
    if not changed:
        raise StaleRecord("评分刚刚被他人修改，请刷新后再评定")
    round_.refresh_from_db()
    audit.record(by, "评定", round_, organization=round_.organization_id)

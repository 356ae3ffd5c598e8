"""Pages of rounds: list, one round, its rows, scoring, review."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments import actions, permissions, queries
from assessments.choices import Source
from assessments.filters import RoundFilter
from assessments.forms import OpenForm, ScoreForm
from assessments.models import Indicator, Round, Score
from branches.models import Organization
from core import audit, clock
from core.decisions import Decision
from core.exports import Column
from core.views import (
    ActionFormView,
    ActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedObjectMixin,
)


class RoundListView(ScopedListView[Round]):
    """Rounds in scope, newest first."""

    model = Round
    template_name = "assessments/list.html"
    filterset_class = RoundFilter
    ordering = ("-period", "organization__path")
    export_name = "考核轮次"
    export_columns = (
        Column("党组织", lambda row: row.organization.short_name, 24),
        Column("期间", lambda row: row.period),
        Column("办法", lambda row: row.scheme.title, 30),
        Column("状态", lambda row: row.get_state_display()),
    )

    def get_queryset(self) -> Any:
        """With scheme and organisation."""
        return super().get_queryset().select_related("organization", "scheme")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where ``?organization=`` names one, whether a round may be opened for it."""
        chosen = self._chosen()
        return super().get_context_data(
            organization=chosen,
            can_open=permissions.can_open(self.request.actor, chosen) if chosen else None,
            **kwargs,
        )

    def _chosen(self) -> Organization | None:
        pk = self.request.GET.get("organization", "")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            return None
        seen = Organization.objects.visible_to(self.request.user)
        return seen.select_related("parent").filter(pk=int(pk)).first()


class OpenView(ScopedObjectMixin[Organization], ActionFormView[OpenForm]):
    """Open a round for an organisation."""

    model = Organization
    form_class = OpenForm
    template_name = "assessments/open.html"
    success_message = "已建立考核轮次，自动指标已取数"

    def decide(self) -> Decision:
        """Only a department above."""
        return permissions.can_open(self.request.actor, self.object)

    def get_initial(self) -> dict[str, Any]:
        """This year."""
        return {"period": str(clock.today().year)}

    def act(self, form: OpenForm) -> Round:
        """Open and show it."""
        return actions.open_round(
            self.request.actor,
            self.object,
            form.cleaned_data["scheme"],
            form.cleaned_data["period"],
        )


class RoundView(ScopedDetailView[Round]):
    """One round: every number with the rows behind it."""

    model = Round
    template_name = "assessments/detail.html"
    context_object_name = "round"

    def get_queryset(self) -> Any:
        """With scheme and organisation."""
        return super().get_queryset().select_related("organization__parent", "scheme")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lines, total, decisions, history."""
        by, round_ = self.request.actor, self.object
        return super().get_context_data(
            lines=queries.lines(round_),
            total=queries.round_total(round_),
            can_count=permissions.can_open(by, round_.organization),
            can_review=permissions.can_review(by, round_),
            entries=audit.history(round_),
            **kwargs,
        )


class ScoreRowsView(ScopedDetailView[Round]):
    """The rows behind one automatic score, as they were counted."""

    model = Round
    template_name = "assessments/rows.html"
    context_object_name = "round"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The stored rows of the score."""
        score = get_object_or_404(
            Score.objects.select_related("indicator"), round=self.object, pk=self.kwargs["score"]
        )
        return super().get_context_data(score=score, **kwargs)


class ScoreView(ScopedObjectMixin[Round], ActionFormView[ScoreForm]):
    """Score one manual indicator."""

    model = Round
    form_class = ScoreForm
    template_name = "assessments/score.html"
    success_message = "已评分"

    def prepare(self) -> None:
        """The round, and the indicator of its scheme."""
        super().prepare()
        self.indicator = get_object_or_404(
            Indicator, scheme=self.object.scheme_id, pk=self.kwargs["indicator"]
        )
        if self.indicator.source != Source.MANUAL:
            raise Http404

    def decide(self) -> Decision:
        """Only a department above."""
        return permissions.can_score(self.request.actor, self.object, self.indicator)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form knows the full marks."""
        return super().get_form_kwargs() | {"round_": self.object, "indicator": self.indicator}

    def get_initial(self) -> dict[str, Any]:
        """What was given before."""
        score = Score.objects.filter(round=self.object, indicator=self.indicator).first()
        return {"points": score.points, "remark": score.remark} if score else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Round and indicator."""
        return super().get_context_data(round=self.object, indicator=self.indicator, **kwargs)

    def act(self, form: ScoreForm) -> str:
        """Score and go back to the round."""
        data = form.cleaned_data
        actions.score(
            self.request.actor,
            self.object,
            self.indicator,
            data["points"],
            data["remark"],
            data["version"],
        )
        return self.object.get_absolute_url()


class CountView(ActionView[Round]):
    """Count the automatic indicators again."""

    model = Round
    title, verb = "重新取数", "重新取数"
    warning = "自动指标按现在的记录重新计算；已作的评定失效，须重新评定。"
    success_message = "已重新取数"

    def decide(self) -> Decision:
        """Only a department above."""
        return permissions.can_open(self.request.actor, self.object.organization)

    def act(self) -> Round:
        """Count."""
        actions.count_again(self.request.actor, self.object)
        return self.object


class ReviewView(ActionView[Round]):
    """Settle the round."""

    model = Round
    title, verb = "评定", "评定"
    warning = "评定后再有修改，评定自动失效。"
    success_message = "已评定"

    def decide(self) -> Decision:
        """Only a department above, once everything manual is scored."""
        return permissions.can_review(self.request.actor, self.object)

    def act(self) -> Round:
        """Review."""
        actions.review_round(self.request.actor, self.object)
        return self.object

"""Cycles: which periods are closed, their figures then and now, closing by hand."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from core import clock
from core.periods import Period
from core.views import ActionFormView, ScopedDetailView, ScopedListView
from reports import actions, queries
from reports.filters import CycleFilter
from reports.forms import CycleForm
from reports.models import Bulletin, Cycle, Figure
from reports.permissions import can_run_cycle
from supervision.models import Duty, Occurrence


class CycleListView(ScopedListView[Cycle]):
    """Cycles of the committees in sight, newest first."""

    model = Cycle
    template_name = "reports/cycles.html"
    filterset_class = CycleFilter
    ordering = ("-period", "organization__path")

    def get_queryset(self) -> Any:
        """With the committee and its bulletins."""
        return super().get_queryset().select_related("organization").prefetch_related("bulletins")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the user may close a period by hand."""
        organization = self.request.viewer.organization
        return super().get_context_data(
            can_run=can_run_cycle(self.request.actor, organization) if organization else None,
            **kwargs,
        )


class CycleView(ScopedDetailView[Cycle]):
    """The frozen figures beside what is counted today."""

    model = Cycle
    template_name = "reports/cycle.html"
    context_object_name = "cycle"

    def get_queryset(self) -> Any:
        """With the committee."""
        return super().get_queryset().select_related("organization")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """封账时 / 现在, line by line."""
        titles = dict(Duty.objects.values_list("code", "title"))
        return super().get_context_data(
            period=Period.parse(self.object.period),
            pairs=[
                (figure, titles.get(figure.code, figure.code), now)
                for figure, now in queries.now_and_then(self.object)
            ],
            bulletins=Bulletin.objects.visible_to(self.request.user).filter(cycle=self.object),
            **kwargs,
        )


class FigureView(ScopedDetailView[Cycle]):
    """The rows behind one frozen number, as they stand now."""

    model = Cycle
    template_name = "reports/figure.html"
    context_object_name = "cycle"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The occurrences counted, within the user's sight."""
        figure = Figure.objects.filter(cycle=self.object, pk=self.kwargs["figure"]).first()
        if figure is None:
            raise Http404
        rows = (
            Occurrence.objects.visible_to(self.request.user)
            .filter(pk__in=figure.rows)
            .select_related("duty", "organization", "holder", "meeting")
        )
        return super().get_context_data(
            figure=figure,
            rows=rows,
            today=clock.today(),
            duty=Duty.objects.filter(pk=figure.code).first(),
            **kwargs,
        )


class RunCycleView(ActionFormView[CycleForm]):
    """Close a period by hand: the same job as the schedule."""

    form_class = CycleForm
    template_name = "reports/run_cycle.html"
    success_message = "已开始封账，可在任务中心查看进度"

    def prepare(self) -> None:
        """The committee acted for; users without one have no such page."""
        organization = self.request.viewer.organization
        if organization is None:
            raise Http404
        self.organization = organization

    def decide(self) -> Any:
        """Only the department of an issuing committee."""
        return can_run_cycle(self.request.actor, self.organization)

    def get_initial(self) -> dict[str, Any]:
        """The month before this one."""
        last = Period.containing("month", clock.today()).previous()
        return {"kind": "monthly", "period": last.key}

    def act(self, form: CycleForm) -> str:
        """Submit the job and show the task centre."""
        actions.submit_cycle(
            self.request.actor,
            form.cleaned_data["kind"],
            form.cleaned_data["period"],
            self.organization,
        )
        return "/jobs/"

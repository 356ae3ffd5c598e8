"""Pages of duties: to-do list, list, one occurrence, matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from branches.models import Organization
from core import audit, clock
from core.periods import Period
from core.queries import working_calendar
from core.views import (
    PageView,
    ReasonActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedMixin,
)
from regulations import queries as regulations
from supervision import actions, exports, permissions, queries, rules
from supervision.filters import OccurrenceFilter
from supervision.forms import MatrixForm, ReasonForm
from supervision.models import Duty, Occurrence
from supervision.queries import MatrixRow


class TodoView(PageView):
    """What the organisation acted for owes, in the order of urgency."""

    template_name = "supervision/todo.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list of the organisation of the chosen post; nothing without a post."""
        organization = self.request.viewer.organization
        todo = queries.todo_list(organization) if organization else None
        return super().get_context_data(organization=organization, todo=todo, **kwargs)


class OccurrenceListView(ScopedListView[Occurrence]):
    """All occurrences in scope: the rows behind every number."""

    model = Occurrence
    template_name = "supervision/list.html"
    filterset_class = OccurrenceFilter
    sorts = {
        "due": ("due_on",),
        "organization": ("organization__path",),
        "duty": ("duty__position",),
        "state": ("state",),
    }
    ordering = ("-due_on", "organization_id", "duty__position")
    export_columns = exports.OCCURRENCES
    export_name = "落实情况清单"

    def get_queryset(self) -> Any:
        """With everything a line shows."""
        return super().get_queryset().select_related("duty", "organization", "holder")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Today decides what is overdue."""
        return super().get_context_data(today=clock.today(), **kwargs)


class ClosedView(ScopedMixin[Occurrence], PageView):
    """The duties that a meeting closed: a part of the meeting's page, within the user's sight."""

    model = Occurrence
    template_name = "supervision/parts/closed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, and the page with all of them."""
        rows = self.scoped().filter(meeting=self.kwargs["meeting"])
        return super().get_context_data(rows=rows.select_related("duty", "holder"), **kwargs)


class OccurrenceView(ScopedDetailView[Occurrence]):
    """One occurrence: what, until when and how that was counted, what closed it, its history."""

    model = Occurrence
    template_name = "supervision/detail.html"
    context_object_name = "occurrence"

    def get_queryset(self) -> Any:
        """With everything the page shows."""
        return super().get_queryset().select_related("duty__kind", "organization", "holder", "meeting")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Clause, lateness in working days, and the decisions of the buttons."""
        row, by, today = self.object, self.request.actor, clock.today()
        calendar = working_calendar()
        return super().get_context_data(
            today=today,
            clause=regulations.book().clause(row.duty.rule, row.opens_on),
            days_overdue=rules.days_overdue(row.due_on, today, calendar),
            certain=calendar.certain_between(row.due_on, today) if today > row.due_on else True,
            can_waive=permissions.can_waive(by, row),
            can_reopen=permissions.can_reopen(by, row),
            entries=audit.history(row),
            **kwargs,
        )


class WaiveView(ReasonActionView[Occurrence, ReasonForm]):
    """Excuse an open duty."""

    model = Occurrence
    form_class = ReasonForm
    title, verb = "批准免办", "批准免办"
    warning = "免办后不再计入应落实，原因随记录保存并在通报中计入免办项数。"
    success_message = "已批准免办"

    def decide(self) -> Any:
        """Only the department at or above."""
        return permissions.can_waive(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> str:
        """Waive and go back to the occurrence."""
        actions.waive(self.request.actor, self.object, form.cleaned_data["reason"])
        return self.get_success_url()

    def get_success_url(self) -> str:
        """The page of the occurrence."""
        return self.object.get_absolute_url()


class ReopenView(WaiveView):
    """Take a waiver back."""

    title, verb = "恢复待办", "恢复待办"
    warning = "恢复后重新计入应落实；期内已有归档记录的立即核销。"
    success_message = "已恢复待办"

    def decide(self) -> Any:
        """Only the department at or above."""
        return permissions.can_reopen(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> str:
        """Reopen and go back to the occurrence."""
        actions.reopen(self.request.actor, self.object, form.cleaned_data["reason"])
        return self.get_success_url()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the matrix as shown: cells are (month, tally, face); ``kid`` stands below an open line."""

    row: MatrixRow
    cells: list[tuple[int, rules.Tally, str]]
    kid: bool = False
    unfolded: bool = False


class MatrixView(PageView):
    """落实总表: direct subordinates × months, opening in place down to the records."""

    template_name = "supervision/matrix.html"

    def prepare(self) -> None:
        """Read the choice and find the organisations it names, inside the user's sight."""
        form = MatrixForm(self.request.GET)
        self.choice: dict[str, Any] = dict.fromkeys(form.fields)
        form.is_valid()
        self.choice |= form.cleaned_data
        self.today = clock.today()
        self.year: int = self.choice["year"] or self.today.year
        self.month: int = self.choice["month"] or self.today.month
        self.node = self._organization(self.choice["node"]) or self._home()
        self.opened = self._organization(self.choice["open"])
        self.unfolded = self._organization(self.choice["expand"])
        self.duty: str = self.choice["duty"] or ""

    def _organization(self, pk: int | None) -> Organization | None:
        if pk is None:
            return None
        return get_object_or_404(Organization.objects.visible_to(self.request.user), pk=pk)

    def _home(self) -> Organization:
        """The organisation acted for; 404 for users without a post."""
        home = self.request.viewer.organization
        if home is None:
            raise Http404
        return home

    def rows(self, node: Organization) -> list[MatrixRow]:
        """The lines below ``node``."""
        rows = queries.matrix(self.request.user, node, self.year, self.duty)
        if self.choice["faulty"]:
            return [row for row in rows if row.total.overdue]
        return rows

    def line(self, row: MatrixRow, *, kid: bool = False) -> Line:
        """A line with the faces of its cells."""
        now = (self.today.year, self.today.month)
        cells = [(n, tally, rules.face(tally, (self.year, n) < now)) for n, tally in enumerate(row.line, 1)]
        unfolded = self.unfolded is not None and self.unfolded.pk == row.organization.pk
        return Line(row, cells, kid, unfolded and not kid)

    def lines(self, rows: list[MatrixRow]) -> list[Line]:
        """All lines, those of an unfolded organisation below it."""
        result = []
        for row in rows:
            line = self.line(row)
            result.append(line)
            if line.unfolded:
                result += [self.line(kid, kid=True) for kid in self.rows(row.organization)]
        return result

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the workbook of exactly what it shows."""
        if request.GET.get("export") == "xlsx":
            rows = self.rows(self.node)
            title = f"{self.node.short_name}{self.year}年落实总表"
            lag = queries.lag_of(self.node)
            return exports.matrix(rows, total(rows, self.node), title, self.request.actor, lag)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows, total, the opened cell, and the choices of the filter."""
        rows = self.rows(self.node)
        summed, lines = total(rows, self.node), self.lines(rows)
        return super().get_context_data(
            node=self.node,
            year=self.year,
            years=range(self.today.year, self.today.year - 3, -1),
            this_month=self.today.month if self.year == self.today.year else 0,
            month=self.month,
            months=range(1, 13),
            duty=self.duty,
            duties=Duty.objects.filter(active=True),
            faulty=self.choice["faulty"],
            lines=lines,
            phone=self._phone(lines),
            cells=self._without("month"),
            folds=self._without("expand"),
            total=summed,
            lag=queries.lag_of(self.node),
            month_total=summed.line[self.month - 1] if summed else None,
            opened=self.opened,
            today=self.today,
            **self._behind(),
            **kwargs,
        )

    def _phone(self, lines: list[Line]) -> list[tuple[MatrixRow, rules.Tally, str]]:
        """One month for a narrow screen, those with overdue items first."""
        faces = [(line.row, *line.cells[self.month - 1][1:]) for line in lines if not line.kid]
        return sorted(faces, key=lambda each: each[1].overdue == 0)

    def _without(self, *names: str) -> str:
        """The address of this page without some of its choices: what links add their own to."""
        query = self.request.GET.copy()
        for name in ("open", "export", *names):
            query.pop(name, None)
        return f"?{query.urlencode()}&" if query else "?"

    def _behind(self) -> dict[str, Any]:
        """The rows of the opened cell, open ones first, at most 60 on the page; the days of its month."""
        if self.opened is None:
            return {"behind": []}
        found = queries.behind(self.request.user, self.opened, self.year, self.month, self.duty)
        month = Period("month", self.year, self.month)
        return {"behind": list(found[:60]), "behind_count": found.count(), "period": month}


def total(rows: list[MatrixRow], node: Organization) -> MatrixRow | None:
    """The sum of the lines shown, which are all within the user's own scope."""
    return MatrixRow(node, queries.added(rows)) if rows else None

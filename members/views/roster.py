"""The roster import: template, upload, preview, confirmation, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from branches.choices import Kind
from branches.models import Organization
from core.models import ImportBatch
from core.views import (
    ActionFormView,
    ActionView,
    ScopedDetailView,
    ScopedObjectMixin,
    SignedIn,
)
from members import actions, exports, permissions, queries
from members.forms import ConfirmForm, UploadForm

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from core.decisions import Decision
    from core.views.acting import Outcome

LINES = 50  # lines of the preview on one page
RECENT = 10


class Upload(ActionFormView[UploadForm]):
    """Take a workbook in; the recent imports below."""

    form_class = UploadForm
    template_name = "members/import.html"

    def decide(self) -> Decision:
        """A political office; the organisation is judged when it is known."""
        return permissions.can_register_at(self.request.actor, self.request.viewer.organization)

    def get_initial(self) -> dict[str, Any]:
        """The organisation acted for."""
        return {"organization": self.request.viewer.organization}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever asks."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the recent imports."""
        recent = queries.batches(self.request.user)[:RECENT]
        return super().get_context_data(batches=recent, **kwargs)

    def act(self, form: UploadForm) -> Outcome:
        """Take it in, show how far it is."""
        file = form.cleaned_data["file"]
        batch = actions.upload(
            self.request.actor,
            organization=form.cleaned_data["organization"],
            content=file.read(),
            name=file.name,
        )
        return reverse("members:import_batch", args=[batch.pk])


class _OfBatch(ScopedObjectMixin[ImportBatch]):
    """Pages about one import; 404 out of sight, 403 without the right."""

    model = ImportBatch

    def get_queryset(self) -> QuerySet[ImportBatch]:
        """Roster imports in sight."""
        return queries.batches(self.request.user)

    def decide(self) -> Decision:
        """A political office of the line."""
        return permissions.can_import(self.request.actor, self.object.organization)


class Batch(_OfBatch, ScopedDetailView[ImportBatch]):
    """Progress while it is read, then the preview line by line, then the result."""

    template_name = "members/batch.html"
    context_object_name = "batch"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``job``, ``lines`` of this page, ``tabs`` by status, and what may be pressed."""
        status = self.request.GET.get("status", "")
        rows = queries.rows_of(self.object, status)
        page = Paginator(rows, LINES).get_page(self.request.GET.get("page", "1"))
        return super().get_context_data(
            job=queries.last_job(self.object, self.request.user),
            page_obj=page,
            lines=[(row, queries.differences(row)) for row in page.object_list],
            tabs=self._tabs(status),
            statuses=queries.STATUSES,
            can_undo=permissions.can_undo(self.request.actor, self.object),
            **kwargs,
        )

    def _tabs(self, status: str) -> list[dict[str, Any]]:
        """All lines, and those of each status."""
        counted = self.object.rows.order_by().values_list("status").annotate(Count("pk"))
        counts: dict[str, int] = dict(counted)
        counts |= {"": sum(counts.values()), "warning": queries.rows_of(self.object, "warning").count()}
        words = {"": "全部"} | queries.STATUSES
        return [
            {"label": word, "url": f"?status={key}", "count": counts.get(key, 0), "current": key == status}
            for key, word in words.items()
        ]


class Confirm(_OfBatch, ActionFormView[ConfirmForm]):
    """Have the shown lines written."""

    form_class = ConfirmForm
    template_name = "members/confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the batch."""
        return super().get_context_data(batch=self.object, **kwargs)

    def act(self, form: ConfirmForm) -> Outcome:
        """Confirm, show how far it is."""
        actions.confirm(self.request.actor, self.object, **form.cleaned_data)
        return reverse("members:import_batch", args=[self.object.pk])


class Undo(_OfBatch, ActionView[ImportBatch]):
    """Take an import back."""

    title = "撤销导入"
    verb = "撤销导入"
    warning = "新增的人员将从花名册中删去，更新的内容恢复原状。导入后已有修改的批次不能撤销。"
    success_message = "已撤销导入。"

    def decide(self) -> Decision:
        """A confirmed import, by a political office of the line."""
        return permissions.can_undo(self.request.actor, self.object)

    def get_success_url(self) -> str:
        """The batch."""
        return reverse("members:import_batch", args=[self.object.pk])

    def act(self) -> Outcome:
        """Undo."""
        actions.undo_import(self.request.actor, self.object)
        return None


class Errors(_OfBatch, ScopedObjectMixin[ImportBatch]):
    """Errors and warnings of an import as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook; taking it away is recorded."""
        rows = [row for row in self.object.rows.all() if row.messages]
        return exports.error_workbook(self.object, rows, by=self.request.actor)


class Template(SignedIn):
    """An empty roster with the branches and groups of the organisation acted for."""

    def decide(self) -> Decision:
        """A political office."""
        return permissions.can_register_at(self.request.actor, self.request.viewer.organization)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook."""
        organization = self.request.viewer.organization
        assert isinstance(organization, Organization)  # decided above
        branches = queries.names_under(organization, Kind.BRANCH)
        groups = queries.names_under(organization, Kind.GROUP)
        return exports.template_workbook(organization.short_name, branches, groups)

"""The progress of one job, for pages that started one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render

from core.models import Job
from core.views.base import SignedIn

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class JobView(SignedIn):
    """The box of one own job: the part alone for htmx, a page for everybody else."""

    def prepare(self) -> None:
        """Only the user who started the job sees it here; 404 for others."""
        self.job = get_object_or_404(Job, pk=self.kwargs["pk"], owner=self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Render the part or the page."""
        part = request.headers.get("HX-Request") == "true"
        template = "core/job_part.html" if part else "core/job.html"
        return render(request, template, {"job": self.job})

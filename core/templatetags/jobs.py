"""The progress of a background job on any page: asks again after 1, 2, then 5 seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

if TYPE_CHECKING:
    from django.template.context import RequestContext

    from core.models import Job

register = template.Library()

FAST, SLOW = 5, 15  # asked this often, the pause grows to two, then to five seconds


@register.inclusion_tag("parts/job.html", takes_context=True)
def job_box(context: RequestContext, job: Job, url: str = "") -> dict[str, Any]:
    """Title, state, bar and words of ``job``; keeps itself fresh with htmx, and has a link without.

    ``url`` answers this part again; by default the page of own jobs.
    """
    request = context["request"]
    asked = request.GET.get("tries", "")
    tries = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    return {
        "job": job,
        "job_url": url or reverse("core:job", args=[job.pk]),
        "next_try": tries + 1,
        "job_delay": 1 if tries < FAST else 2 if tries < SLOW else 5,
        "page": request.headers.get("HX-Current-URL") or request.get_full_path(),
    }

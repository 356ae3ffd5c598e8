"""Addresses of the ground: display of pages, progress of jobs, health of the portal."""

from django.urls import path

from core.views.display import set_display
from core.views.health import healthz, readyz
from core.views.jobs import JobView

app_name = "core"

urlpatterns = [
    path("preferences/display/", set_display, name="display"),
    path("jobs/<int:pk>/progress/", JobView.as_view(), name="job"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

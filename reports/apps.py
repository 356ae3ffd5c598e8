"""The room ``reports`` as a Django application."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the room."""

    name = "reports"
    verbose_name = "通报与看板"

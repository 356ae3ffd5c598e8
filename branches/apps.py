"""The room ``branches`` as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class BranchesConfig(AppConfig):
    """Names the room; tells the figures where organisations stand."""

    name = "branches"
    verbose_name = "党组织"

    def ready(self) -> None:
        """Register the tree once all models are loaded."""
        import_module("core.rollups").tree(import_module("branches.rollups").places)

"""The room ``regulations`` as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    """Names the room and connects its receivers."""

    name = "regulations"
    verbose_name = "制度条款"

    def ready(self) -> None:
        """Connect the receivers once the models are loaded."""
        import_module("regulations.receivers")

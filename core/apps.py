"""The room ``core`` as a Django application."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Names the room."""

    name = "core"
    verbose_name = "根基"

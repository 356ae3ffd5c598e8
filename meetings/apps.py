"""The room ``meetings`` as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Names the room; connects its receivers, its chained content and its jobs."""

    name = "meetings"
    verbose_name = "会议记录"

    def ready(self) -> None:
        """Register what others call by name once all models are loaded."""
        import_module("meetings.receivers").connect(self)
        import_module("meetings.queries")
        import_module("meetings.tasks")
        import_module("core.rollups").register(import_module("meetings.rollups").TABLE)

"""The wiring as a Django application: it holds the commands that span the house."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Names the wiring and makes every process know the jobs of all rooms."""

    name = "config"
    verbose_name = "配置"

    def ready(self) -> None:
        """Import the ``tasks`` of every room: a command works jobs by the same handlers as a worker."""
        from config import checks  # noqa: F401  # needs loaded models; registers on import
        from config.celery import app

        app.autodiscover_tasks(force=True)

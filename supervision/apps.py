"""The room ``supervision`` as a Django application."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Names the room and listens to the rooms below."""

    name = "supervision"
    verbose_name = "督促落实"

    def ready(self) -> None:
        """Connect the receivers once all models are loaded."""
        from core import rollups as figures
        from supervision import receivers, rollups

        receivers.connect(self)
        figures.register(rollups.TABLE)

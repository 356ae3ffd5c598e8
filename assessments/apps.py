"""The room ``assessments`` as a Django application."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Names the room and loads its shipped scheme."""

    name = "assessments"
    verbose_name = "考核评价"

    def ready(self) -> None:
        """Connect the receivers once all models are loaded."""
        from assessments import receivers

        receivers.connect(self)

"""The room ``members`` as a Django application."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Names the room and listens to the tree."""

    name = "members"
    verbose_name = "党员"

    def ready(self) -> None:
        """Connect the receivers, register what is sealed."""
        from members import receivers
        from members.actions import keys  # noqa: F401  # registers what a rotation renews

        receivers.connect()

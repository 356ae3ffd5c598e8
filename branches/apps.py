"""The room ``branches`` as a Django application."""

from django.apps import AppConfig


class BranchesConfig(AppConfig):
    """Names the room."""

    name = "branches"
    verbose_name = "党组织"

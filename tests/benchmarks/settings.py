"""The portal's settings with its peers beside it: Django admin and django-import-export."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OWN

INSTALLED_APPS = [*OWN, "django.contrib.admin", "import_export"]
ROOT_URLCONF = "tests.benchmarks.urls"
ALLOWED_HOSTS = ["testserver"]
AXES_ENABLED = False

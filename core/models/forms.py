"""One-time tokens of posted forms: the second press finds the result of the first."""

from django.conf import settings
from django.db import models


class FormToken(models.Model):
    """A form that was carried out; inserting it twice fails, which stops a double click."""

    token = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField()
    result_url = models.CharField(max_length=500, blank=True)

    class Meta:
        """Named for the administrator."""

        verbose_name = "一次性表单"

    def __str__(self) -> str:
        return self.token

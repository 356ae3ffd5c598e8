"""The one scope: rows of organisations that a user may see today."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User


M = TypeVar("M", bound=Model)


@cache
def _sight() -> Callable[[User], QuerySet[Any] | None]:
    return cast("Callable[[User], QuerySet[Any] | None]", import_string(settings.SIGHT))


def sight(user: User) -> QuerySet[Any] | None:
    """The organisations ``user`` sees today: a queryset, or None for all of them.

    Asks the function named in ``settings.SIGHT``: rights live in branches, the ground does not know them.
    """
    return _sight()(user)


class InScope(QuerySet[M]):
    """Rows that belong to an organisation; ``organization_field`` is the path to it."""

    organization_field = "organization"

    def visible_to(self, user: User) -> Self:
        """Only rows of organisations in the sight of ``user`` (posts held today)."""
        organizations = sight(user)
        if organizations is None:
            return self
        return self.filter(**{f"{self.organization_field}__in": organizations.values("pk")})

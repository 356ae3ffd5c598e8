"""Chainable reads of the law: it is the same for every signed-in user."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce

from regulations.choices import Force

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=Model)


class PublicQuerySet(QuerySet[M]):
    """Rows that every signed-in user may read."""

    def visible_to(self, user: User) -> Self:
        """Everything for a signed-in user, nothing for anybody else."""
        return self.all() if user.is_authenticated else self.none()


class RegulationQuerySet(PublicQuerySet[M]):
    """Regulations."""


class ClauseQuerySet(PublicQuerySet[M]):
    """Clauses."""

    def found_by(self, words: str) -> Self:
        """Clauses whose id, citation, text or parameter label holds every word of ``words``."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(rule__icontains=word)
                | Q(citation__icontains=word)
                | Q(text__icontains=word)
                | Q(pk__in=self.model._default_manager.filter(parameters__label__icontains=word))
            )
        return found

    def standing(self, force: str, day: date) -> Self:
        """Clauses in force on ``day``, no longer, or not yet, as ``Clause.force_on`` says."""
        dated = self.annotate(
            first_day=Coalesce("since", "regulation__since"),
            last_day=Coalesce("until", "regulation__until"),
        )
        to_come, past = Q(first_day__gt=day), Q(last_day__lt=day)
        match force:
            case Force.TO_COME:
                return dated.filter(to_come)
            case Force.PAST:
                return dated.filter(past).exclude(to_come)
        return dated.filter(
            Q(first_day=None) | Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day)
        )


class ParameterQuerySet(PublicQuerySet[M]):
    """Parameters."""

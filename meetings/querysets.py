"""Meetings by state, kind and day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Prefetch, Q

from branches.choices import Kind
from branches.querysets import posts_today
from core import text
from core.querysets import InScope, sight
from meetings.choices import State

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import Meeting


class MeetingQuerySet(InScope["Meeting"]):
    """Meetings of organisations in scope."""

    def visible_to(self, user: User) -> Self:
        """Meetings of organisations in sight; a group leader also sees those of the own group."""
        organizations = sight(user)
        if organizations is None:
            return self
        seen = organizations.values("pk")
        if not any(post.organization.kind == Kind.GROUP for post in posts_today(user)):
            return self.filter(organization__in=seen)  # where a branch is in sight, so are its groups
        return self.filter(Q(organization__in=seen) | Q(group__in=seen))

    def in_force(self) -> Self:
        """Filed records that no later version replaced."""
        return self.filter(state=State.FILED, replaced_by__isnull=True)

    def between(self, first: date, last: date) -> Self:
        """Meetings held from ``first`` to ``last``, both included."""
        return self.filter(held_on__gte=first, held_on__lte=last)

    def of_kind(self, code: str) -> Self:
        """Meetings that were (also) of the kind ``code``."""
        return self.filter(kinds__code=code)

    def in_stage(self, stage: str, day: date) -> Self:
        """Meetings shown as ``stage``: ``held`` is a draft whose day has come."""
        if stage == State.HELD:
            return self.filter(state=State.DRAFT, held_on__lte=day)
        if stage == State.DRAFT:
            return self.filter(state=State.DRAFT, held_on__gt=day)
        return self.filter(state=stage)

    def found(self, words: str) -> Self:
        """Meetings whose title, items or resolutions hold ``words``."""
        return text.match(self, "search", words)

    def for_list(self) -> Self:
        """With what one line of a list shows; the counters stand on the row itself, its long texts stay there."""
        people = self.select_related("organization", "group", "chair").prefetch_related("kinds")
        return people.defer("minutes", "search", "chair__id_number", "chair__phone")

    def for_check(self) -> Self:
        """With everything that the check-up, the chain and the steps of one record read; no people."""
        items = apps.get_model("meetings", "AgendaItem")  # the models lie above
        agenda = Prefetch("agenda", items._default_manager.select_related("vote"))
        return self.prefetch_related("kinds", "roll", "findings", agenda, "agenda__resolutions")

    def for_page(self) -> Self:
        """With everything that the page, the paper and the check-up of one record read."""
        people = ("chair", "recorder", "created_by", "submitted_by", "filed_by")
        places = ("organization", "group", "corrects", "replaced_by")
        items = ("agenda__vote", "agenda__resolutions")
        return self.select_related(
            *people, *places, "created_by__person", "submitted_by__person", "filed_by__person"
        ).prefetch_related("kinds", "roll__person", "findings", *items)

"""Who reads bulletins: the issuing side sees drafts, everybody below sees what was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from branches.querysets import STEP, sight_paths
from core.querysets import InScope, sight
from reports.choices import BulletinState

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import Bulletin


class BulletinQuerySet(InScope["Bulletin"]):
    """Bulletins of committees."""

    def visible_to(self, user: User) -> Self:
        """All of committees in sight; issued ones also of the committees above the user's posts."""
        above = {
            int(path[place : place + STEP])
            for path in sight_paths(user)
            for place in range(0, len(path) - STEP, STEP)
        }
        seen = sight(user)
        if seen is None:
            return self
        issued = Q(organization__in=above, state=BulletinState.ISSUED)
        return self.filter(Q(organization__in=seen.values("pk")) | issued)

    def issued(self) -> Self:
        """Issued ones, newest first."""
        return self.filter(state=BulletinState.ISSUED)

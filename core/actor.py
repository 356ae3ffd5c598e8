"""Who acts: a user with the post acted for, or a named job of the system. Never a superuser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts.

    ``user`` is None for the system; ``post_id`` is the appointment acted for, ``post`` its Chinese
    label as it stood at that moment; ``job`` names the system job; ``request_id`` ties log and audit.
    """

    user: User | None = None
    post_id: int | None = None
    post: str = ""
    job: str = ""
    request_id: str = ""
    ip: str = ""

    @property
    def is_system(self) -> bool:
        """Whether a scheduled job acts and not a person."""
        return self.user is None

    @property
    def label(self) -> str:
        """The name shown in histories: ``王某（滨河站党支部书记）`` or ``系统：月度封账``."""
        if self.user is None:
            return f"系统：{self.job}"
        name = self.user.display_name
        return f"{name}（{self.post}）" if self.post else name


def system(job: str) -> Actor:
    """The system acting for the job ``job`` (a Chinese name such as ``月度周期``)."""
    return Actor(job=job)

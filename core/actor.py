"""Who acts: a user with the post acted for, or a named job of the system. Never a superuser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from core.evidence.digests import digest

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts.

    ``user`` is None for the system; ``post_id`` is the appointment acted for, ``post`` its Chinese
    label as it stood at that moment; ``job`` names the system job; ``request_id`` ties log and audit;
    ``agent`` is a short digest of the browser's name, enough to tell two devices apart (G11).
    """

    user: User | None = None
    post_id: int | None = None
    post: str = ""
    job: str = ""
    request_id: str = ""
    ip: str = ""
    agent: str = ""

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


class Traits(TypedDict, total=False):
    """What an audit entry keeps of a request."""

    request_id: str
    ip: str
    agent: str


def traits(request: HttpRequest | None) -> Traits:
    """What an audit entry keeps of a request: its number, the address, the browser in short."""
    if request is None:
        return {}
    name = str(request.META.get("HTTP_USER_AGENT", ""))
    return {
        "request_id": getattr(request, "request_id", ""),
        "ip": request.META.get("REMOTE_ADDR", ""),
        "agent": digest(name.encode("utf-8", "replace"))[:16] if name else "",
    }


def system(job: str) -> Actor:
    """The system acting for the job ``job`` (a Chinese name such as ``月度周期``)."""
    return Actor(job=job)

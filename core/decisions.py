"""Whether somebody may do something, and why not: one answer for button, page and guard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True

    @property
    def reason(self) -> str:
        """No reason is needed."""
        return ""


@dataclass(frozen=True, slots=True)
class Denied:
    """No, with one Chinese sentence that says why or what to do first."""

    reason: str

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied


class ActionError(Exception):
    """An action cannot be carried out; ``str(error)`` is a Chinese sentence for the user.

    ``field`` names the form field that the sentence belongs to, if any.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the sentence and the field."""
        super().__init__(message)
        self.field = field


class NotAllowed(ActionError):
    """The actor may not do it (HTTP 403 with the reason)."""


class StaleRecord(ActionError):
    """Somebody else changed the record in between (HTTP 409)."""


def require(decision: Decision) -> None:
    """Raise :class:`NotAllowed` with the reason unless ``decision`` allows."""
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)

"""The only clock: every room asks here, so that a demo or a test can set the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The present moment, aware, or the moment set by :func:`at`."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The present day in the time zone of the portal."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock to ``moment`` (aware) inside the block; used by the demo and by tests."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)

"""Changing the key of the ciphers: a new key for what is written from now on, then the old rows, bit by bit.

Each room registers what it keeps sealed as functions that renew one batch in one transaction and answer
how many they renewed. A killed run is continued by the next: what is under the current key is left alone.
The blind index has a key of its own that does not change, so that numbers are still found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core import audit, clock, crypto

if TYPE_CHECKING:
    from core.actor import Actor

BATCH = 200
KEEP_OLD = timedelta(days=1)
"""A replaced key stays so long: sessions and requests that began under it have ended by then."""
Renewer = Callable[[], int]
_renewers: dict[str, Renewer] = {}


def renews(what: str) -> Callable[[Renewer], Renewer]:
    """Register a function that renews up to :data:`BATCH` sealed values that are not under the current key."""

    def keep(function: Renewer) -> Renewer:
        _renewers[what] = function
        return function

    return keep


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: values renewed, whether all are done, keys taken out of the ring."""

    renewed: int
    finished: bool
    dropped: tuple[str, ...] = ()


def rotate(by: Actor, *, new_key: bool = True, batches: int | None = None) -> Outcome:
    """Make a new key current — unless a rotation waits to be finished — and renew what is under older ones.

    ``batches`` ends the run early, for a short night. A finished run drops keys replaced a day ago.
    """
    if new_key and not crypto.is_rotating():
        key = crypto.add_key(clock.now())
        audit.record(by, "启用新密钥", f"key:{key}")
    renewed, finished = _run(batches)
    dropped: tuple[str, ...] = ()
    if finished:
        crypto.end_rotation()
        dropped = crypto.drop_keys(replaced_before=clock.now() - KEEP_OLD)
    audit.record(
        by, "更换密钥", "key:all", after={"重新加密": renewed, "完成": finished, "销毁": list(dropped)}
    )
    return Outcome(renewed, finished, dropped)


def _run(batches: int | None) -> tuple[int, bool]:
    """How many values were renewed, and whether nothing is left; at most ``batches`` batches."""
    renewed = 0
    for number, done in enumerate(_steps(), start=1):
        renewed += done
        if number == batches:
            return renewed, False
    return renewed, True


def _steps() -> Iterator[int]:
    """One batch after the other until nothing is left."""
    for renew in _renewers.values():
        while done := renew():
            yield done

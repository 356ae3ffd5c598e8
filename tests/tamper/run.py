"""Apply, verify, compare with what must be named, take back; a table of it all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import IntegrityError, connection, transaction

from core import clock
from core.evidence import verify
from tests.superuser import unguarded
from tests.tamper import acts
from tests.tamper.columns import MODELS, columns
from tests.tamper.world import NOW, World

KINDS: dict[str, tuple[acts.Act, int]] = {
    "edit of a column": (acts.edit, 58),
    "edit, digest made to fit": (acts.edit_entry_and_digest, 6),
    "edit, all seals made anew": (acts.edit_entry_and_seals, 2),
    "edit, chain made anew": (acts.edit_and_rechain, 4),
    "delete": (acts.delete, 11),
    "insert": (acts.insert, 8),
    "swap of two rows": (acts.swap, 6),
    "tail of a chain cut": (acts.cut_chain, 2),
    "tail of the trail cut": (acts.cut_trail, 1),
    "last entries cut": (acts.cut_entries, 1),
    "put back by a day": (acts.roll_back, 1),
}
"""Each with its share in a hundred."""


@dataclass
class Result:
    """What was applied, found and named rightly, and what was missed."""

    applied: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether all were found and named."""
        return not self.missed

    def table(self) -> str:
        """Kind, applied, found, named rightly; then the misses."""
        lines = [f"{'kind':28} {'applied':>8} {'found':>8} {'named':>8}"]
        for kind, count in self.applied.items():
            lines.append(f"{kind:28} {count:8} {self.found[kind]:8} {self.named[kind]:8}")
        sums = (each.total() for each in (self.applied, self.found, self.named))
        total = " ".join(f"{each:8}" for each in sums)
        return "\n".join([*lines, f"{'all':28} {total}  {self.seconds:.0f} s", *self.missed])


def run(world: World, count: int, seed: int, say: Callable[[str], None] = lambda text: None) -> Result:
    """``count`` manipulations: first each column once as far as they go, then at random by the shares."""
    random, result, started = Random(seed), Result(), time.monotonic()
    unchecked()
    plan = _plan(random, count)
    with clock.at(NOW):
        assert not verify.everything().faults, "what nobody touched holds"
        for number, (kind, act) in enumerate(plan, 1):
            one(random, world, kind, act, result)
            if number % 100 == 0:
                say(f"{number} of {count}, missed {len(result.missed)}")
        assert not verify.everything().faults, "everything was taken back"
    result.seconds = time.monotonic() - started
    return result


def _plan(random: Random, count: int) -> list[tuple[str, acts.Act]]:
    """One of each other kind, edits of as many columns as fit, and the rest by chance."""
    edits = columns()
    random.shuffle(edits)
    first = next(iter(KINDS))
    plan: list[tuple[str, acts.Act]] = [(kind, act) for kind, (act, _) in KINDS.items() if kind != first]
    for column in edits[: max(count - len(plan), 0)]:
        plan.append((first, lambda r, w, c=column: acts.edit(r, w, c)))
    names, shares = list(KINDS), [share for _, share in KINDS.values()]
    while len(plan) < count:
        kind = random.choices(names, shares)[0]
        plan.append((kind, KINDS[kind][0]))
    return plan


def one(random: Random, world: World, kind: str, act: acts.Act, result: Result) -> None:
    """One manipulation in a savepoint of its own, which is taken back."""
    with transaction.atomic():
        told = _applied(random, world, act)
        named = {fault.record for fault in verify.everything().faults}
        transaction.set_rollback(True)
    rightly = bool(named & told.must) and all(
        name in told.must or name.startswith(told.also or ("\0",)) for name in named
    )
    result.applied[kind] += 1
    result.found[kind] += bool(named)
    result.named[kind] += rightly
    if not rightly:
        wanted = f"wanted {sorted(told.must)[:6]}"
        result.missed.append(f"MISSED {kind}: {told.what}: {wanted}, named {sorted(named)[:6]}")


def _applied(random: Random, world: World, act: acts.Act) -> acts.Told:
    """Carried out; where a unique rule stands in the way, another row is tried."""
    clash = ""
    for _ in range(100):
        try:
            with unguarded(), transaction.atomic():
                return act(random, world)
        except (IntegrityError, acts.Unfit) as error:
            clash = str(error)
    raise AssertionError(f"a unique rule stood in the way a hundred times: {clash}")


def unchecked() -> None:
    """Check constraints are off, as for a superuser; the transaction around brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in MODELS:
            for name in _checks(cursor, model):
                cursor.execute(f'ALTER TABLE {model._meta.db_table} DROP CONSTRAINT "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _checks(cursor: Any, model: Any) -> list[str]:
    found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return [name for name, about in found.items() if about["check"]]

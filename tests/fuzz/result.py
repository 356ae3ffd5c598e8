"""What a run found; without Django, so that it travels between processes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.permissions.table import ROLES

KEPT = 40  # findings told in full


@dataclass
class Result:
    """What was answered, and what should not have been."""

    seed: int
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: {role: Counter() for role in ROLES})
    failures: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    lies: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Nothing found."""
        return not self.failures and not self.leaks and not self.lies

    @property
    def found(self) -> int:
        """How much was found."""
        return len(self.failures) + len(self.leaks)

    def last(self) -> str:
        """What was found last."""
        return "\n".join([*self.failures[-1:], *self.leaks[-1:]])

    def __add__(self, other: Result) -> Result:
        """Both together, under the seed of the first."""
        return Result(
            self.seed,
            {role: self.statuses[role] + other.statuses[role] for role in ROLES},
            self.failures + other.failures,
            self.leaks + other.leaks,
            self.lies + other.lies,
            self.marks + other.marks,
            max(self.seconds, other.seconds),
        )

    def table(self) -> str:
        """One line a role, then the findings."""
        head = f"{'role':16}{'requests':>9}{'2xx':>8}{'3xx':>8}{'4xx':>8}{'5xx':>5}{'marks':>8}"
        lines = [head]
        for role, counted in self.statuses.items():
            by = [
                sum(n for status, n in counted.items() if status // 100 == hundred)
                for hundred in (2, 3, 4, 5)
            ]
            numbers = "".join(f"{n:>{width}}" for n, width in zip(by, (8, 8, 8, 5), strict=True))
            lines.append(f"{role:16}{counted.total():>9}{numbers}{self.marks[role]:>8}")
        total = sum(counted.total() for counted in self.statuses.values())
        lines.append(f"{total} requests in {self.seconds:.0f} s, seed {self.seed}")
        lines.append(f"{len(self.failures)} answers of 500 or more, {len(self.leaks)} canaries out of scope")
        lines.append(f"{self.lies.total()} answers that /api/schema/ does not describe")
        told = [f"{times}× {lie}" for lie, times in self.lies.most_common(KEPT)]
        return "\n".join([*lines, *self.failures[:KEPT], *self.leaks[:KEPT], *told])

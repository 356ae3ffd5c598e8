"""Round robin over all cases, so that whatever else the machine does falls on each of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WARM_UPS = 2


@dataclass
class Case:
    """One thing to measure: ``act`` answers what it made, ``holds`` refuses a quick wrong answer."""

    name: str
    act: Callable[[], object]
    holds: Callable[[object], bool] = bool
    target: str = ""
    floor: str = ""
    grows: bool = False
    """Whether it is measured over ten times the rows too."""
    seconds: list[float] = field(default_factory=list)

    def once(self) -> None:
        """Act and note how long it took; the answer is looked at afterwards."""
        begun = time.perf_counter()
        answer = self.act()
        self.seconds.append(time.perf_counter() - begun)
        if not self.holds(answer):
            raise AssertionError(f"{self.name}: {str(answer)[:300]}")

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.seconds) * 1000

    @property
    def slowest(self) -> float:
        """Milliseconds of the slowest but five in a hundred."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


def interleave(cases: list[Case], rounds: int) -> None:
    """Warm up, then measure each case once a round."""
    for number in range(WARM_UPS + rounds):
        for case in cases:
            if number == WARM_UPS:
                case.seconds.clear()
            case.once()


def table(cases: list[Case]) -> list[str]:
    """Markdown: name, median, p95, ratio to the floor that the case names, target."""
    by_name = {case.name: case for case in cases}
    lines = ["| what | median ms | p95 ms | × floor | target |", "|---|---:|---:|---:|---|"]
    for case in cases:
        floor = by_name.get(case.floor)
        ratio = f"{case.median / floor.median:.1f} × {case.floor}" if floor else ""
        lines.append(f"| {case.name} | {case.median:,.1f} | {case.slowest:,.1f} | {ratio} | {case.target} |")
    return lines

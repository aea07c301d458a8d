"""One line of the table of benchmarks: a job at a size, by us and by the alternative."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

ENOUGH_S = 1.0
"""A job is repeated until this much time is spent on it, three times at most."""


@dataclass(frozen=True)
class Case:
    """A job to time.

    ``other`` is None where the alternative cannot do the size; ``alternative`` then says why.
    ``same`` checks that both give the same answer. ``target_s`` is what the job may take.
    """

    job: str
    size: str
    ours: Callable[[], object]
    alternative: str = ""
    other: Callable[[], object] | None = None
    same: Callable[[object, object], bool] | None = None
    target_s: float | None = None


def seconds(job: Callable[[], object]) -> tuple[float, object]:
    """Least wall time of up to three runs, and the answer."""
    best, spent, runs, answer = float("inf"), 0.0, 0, None
    while runs < 3 and (runs == 0 or spent < ENOUGH_S):
        start = time.perf_counter()
        answer = job()
        took = time.perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best, answer

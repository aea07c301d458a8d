"""Threads: one for each fit's linear algebra, several for fits that know nothing of each other."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from counterpoise import workers
from counterpoise.workers import single_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    T = TypeVar("T")
    R = TypeVar("R")

MOST = 4
"""Threads at most; fits are small, and more would wait for Python's lock."""


def each(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Apply a function to every item, several at a time; results in the order of the items.

    Threads of this process do it, unless ``workers.using`` chose others. The function must not
    depend on the order in which items are worked on.
    """
    if not workers.crew().is_alone:
        yield from workers.each(function, list(items))
        return
    with single_thread(), ThreadPoolExecutor(min(MOST, os.cpu_count() or 1)) as pool:
        yield from pool.map(function, items)

"""Threads: one for each fit's linear algebra, several for fits that know nothing of each other."""

from __future__ import annotations

import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    T = TypeVar("T")
    R = TypeVar("R")

MOST = 4
"""Threads at most; fits are small, and more would wait for Python's lock."""


def single() -> AbstractContextManager[Any]:
    """Keep the linear algebra of this process to one thread, where that can be set.

    Threads that wait for each other on a busy machine make a small fit ten times slower.
    """
    try:
        # The library has no types; it comes with scikit-learn.
        limits = importlib.import_module("threadpoolctl").threadpool_limits
    except ImportError:
        return nullcontext()
    found: AbstractContextManager[Any] = limits(1)
    return found


def each(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Apply a function to every item, several at a time; results in the order of the items.

    The function must not depend on the order in which items are worked on.
    """
    with ThreadPoolExecutor(min(MOST, os.cpu_count() or 1)) as pool:
        yield from pool.map(function, items)

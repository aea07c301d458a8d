"""One thread for linear algebra on many small matrices, where more of them only wait."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep NumPy's and SciPy's linear algebra to one thread; nothing where that cannot be set."""
    try:
        threadpoolctl = importlib.import_module("threadpoolctl")
    except ModuleNotFoundError:
        yield
        return
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield

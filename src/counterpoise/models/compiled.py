"""Functions compiled by Numba, kept on disk where a folder for that can be written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

    F = TypeVar("F", bound=Callable[..., Any])


def compiled(*, fastmath: bool | set[str] = False, parallel: bool = False) -> Callable[[F], F]:
    """Compile a function on its first call, to run without Python's lock.

    Machine code goes to NUMBA_CACHE_DIR, beside the module or to the user's cache, and the next
    process finds it there. Where none of them can be written, as for a user without rights on a
    read-only disk, each process compiles anew.

    Parameters
    ----------
    fastmath : rules of arithmetic that may be bent, as Numba names them.
    parallel : share loops over ``prange`` among threads.
    """
    njit = partial(numba.njit, nogil=True, fastmath=fastmath, parallel=parallel)

    def prepared(function: F) -> F:
        try:
            return cast("F", njit(cache=True)(function))
        except RuntimeError as error:
            if "locator" not in str(error):
                raise
        return cast("F", njit()(function))

    return prepared

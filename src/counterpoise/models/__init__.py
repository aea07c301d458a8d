"""Models of coalition formation: arrays and names in, frozen results out; never the record.

Nothing is imported here: each model brings in its solver only when it is called.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from counterpoise.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONAL = ("numba", "scipy", "highspy", "dwave", "dimod")
"""Libraries of the extra ``models`` that the models here import inside their functions."""


@contextmanager
def needs_extra(purpose: str) -> Iterator[None]:
    """Turn a missing solver into an error that names the command that installs it.

    Raises
    ------
    MissingExtraError : a library of the extra ``models`` is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in OPTIONAL:
            raise
        raise MissingExtraError(library, "models", purpose) from None

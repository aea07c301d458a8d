"""Every source that the build reads, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.sources import nmc

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from counterpoise.sources.raw import Raw

READERS: dict[str, Callable[[Raw], dict[str, pl.DataFrame]]] = {
    "nmc": nmc.read,
}

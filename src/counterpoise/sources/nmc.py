"""National Material Capabilities of the Correlates of War project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw


def read(raw: Raw) -> dict[str, pl.DataFrame]:
    """Six indicators of capability and their index, one row per state and year."""
    frame = raw.r("cow/cow_nmc.rda", "cow_nmc")
    return {
        "nmc": frame.rename(
            {
                "milex": "milex_kusd",
                "milper": "milper_k",
                "irst": "irst_kt",
                "pec": "pec_ktce",
                "tpop": "tpop_k",
                "upop": "upop_k",
            }
        )
    }

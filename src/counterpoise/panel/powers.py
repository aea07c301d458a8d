"""Major powers, and regional and global powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.panel.reading import of_states
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from counterpoise.panel.rows import Rows


def majors(rows: Rows) -> pl.DataFrame:
    """Major power on any day of the year."""
    spells = by_year(record.table("majors"), record.coverage("majors")[1])
    frame = spells.select("ccode", "year", cowmaj=pl.lit(1, pl.Int8)).unique()
    return of_states("majors", "majors", frame, rows)


def maoz_powers(rows: Rows) -> pl.DataFrame:
    """Regional or global power on any day of the year."""
    spells = by_year(record.table("maoz_powers"), record.coverage("maoz_powers")[1])
    frame = spells.group_by("ccode", "year").agg(
        (pl.col("kind") == kind).any().cast(pl.Int8).alias(f"{kind}_power")
        for kind in ("regional", "global")
    )
    return of_states("maoz_powers", "maoz_powers", frame, rows)

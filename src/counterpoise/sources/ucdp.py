"""Armed conflicts of the Uppsala Conflict Data Program and PRIO."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.errors import DataError
from counterpoise.sources.raw import days

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

KEY = ["conflict_id", "year"]
SIDES = {
    "gwno_a": ("a", True),
    "gwno_a_2nd": ("a", False),
    "gwno_b": ("b", True),
    "gwno_b_2nd": ("b", False),
}


def conflicts(raw: Raw) -> dict[str, pl.DataFrame]:
    """Conflicts with 25 or more battle deaths in a year, and the states that took part."""
    frame = raw.r("cow/ucdp_acd.rda", "ucdp_acd")
    return {"armed_conflicts": conflict_years(frame), "armed_conflict_parties": parties(frame)}


def conflict_years(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per conflict and year.

    The file repeats a conflict for each combination of the states on its four lists.

    Raises
    ------
    DataError : rows of the same conflict and year differ in more than the states.
    """
    described = frame.drop(SIDES).unique()
    if described.height != frame.select(KEY).n_unique():
        raise DataError("Rows of one armed conflict and year differ")
    return described.select(
        *KEY,
        "incompatibility",
        "intensity_level",
        pl.col("type_of_conflict").replace({"II": "internationalized intrastate"}),
        start_date=days("start_date"),
        start_prec="start_prec",
        start_date2=days("start_date2"),
        start_prec2="start_prec2",
        ep_end=pl.col("ep_end") == 1,
        ep_end_date=days("ep_end_date"),
    )


def parties(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per conflict, year and state; a side that is no state has none."""
    lists = [
        frame.drop_nulls(column).select(
            *KEY, gwcode=column, side=pl.lit(side), is_primary=pl.lit(primary)
        )
        for column, (side, primary) in SIDES.items()
    ]
    return pl.concat(lists).unique()

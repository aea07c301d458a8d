"""State systems, their crosswalk, and state-year panels from the R package isard.

isard carries, in both state systems, the simulated GDP and population of Fariss et al. (2022)
and three measures of democracy.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.raw import days
from counterpoise.sources.spells import open_end

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw


def gw_states(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells of independence in the system of Gleditsch and Ward, microstates included."""
    frame = raw.r("isard/gw_system.rda", "gw_system").select(
        "gwcode",
        start=days("start"),
        end=open_end(days("end"), dt.date(2020, 12, 31)),
        abbreviation="gw_abb",
        name="gw_name",
        is_microstate=pl.col("microstate") == 1,
    )
    return {"gw_states": frame}


def crosswalk(raw: Raw) -> dict[str, pl.DataFrame]:
    """The partner of each state in the other system, year by year, in both directions.

    Each direction starts from the states of its own system. They disagree where a state changes
    within the year: Germany and Yemen in 1990, Serbia in 2006. Rows of the other system without
    a partner belong to the other direction.
    """
    to_gw = raw.r("isard/cw_gw_panel.rda", "cw_gw_panel")
    to_cow = raw.r("isard/gw_cw_panel.rda", "gw_cw_panel")
    return {
        "cow_to_gw": partners(to_gw, "ccode", "gwcode"),
        "gw_to_cow": partners(to_cow, "gwcode", "ccode"),
    }


def partners(panel: pl.DataFrame, given: str, wanted: str) -> pl.DataFrame:
    """Rows of one system; null where the other has no state then."""
    return panel.drop_nulls(given).select(given, "year", wanted)


def gdp_population(raw: Raw) -> dict[str, pl.DataFrame]:
    """Simulated GDP and population with standard deviations, in both systems."""
    return {
        "gdp_population": raw.r("isard/cw_gdppop.rda", "cw_gdppop"),
        "gw_gdp_population": raw.r("isard/gw_gdppop.rda", "gw_gdppop"),
    }


def democracy(raw: Raw) -> dict[str, pl.DataFrame]:
    """Extended Unified Democracy Scores, Polity and V-Dem's polyarchy, in both systems."""
    return {
        "democracy": raw.r("isard/cw_democracy.rda", "cw_democracy"),
        "gw_democracy": raw.r("isard/gw_democracy.rda", "gw_democracy"),
    }

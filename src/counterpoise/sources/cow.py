"""The Correlates of War project: states, capabilities, powers, borders and trade.

Its files are read as the R package peacesciencer redistributes them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.errors import DataError
from counterpoise.sources.raw import day, days
from counterpoise.sources.spells import open_end

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

LAST_CODED = dt.date(2016, 12, 31)
START = day("styear", "stmonth", "stday")
END = day("endyear", "endmonth", "endday")


def nmc(raw: Raw) -> dict[str, pl.DataFrame]:
    """Six indicators of capability and their index, one row per state and year."""
    frame = raw.r("cow/cow_nmc.rda", "cow_nmc")
    units = {
        "milex": "milex_kusd",
        "milper": "milper_k",
        "irst": "irst_kt",
        "pec": "pec_ktce",
        "tpop": "tpop_k",
        "upop": "upop_k",
    }
    return {"nmc": frame.rename(units)}


def states(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells of membership in the state system."""
    # An end on the last day of 2016 only means that the list stops there.
    frame = raw.r("cow/cow_states.rda", "cow_states").select(
        "ccode",
        start=START,
        end=open_end(END, LAST_CODED),
        abbreviation="stateabb",
        name="statenme",
    )
    return {"states": frame}


def majors(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells as a major power."""
    frame = raw.r("cow/cow_majors.rda", "cow_majors")
    return {"majors": frame.select("ccode", start=START, end=open_end(END, LAST_CODED))}


def contiguity(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells of direct contiguity, both directions of each pair."""
    return {"contiguity": contiguity_spells(raw.r("cow/cow_contdir.rda", "cow_contdir"))}


def contiguity_spells(frame: pl.DataFrame) -> pl.DataFrame:
    """Contiguous spells, without those of type 0.

    Type 0 only says "farther than 400 miles", and its spells run on beneath a pair's contiguous
    ones (Afghanistan and the USSR from 1919 to 2016). Dates name the month, as its first day.
    """
    last = dt.date(2016, 12, 1)
    return frame.filter(pl.col("conttype") > 0).select(
        "ccode1",
        "ccode2",
        "conttype",
        start=days("stdate"),
        end=open_end(days("enddate"), last),
    )


def trade(raw: Raw) -> dict[str, pl.DataFrame]:
    """Total trade of states, and flows between pairs of them."""
    return {
        "trade_totals": raw.r("cow/cow_trade_sy.rda", "cow_trade_sy").rename(
            {"imports": "imports_musd", "exports": "exports_musd"}
        ),
        "trade": undirected_flows(raw.r("cow/cow_trade_ddy.rds")),
    }


def undirected_flows(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per pair, lower code first, once both directions are seen to say the same.

    Raises
    ------
    DataError : the row of one direction is absent from, or differs from, the other's.
    """
    keys = ["ccode1", "ccode2", "year"]
    mirror = frame.rename(_SWAP).select(frame.columns)
    if not frame.sort(keys).equals(mirror.sort(keys)):
        raise DataError("Dyadic trade differs between the two directions of a pair")
    return frame.filter(pl.col("ccode1") < pl.col("ccode2"))


_SWAP = {
    f"{name}{side}": f"{name}{3 - side}"
    for name in ("ccode", "flow", "smoothflow")
    for side in (1, 2)
}

"""Capitals, and authors' lists that the R package peacesciencer redistributes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources.raw import days
from counterpoise.sources.spells import open_end, runs

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

FIRST_YEAR = 1816


def capitals(raw: Raw) -> dict[str, pl.DataFrame]:
    """Capitals with coordinates and dates.

    Spells reach beyond a state's membership on purpose, and Portugal's is Rio de Janeiro until
    1821.
    """
    frame = raw.r("cow/cow_capitals.rda", "cow_capitals").select(
        "ccode",
        start=days("stdate"),
        end=open_end(days("enddate"), dt.date(2024, 12, 31)),
        name="capital",
        latitude_deg="lat",
        longitude_deg="lng",
    )
    return {"capitals": frame}


def maoz_powers(raw: Raw) -> dict[str, pl.DataFrame]:
    """Spells as a regional or a global power (Maoz 2010)."""
    frame = raw.r("cow/maoz_powers.rda", "maoz_powers")
    return {"maoz_powers": pl.concat([power_spells(frame, k) for k in ("regional", "global")])}


def power_spells(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Spells of one kind of power; the file holds both kinds side by side."""
    prefix = {"regional": "reg", "global": "glob"}[kind]
    return frame.drop_nulls(f"{prefix}stdate").select(
        "ccode",
        kind=pl.lit(kind),
        start=days(f"{prefix}stdate"),
        end=open_end(days(f"{prefix}enddate"), dt.date(2019, 12, 31)),
    )


def min_distance(raw: Raw) -> dict[str, pl.DataFrame]:
    """Minimum distance between states on 1 January, in both systems, as runs of equal years.

    Only pairs of states that both exist on that day have a distance.
    """
    return {
        "min_distance": distance_runs(raw.r("cow/cow_mindist.rda", "cow_mindist"), "ccode"),
        "gw_min_distance": distance_runs(raw.r("cow/gw_mindist.rda", "gw_mindist"), "gwcode"),
    }


def distance_runs(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    """Runs of years with the same distance, lower code first."""
    renamed = frame.rename({"mindist": "mindist_km"})
    return runs(renamed, [f"{code}1", f"{code}2"], ["mindist_km"])


def rivalries(raw: Raw) -> dict[str, pl.DataFrame]:
    """Strategic rivalries that lasted into the state system (Thompson, Sakuwa & Suhas 2021)."""
    frame = raw.r("cow/tss_rivalries.rda", "tss_rivalries")
    raw.report(earlier_rivals(frame))
    return {"rivalries": rivalry_spells(frame)}


def earlier_rivals(frame: pl.DataFrame) -> list[str]:
    """Names of the rivalries that ended before 1816; Venice, one of the rivals, has no code."""
    ended = frame.filter(pl.col("end") < FIRST_YEAR)
    return [
        f"{name} ({int(start)}–{int(end)}, before the state system)"
        for name, start, end in ended.select("rivalry", "start", "end").iter_rows()
    ]


def rivalry_spells(frame: pl.DataFrame) -> pl.DataFrame:
    """Rivalries with an end in or after 1816; a blank type means that it is not of that type."""
    types = ("positional", "spatial", "ideological", "interventionary", "principal", "aprin")
    return frame.filter(pl.col("end") >= FIRST_YEAR).select(
        "tssr_id",
        "ccode1",
        "ccode2",
        "rivalry",
        pl.col(*types).fill_null(0),
        start_year="start",
        end_year="end",
    )


def arms_races(raw: Raw) -> dict[str, pl.DataFrame]:
    """Mutual build-ups between rivals (Gibler, Rider & Hutchison 2005)."""
    frame = raw.r("cow/grh_arms_races.rda", "grh_arms_races")
    return {"arms_races": frame.rename({"styear": "start_year", "endyear": "end_year"})}

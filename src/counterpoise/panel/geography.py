"""Borders, and distances between capitals and between borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.panel import spine
from counterpoise.panel.facts import look_up, of_frame
from counterpoise.panel.reading import PAIR, both_ways, of_pairs, of_states, twin
from counterpoise.panel.rows import Rows, first_months
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARTH_RADIUS_KM = 6378.137
"""Equatorial radius; with it distances equal those of peacesciencer."""


def contiguity(rows: Rows) -> pl.DataFrame:
    """The border in the first month of the year in which both states were members; 0 for none."""
    return of_pairs("contiguity", "contiguity", first_borders(), rows, symmetric=True)


def neighbours(rows: Rows) -> pl.DataFrame:
    """How many states a state borders by land and by sea."""
    land = pl.col("conttype") == 1
    frame = (
        both_ways(first_borders())
        .group_by("ccode", "year")
        .agg(land=land.sum().cast(pl.Int32), sea=(~land).sum().cast(pl.Int32))
    )
    return of_states("contiguity", "contiguity", frame, rows)


def first_borders() -> pl.DataFrame:
    """Border of each pair and year in their first common month, where there was one.

    The source dates borders by the month, so that one which begins in the month of entry counts,
    and it dates some before a state's entry, which do not.
    """
    frame = record.table("contiguity").filter(pl.col("ccode1") < pl.col("ccode2"))
    yearly = by_year(frame.with_columns(begun=pl.col("start")), record.coverage("contiguity")[1])
    earliest = yearly.sort(*PAIR, "year", "begun").unique([*PAIR, "year"], keep="first")
    one, two, year = (earliest[name].to_numpy() for name in (*PAIR, "year"))
    rows = Rows("cow", (one, two), year)
    begun = earliest["begun"].dt
    in_time = (begun.year() < earliest["year"]) | (begun.month() <= pl.Series(first_months(rows)))
    return earliest.filter(in_time & pl.Series(rows.in_system())).drop("begun")


def min_distance(rows: Rows) -> pl.DataFrame:
    """Shortest distance between borders on 1 January."""
    name, _ = twin("min_distance", rows.system)
    frame = record.table(name).rename({"mindist_km": "mindist"})
    return of_pairs("min_distance", name, frame, rows, symmetric=True)


def nearest_border(rows: Rows) -> pl.DataFrame:
    """Shortest distance from a state's borders to those of any other state."""
    name, system = twin("min_distance", rows.system)
    runs = by_year(record.table(name), record.coverage(name)[1])
    code = "ccode" if system == "cow" else "gwcode"
    nearest = pl.col("mindist_km").min().alias("minmindist")
    sides = [runs.group_by(pl.col(f"{code}{k}").alias(code), "year").agg(nearest) for k in (1, 2)]
    frame = pl.concat(sides).group_by(code, "year").agg(pl.col("minmindist").min())
    return of_states("min_distance", name, frame, rows)


def capital_distance(rows: Rows) -> pl.DataFrame:
    """Great-circle distance between the first capitals of the year."""
    capitals, yearly = first_capitals()
    facts = of_frame(yearly, ("ccode",), "cow", record.coverage("capitals"))
    one, two = (
        look_up(facts, rows.side(k))["place"].fill_null(capitals.height).to_numpy() for k in (0, 1)
    )
    return pl.DataFrame({"capdist": pl.Series(distances(capitals)[one, two], nan_to_null=True)})


def nearest_capital(rows: Rows) -> pl.DataFrame:
    """Distance from a state's first capital of the year to the nearest other one."""
    first, last = record.coverage("capitals")
    one, two, year = spine.dyad_years("cow", first, last, "year", directed=True, microstates=True)
    found = capital_distance(Rows("cow", (one, two), year))
    frame = found.with_columns(ccode=pl.Series(one), year=pl.Series(year))
    nearest = frame.group_by("ccode", "year").agg(mincapdist=pl.col("capdist").min())
    return of_states("capital_distance", "capitals", nearest, rows)


def first_capitals() -> tuple[pl.DataFrame, pl.DataFrame]:
    """All capitals, and which of them (by its place) was a state's first of each year."""
    capitals = record.table("capitals").sort("ccode", "start")
    spells = capitals.select("ccode", "start", "end").with_row_index("place")
    yearly = by_year(spells, record.coverage("capitals")[1])
    return capitals, yearly.sort("place").unique(["ccode", "year"], keep="first")


def distances(capitals: pl.DataFrame) -> NDArray[np.float64]:
    """Haversine distance in km between all capitals; a last row and column of nan for unknown."""
    latitude, longitude = (
        np.radians(capitals[name].to_numpy()) for name in ("latitude_deg", "longitude_deg")
    )
    across = np.sin((latitude[:, None] - latitude) / 2) ** 2
    along = np.sin((longitude[:, None] - longitude) / 2) ** 2
    chord = across + np.cos(latitude[:, None]) * np.cos(latitude) * along
    known = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return np.pad(known, (0, 1), constant_values=np.nan)

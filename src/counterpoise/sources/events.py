"""Events between states as machines read them from the news: counts of ICEWS, scores of GDELT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

COUNTS = {
    "verbCoop": "verbal_cooperation",
    "matlCoop": "material_cooperation",
    "verbConf": "verbal_conflict",
    "matlConf": "material_conflict",
}


def icews(raw: Raw) -> dict[str, pl.DataFrame]:
    """Events that the first state aimed at the second, of four kinds, by directed dyad-year.

    The file is complete for 152 states in every year; a state that it does not list (Turkey,
    Serbia, Czechia) is unknown, not quiet.
    """
    frame = raw.r("events/icews_dyad_year.rda", "icews")
    return {"events_icews": directed(raw, frame)}


def directed(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """Counts by COW number, from ISO codes read in the year of the row."""
    year = frame["year"].cast(pl.Int64)
    codes = {
        side: pl.Series(raw.states.find_all(frame[name], year, by="iso3"), dtype=pl.Int16)
        for side, name in (("ccode1", "i_iso3c"), ("ccode2", "j_iso3c"))
    }
    return frame.select(
        year=year, **codes, **{new: pl.col(old).cast(pl.Int32) for old, new in COUNTS.items()}
    ).drop_nulls(["ccode1", "ccode2"])


def gdelt(raw: Raw) -> dict[str, pl.DataFrame]:
    """Sums of positive and of negative scores by undirected dyad-year; a score, not a count."""
    return {"events_gdelt": undirected(raw, raw.parquet("events/gdelt_dyad_year.parquet"))}


def undirected(raw: Raw, frame: pl.DataFrame) -> pl.DataFrame:
    """Scores by COW numbers, the smaller first; places that are no states are reported."""
    first, second = (
        pl.Series(raw.states.find_all(frame[name], frame["year"], by="iso3"), dtype=pl.Int16)
        for name in ("iso_a", "iso_b")
    )
    coded = frame.with_columns(first=first, second=second).drop_nulls(["first", "second"])
    return coded.select(
        ccode1=pl.min_horizontal("first", "second"),
        ccode2=pl.max_horizontal("first", "second"),
        year="year",
        positive_score="pos_sum",
        negative_score="neg_sum",
        active_days="days_active",
    )

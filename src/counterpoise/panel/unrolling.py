"""Spells and runs unrolled to years."""

from __future__ import annotations

import polars as pl


def by_year(frame: pl.DataFrame, last: int) -> pl.DataFrame:
    """One row per year that a spell touches, with the column ``year`` instead of its bounds.

    Parameters
    ----------
    frame : spells with the dates ``start`` and ``end``, or with ``start_year`` and ``end_year``;
        an end that is null is still open.
    last : last year that the spells' source covers.
    """
    if "start" in frame.columns:
        bounds = ["start", "end"]
        start, end = (pl.col(name).dt.year() for name in bounds)
    else:
        bounds = ["start_year", "end_year"]
        start, end = pl.col("start_year"), pl.col("end_year")
    until = pl.min_horizontal(end.fill_null(last), pl.lit(last))
    years = pl.int_ranges(start, until + 1, dtype=pl.Int32)
    return frame.with_columns(year=years).drop(bounds).explode("year").drop_nulls("year")

"""Spells and runs unrolled to years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


def unroll(start: NDArray[Any], end: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Number of the run and year, one entry per year of each run, in order of the runs.

    Parameters
    ----------
    start, end : first and last year of each run; a run that ends before it begins has no entry.
    """
    lengths = np.maximum(end.astype(np.int64) - start + 1, 0)
    run = np.repeat(np.arange(len(lengths)), lengths)
    before = np.cumsum(lengths) - lengths
    year = np.arange(lengths.sum()) - np.repeat(before - start, lengths)
    return run, year.astype(np.int32)

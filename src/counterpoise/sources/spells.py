"""Spells in time: open ends as null, and yearly rows that repeat drawn together to runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def open_end(end: pl.Expr, last: dt.date) -> pl.Expr:
    """Turn an end on the last day that a source codes into null: the spell goes on."""
    return pl.when(end < last).then(end)


def runs(frame: pl.DataFrame, keys: Sequence[str], values: Sequence[str]) -> pl.DataFrame:
    """Draw yearly rows together to runs of consecutive years with the same values; loses nothing.

    Parameters
    ----------
    frame : one row per ``keys`` and ``year``.
    keys : what a run belongs to.
    values : what stays the same within a run; null equals null.

    Returns
    -------
    One row per run: the keys, ``start_year``, ``end_year`` (both inclusive) and the values.
    """
    ordered = frame.sort(*keys, "year")
    same = [pl.col(name).eq_missing(pl.col(name).shift()) for name in (*keys, *values)]
    follows = pl.all_horizontal(*same, pl.col("year") == pl.col("year").shift() + 1)
    numbered = ordered.with_columns(run=(~follows).fill_null(True).cum_sum())
    return (
        numbered.group_by("run", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in keys),
            start_year=pl.col("year").first(),
            end_year=pl.col("year").last(),
            **{name: pl.col(name).first() for name in values},
        )
        .drop("run")
    )

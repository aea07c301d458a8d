"""Who led, year by year, under every metric of power."""

from __future__ import annotations

import functools

import polars as pl

from counterpoise import record, states
from counterpoise.measures import power

SCHEMA: dict[str, type[pl.DataType]] = {
    "year": pl.Int32,
    "metric": pl.String,
    "ccode": pl.Int32,
    "name": pl.String,
    "share": pl.Float64,
    "second_ccode": pl.Int32,
    "second_name": pl.String,
    "second_share": pl.Float64,
    "gap": pl.Float64,
    "con": pl.Float64,
    "effective_powers": pl.Float64,
    "polarity": pl.String,
}
"""Columns of ``leading``; shares and gap in [0, 1]; the last three among the major powers."""


def years() -> tuple[int, int]:
    """First and last year that any metric of power covers."""
    spans = [record.coverage(m.table) for m in power.METRICS.values()]
    return max(1816, min(first for first, _ in spans)), max(last for _, last in spans)


@functools.cache
def leading() -> pl.DataFrame:
    """One row per year and metric with the leading and the second state; covered years alone."""
    first, last = years()
    names = states.names()
    rows = []
    for year in range(first, last + 1):
        for metric in power.METRICS:
            found = power.leadership(metric, year)
            if found is None:
                continue
            rows.append(
                {name: getattr(found, name, None) for name in SCHEMA}
                | {
                    "year": year,
                    "name": names.name(found.ccode, year),
                    "second_name": names.name(found.second_ccode, year),
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)

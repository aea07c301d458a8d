"""Oil and gas: what states produce, consume and hold, from the Energy Institute and BP.

Production, and consumption of oil, come by way of Gapminder and reach 2024; consumption of gas
and reserves are from BP's review of 2021. Both carry today's territories back in time. Figures
are kept for years in which the state was in the system; those of Soviet republics to 1990 and
of Czechia and Slovakia to 1992 are added up to the state that they then were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw
    from counterpoise.states import By

MILLION = 1e6
TOE_IN_BCM = 36 / 41.868 * MILLION
"""Tons of oil equivalent in a billion cubic metres: 36 PJ by convention, 41.868 GJ per ton."""
NEWER = {
    "oil_production_mt": ("oil_production", "oil_production_total", MILLION),
    "oil_consumption_mt": ("oil_consumption", "oil_consumption_total", MILLION),
    "gas_production_bcm": ("gas_production", "natural_gas_production_total", TOE_IN_BCM),
}
REVIEW = {
    "gas_consumption_bcm": "Gas Consumption - Bcm",
    "oil_reserves_gbbl": "Oil - Proved reserves",
    "gas_reserves_tcm": "Gas - Proved reserves",
}
TERRITORIES = 2020
"""Year whose states the sources' names mean throughout."""
SOVIET = (365, 366, 367, 368, 359, 369, 370, 371, 372, 373, 701, 702, 703, 704, 705)
UNIONS = {365: (1990, SOVIET), 315: (1992, (316, 317))}
"""States since dissolved: the last year that they were whole, and their successors."""
TOGETHER = {255: 1990, 679: 1990, 816: 1976}
"""First year from which the figure is one state's; before, it covers two."""


def read(raw: Raw) -> dict[str, pl.DataFrame]:
    """One row per state and year with any figure; zero only where the source says zero."""
    review = raw.csv("energy/bp_statreview_2021.csv")
    series = [
        by_state(raw, review.select(name="Entity", year="Year", value=column), "name", label)
        for label, column in REVIEW.items()
    ]
    for label, (file, column, unit) in NEWER.items():
        frame = raw.csv(f"energy/{file}.csv")
        values = frame.select(name="geo", year="time", value=pl.col(column) / unit)
        series.append(by_state(raw, values, "iso3", label))
    table = series[0]
    for other in series[1:]:
        table = table.join(other, on=["ccode", "year"], how="full", coalesce=True)
    return {"energy": table}


def by_state(raw: Raw, values: pl.DataFrame, by: By, label: str) -> pl.DataFrame:
    """Figures of one series by state and year, ``label`` naming their column.

    Names of regions, prices and dependencies are reported, as are the years in which a figure
    belongs to no state of the system, or to two.
    """
    listed = values.drop_nulls("value")
    codes = listed["name"].replace({"ussr": "rus"})
    found = raw.names.find_all(codes, [TERRITORIES] * listed.height, by)
    coded = listed.with_columns(today=pl.Series(found, dtype=pl.Int64))
    dated = coded.with_columns(ccode=pl.Series(_then(raw, coded), dtype=pl.Int64))
    lost = (
        dated.filter(pl.col("ccode").is_null())
        .group_by("name")
        .agg(first=pl.col("year").min(), last=pl.col("year").max())
    )
    raw.report(f"{name} ({first}–{last})" for name, first, last in lost.sort("name").rows())
    return (
        dated.drop_nulls("ccode")
        .group_by("ccode", "year", maintain_order=True)
        .agg(pl.col("value").sum().alias(label))
    )


def _then(raw: Raw, coded: pl.DataFrame) -> list[int | None]:
    """The state that a figure belonged to in its year, if it was one state's."""
    rows = coded.select("name", "today", "year").iter_rows()
    return [_state_then(raw, name, today, year) for name, today, year in rows]


def _state_then(raw: Raw, name: str, today: int | None, year: int) -> int | None:
    if today is None or (name.lower() == "ussr" and year > UNIONS[365][0]):
        return None
    for union, (last, successors) in UNIONS.items():
        if today in successors and year <= last:
            return union
    if year < TOGETHER.get(today, 0) or not raw.states.existed(today, year):
        return None
    return today

"""World Development Indicators of the World Bank: output, population, military burden."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

FIRST_YEAR, LAST_YEAR = 1960, 2024

TODAYS_TERRITORY_SINCE = {"RUS": 1992, "SRB": 2006, "VNM": 1976, "PAK": 1972, "ETH": 1993}
"""First year in which the bank's territory is that of the COW state with the same number.

The bank projects today's borders backwards: its Russia of 1970 is not the Soviet Union, its
Pakistan of 1965 lacks Bangladesh. Where another number names today's state (Germany, Yemen),
the state system itself cuts the earlier years. Serbia is without Kosovo throughout.
"""

GAPMINDER = {"kos": "XKX"}
"""Codes of the two Gapminder files that differ from the bank's."""


def indicators(raw: Raw) -> dict[str, pl.DataFrame]:
    """Four indicators, one row per state and year with any of them."""
    series = [
        sheet(raw, "economy/wb_gdp_const2015.xls", "gdp_usd2015"),
        sheet(raw, "economy/wb_population.xls", "population"),
        gapminder(raw, "economy/gdp_pc_ppp.csv", "gdp_pc_ppp"),
        gapminder(raw, "military/milex_pct_gdp.csv", "milex_gdp_pct"),
    ]
    keys = ["iso3c", "year"]
    joined = reduce(lambda a, b: a.join(b, on=keys, how="full", coalesce=True), series)
    return {"wdi": of_states(raw, joined, bank_names(raw))}


def sheet(raw: Raw, name: str, quantity: str) -> pl.DataFrame:
    """Long form of one of the bank's sheets."""
    return long_form(data_sheet(raw, name), quantity)


def data_sheet(raw: Raw, name: str) -> pl.DataFrame:
    """Countries by years 1960 to 2024; the column of 2025 is still empty and is left out."""
    return raw.excel(name, "Data", header_row=3, use_columns="A:BQ")


def long_form(wide: pl.DataFrame, quantity: str) -> pl.DataFrame:
    """One row per country code and year with a figure."""
    years = [c for c in wide.columns if c.isdigit() and int(c) <= LAST_YEAR]
    return (
        wide.unpivot(years, index="Country Code", variable_name="year", value_name=quantity)
        .rename({"Country Code": "iso3c"})
        .with_columns(pl.col("year").cast(pl.Int32), pl.col(quantity).cast(pl.Float64))
        .drop_nulls(quantity)
    )


def gapminder(raw: Raw, name: str, quantity: str) -> pl.DataFrame:
    """A series of the bank as Gapminder republishes it, under lower-case codes."""
    frame = raw.csv(name)
    code = pl.col("geo").replace(GAPMINDER).str.to_uppercase()
    return frame.select(
        code.alias("iso3c"),
        pl.col("time").cast(pl.Int32).alias("year"),
        pl.col(frame.columns[2]).cast(pl.Float64).alias(quantity),
    ).drop_nulls(quantity)


def bank_names(raw: Raw) -> dict[str, str]:
    """Country names of the bank's population sheet by code, for the report of what is left out."""
    wide = data_sheet(raw, "economy/wb_population.xls")
    return dict(wide.select("Country Code", "Country Name").iter_rows())


def of_states(raw: Raw, frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Rows of states in years in which they existed within today's borders; reports the others.

    Parameters
    ----------
    frame : ``iso3c``, ``year`` and any figures.
    names : name by code, for the report.
    """
    codes = frame["iso3c"].unique().sort().to_list()
    # Codes mean today's states throughout, so they are read as of the last year.
    found = raw.names.find_all(codes, [LAST_YEAR] * len(codes), "iso3")
    raw.report(_label(code, names) for code, c in zip(codes, found, strict=True) if c is None)
    ccode = pl.col("iso3c").replace_strict(codes, found, return_dtype=pl.Int32)
    coded = frame.with_columns(ccode=ccode).drop_nulls("ccode")
    rows = coded.select("iso3c", "ccode", "year").iter_rows()
    kept = pl.Series([_same_state(raw, *row) for row in rows], dtype=pl.Boolean)
    raw.report(_left_out(coded.filter(~kept), names))
    return coded.filter(kept).drop("iso3c")


def _same_state(raw: Raw, code: str, ccode: int, year: int) -> bool:
    """Did the state exist in the year, within the borders that the bank measures?"""
    return year >= TODAYS_TERRITORY_SINCE.get(code, FIRST_YEAR) and raw.states.existed(ccode, year)


def _left_out(frame: pl.DataFrame, names: dict[str, str]) -> list[str]:
    spans = frame.group_by("iso3c").agg(first=pl.col("year").min(), last=pl.col("year").max())
    return [
        f"{_label(code, names)} {first}–{last}: not in the system, or within other borders"
        for code, first, last in spans.iter_rows()
    ]


def _label(code: str, names: dict[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code

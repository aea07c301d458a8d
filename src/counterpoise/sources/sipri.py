"""Military expenditure of the Stockholm International Peace Research Institute.

Its terms limit redistribution: the table is built only into a user's own folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw

QUANTITIES = {
    "milex_const2022_usd_m": "milex_musd2022",
    "milex_current_usd_m": "milex_musd",
    "milex_share_gdp": "milex_gdp_share",
}


def military_spending(raw: Raw) -> dict[str, pl.DataFrame]:
    """Military expenditure, one row per state and year with any figure."""
    frame = without_false_zeros(raw.csv("military/sipri_milex_1948_2023.csv"))
    found = raw.states.find_all(frame["country"], frame["year"], existing=True)
    coded = frame.select("year", *QUANTITIES.values(), ccode=pl.Series(found, dtype=pl.Int32))
    return {"sipri_milex": coded.drop_nulls("ccode")}


def without_false_zeros(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with a figure, after zeros that mean "missing" are null.

    In current dollars a zero stands where no exchange rate is known (Russia to 1992, the
    Warsaw Pact). It is a true zero only where constant dollars say zero too: a state without
    armed forces.
    """
    current, constant = pl.col("milex_current_usd_m"), pl.col("milex_const2022_usd_m")
    real = pl.when((current != 0) | (constant == 0)).then(current)
    named = frame.with_columns(milex_current_usd_m=real).rename(QUANTITIES)
    return named.filter(pl.any_horizontal(pl.col(*QUANTITIES.values()).is_not_null()))

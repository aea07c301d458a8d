"""Our World in Data: who considered, pursued or possessed nuclear weapons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from counterpoise.sources.raw import Raw


def nuclear_status(raw: Raw) -> dict[str, pl.DataFrame]:
    """Status from 0 to 3, one row per state and year.

    The file carries today's states back to 1938 (Ukraine, Czechia); only years in which a state
    was in the system are kept, and the others are reported.
    """
    frame = raw.csv("military/nuclear_status.csv")
    found = raw.states.find_all(frame["Entity"], frame["Year"], existing=True)
    return {
        "nuclear_status": frame.select(
            ccode=pl.Series(found, dtype=pl.Int32), year="Year", status="nuclear_weapons_status"
        ).drop_nulls("ccode")
    }

"""Every source that the build reads, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.sources import (
    cow,
    cow_conflict,
    gannon,
    gsdb,
    isard,
    our_world_in_data,
    peacesciencer,
    sipri,
    ucdp,
    world_bank,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from counterpoise.sources.raw import Raw

READERS: dict[str, Callable[[Raw], dict[str, pl.DataFrame]]] = {
    "cow_states": cow.states,
    "gw_states": isard.gw_states,
    "crosswalk": isard.crosswalk,
    "nmc": cow.nmc,
    "cow_majors": cow.majors,
    "maoz_powers": peacesciencer.maoz_powers,
    "cow_contiguity": cow.contiguity,
    "capitals": peacesciencer.capitals,
    "min_distance": peacesciencer.min_distance,
    "cow_disputes": cow_conflict.disputes,
    "cow_wars": cow_conflict.wars,
    "rivalries": peacesciencer.rivalries,
    "arms_races": peacesciencer.arms_races,
    "ucdp": ucdp.conflicts,
    "gdp_population": isard.gdp_population,
    "democracy": isard.democracy,
    "cow_trade": cow.trade,
    "wdi": world_bank.indicators,
    "nuclear_status": our_world_in_data.nuclear_status,
    "rdmc": gannon.equipment,
    "sipri_milex": sipri.military_spending,
    "gsdb": gsdb.sanctions,
}

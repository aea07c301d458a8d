"""Every source that the build reads, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.sources import (
    aiddata,
    atop,
    cow,
    cow_conflict,
    energy,
    events,
    exercises,
    gannon,
    gsdb,
    igo,
    isard,
    natural_earth,
    our_world_in_data,
    peacesciencer,
    sipri,
    troops,
    ucdp,
    un_subjects,
    unga,
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
    "atop": atop.read,
    "atop_dyads": atop.dyads,
    "cow_igo": igo.cow,
    "informal_igo": igo.informal,
    "factbook_memberships": igo.factbook,
    "us_troops": troops.troops,
    "us_bases": troops.bases,
    "exercises": exercises.read,
    "un_votes": unga.votes,
    "un_subjects": un_subjects.subjects,
    "ideal_points": unga.ideal_points,
    "energy": energy.read,
    "china_finance": aiddata.china_finance,
    "icews": events.icews,
    "gdelt": events.gdelt,
    "world_map": natural_earth.world_map,
    "sipri_milex": sipri.military_spending,
    "gsdb": gsdb.sanctions,
}

"""Distribution of Military Capabilities (Gannon 2023), from the Military Balance of the IISS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from counterpoise.sources.raw import Raw


def equipment(raw: Raw) -> dict[str, pl.DataFrame]:
    """Pieces of equipment by class, one row per state and year.

    The file's states are in COW numbers already; its names are dropped. A few counts carry
    halves.
    """
    frame = raw.r("military/rdmc_equipment.rds").drop("country", "stateabb")
    return {"equipment": frame.rename(column_name)}


def column_name(text: str) -> str:
    """Name of a column from the label of a class: "radars_ISR/battlefield" has no "/" or capital.

    Examples
    --------
    >>> column_name("anti-tank/anti-infrastructure_missiles")
    'anti_tank_anti_infrastructure_missiles'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower())

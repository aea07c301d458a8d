"""Trade between pairs of states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise import record
from counterpoise.panel.reading import of_pairs

if TYPE_CHECKING:
    from counterpoise.panel.rows import Rows

FLOWS = {
    "flow1": "flow2",
    "flow2": "flow1",
    "smoothflow1": "smoothflow2",
    "smoothflow2": "smoothflow1",
}
"""Each flow, and the one that takes its place when the pair is read in the other order."""


def trade(rows: Rows) -> pl.DataFrame:
    """Flows in both directions; ``flow1`` is what the first state imports from the second."""
    found = of_pairs("trade", "trade", record.table("trade"), rows, symmetric=True)
    one, two = rows.numbered("cow").codes
    if not (one > two).any():
        return found
    turned = pl.Series(one > two)
    return found.select(
        pl.when(turned).then(other).otherwise(name).alias(name) for name, other in FLOWS.items()
    )

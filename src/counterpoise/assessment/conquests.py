"""The threat between states set beside the conquests and invasions that followed.

The list is our own (``conquests``, 1888–2010), coded before any threat was computed for it.
Its rules stand in docs/explanation/threat.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.assessment.rare_events import RareEvents, gather
from counterpoise.errors import UnknownNameError
from counterpoise.measures.threats import threats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FIRST, LAST = 1888, 2010
"""Years that the list covers."""

OUTCOMES = ("conquered", "partial", "repelled")


def conquests(
    combination: str = "survival",
    outcomes: Sequence[str] = ("conquered",),
    metric: str = "cinc",
    *,
    checked_only: bool = False,
) -> RareEvents:
    """Scores of the coded conquests under a combination, and of all other pairs of each year.

    Parameters
    ----------
    combination : one of ``measures.threat.COMBINATIONS``.
    outcomes : which outcomes count as events; pairs of the other outcomes are left out.
    checked_only : only rows whose attack the record itself shows; the others are left out too.

    Raises
    ------
    UnknownNameError : no such combination, outcome or metric.
    """
    unknown = [o for o in outcomes if o not in OUTCOMES]
    if unknown:
        raise UnknownNameError(f"Unknown outcomes {unknown}. There are: {', '.join(OUTCOMES)}")
    listed = record.coded("conquests")
    counted = pl.col("outcome").is_in(outcomes)
    if checked_only:
        counted &= pl.col("checked")
    rows = listed.with_columns(counted=counted).group_by("year").agg(pl.all())
    by_year = {row["year"]: row for row in rows.iter_rows(named=True)}
    scores, events = {}, []
    for year in range(FIRST, LAST + 1):
        flat, places = _year(year, combination, metric, by_year.get(year))
        scores[year] = flat
        events += [(year, place, campaign) for place, campaign in places]
    return gather(scores, events)


def _year(
    year: int, combination: str, metric: str, row: dict[str, list[int | str | bool]] | None
) -> tuple[NDArray[np.float64], list[tuple[int, str]]]:
    """Flat scores of one year, listed pairs that do not count made unknown, and the events."""
    matrices = threats(year, metric)
    values = matrices.combination(combination)
    events = []
    if row is not None:
        listed = zip(row["attacker"], row["victim"], row["campaign"], row["counted"], strict=True)
        for attacker, victim, campaign, counted in listed:
            pair = matrices.place(int(attacker)), matrices.place(int(victim))
            if counted:
                events.append((pair[0] * len(matrices.places) + pair[1], str(campaign)))
            else:
                values[pair] = np.nan
    return values.ravel(), events

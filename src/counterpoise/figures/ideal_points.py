"""Ideal points of a few states over the years, with their 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.errors import QuestionError
from counterpoise.figures.base import HUES, altair
from counterpoise.measures.ideal_points import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 680, 320
WIDE = 1.96
"""Standard errors to either side of a 95 % interval."""


def ideal_points(frame: pl.DataFrame, states: str | Sequence[str], dimension: int = 1) -> Any:
    """One line per state, its interval as a band; a year without a vote is left blank.

    Parameters
    ----------
    frame : as in :class:`counterpoise.measures.ideal_points.IdealPointEstimates`.
    states : at most six, by name or code.

    Raises
    ------
    QuestionError : none of them, or more than six, have ideal points.
    """
    rows = chosen(frame.filter(pl.col("dimension") == dimension), states)
    codes = rows["ccode"].unique(maintain_order=True)
    if not 0 < len(codes) <= len(HUES):
        raise QuestionError(f"{len(codes)} states to draw; choose one to {len(HUES)}.")
    rows = rows.with_columns(
        state=pl.col("state").last().over("ccode"),
        low=pl.col("ideal_point") - WIDE * pl.col("se"),
        high=pl.col("ideal_point") + WIDE * pl.col("se"),
        spell=(pl.col("year").diff() > 1).fill_null(False).cum_sum().over("ccode"),
    )
    return _chart(altair(), rows)


def _chart(alt: Any, rows: pl.DataFrame) -> Any:
    names = rows["state"].unique(maintain_order=True).to_list()
    wanted = rows.select("state", "year", "ideal_point", "low", "high", "spell")
    base = alt.Chart(wanted).encode(
        x=alt.X(
            "year:Q",
            axis=alt.Axis(title=None, format="d", grid=False),
            scale=alt.Scale(nice=False, zero=False),
        ),
        color=alt.Color(
            "state:N", title=None, scale=alt.Scale(domain=names, range=list(HUES[: len(names)]))
        ),
        detail="spell:N",
    )
    axis = alt.Axis(title="Ideal point (mean 0, sd 1)")
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", axis=axis), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y=alt.Y("ideal_point:Q", axis=axis))
    return (band + line).properties(width=WIDTH, height=HEIGHT).configure_view(stroke=None)

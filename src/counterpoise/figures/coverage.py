"""What the record covers: a table per row, a year per column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.figures.base import altair

if TYPE_CHECKING:
    import polars as pl


def coverage(frame: pl.DataFrame) -> Any:
    """Rows of each table by year, darker where the year is fuller; blank is outside coverage.

    Parameters
    ----------
    frame : as ``counterpoise.record.status.coverage_by_year`` returns it.
    """
    alt = altair()
    spans = _cells(frame)
    return (
        alt.Chart(spans)
        .mark_rect()
        .encode(
            x=alt.X(
                "from:Q",
                title=None,
                axis=alt.Axis(format="d"),
                scale=alt.Scale(nice=False, zero=False),
            ),
            x2="to:Q",
            y=alt.Y("table:N", title=None, axis=alt.Axis(labelLimit=200)),
            color=alt.Color(
                "share:Q",
                title="rows, of the fullest year",
                scale=alt.Scale(scheme="blues", domain=[0, 1]),
                legend=alt.Legend(format=".0%"),
            ),
            tooltip=["table", "year", "rows"],
        )
        .properties(width=760, height=alt.Step(15), title="What the record covers, by year")
    )


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return frame.with_columns(pl.col("year").alias("from"), (pl.col("year") + 1).alias("to"))

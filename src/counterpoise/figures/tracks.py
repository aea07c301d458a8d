"""A bloc over the years: strands as lines, the observed rung as a strip."""

from __future__ import annotations

from typing import Any

import polars as pl

from counterpoise.figures.base import HUES, RUNG_COLOURS, altair

STRANDS = {
    "bound_share": "bound by pacts",
    "directedness_without_strongest": "hostile, strongest left out",
    "allied_with_target_share": "allied with the target",
    "penetration_share": "hosting the target's forces",
}
"""Columns of a track that are shares of the bloc's power, and what a chart calls them."""


def track(frame: pl.DataFrame, title: str) -> Any:
    """Strands over the years as lines, the observed rung as a strip below.

    Parameters
    ----------
    frame : as ``counterpoise.track`` returns it.
    """
    alt = altair()
    years = alt.X("year:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    strip = (
        alt.Chart(frame.filter(pl.col("observed").is_not_null()).select("year", "observed"))
        .mark_rect(stroke="white")
        .encode(
            x=years,
            color=alt.Color(
                "observed:N",
                title="Observed",
                scale=alt.Scale(domain=list(RUNG_COLOURS), range=list(RUNG_COLOURS.values())),
            ),
        )
        .properties(width=680, height=26)
    )
    return (
        alt.vconcat(_strands(alt, frame, years), strip)
        .resolve_scale(color="independent")
        .properties(title=title)
        .configure_view(stroke=None)
    )


def _strands(alt: Any, frame: pl.DataFrame, years: Any) -> Any:
    tall = (
        frame.select("year", *STRANDS)
        .rename(STRANDS)
        .unpivot(index="year", variable_name="strand", value_name="share")
        .drop_nulls()
    )
    names = list(STRANDS.values())
    hue = alt.Color(
        "strand:N",
        title="Share of the bloc's power",
        scale=alt.Scale(domain=names, range=list(HUES[:4])),
    )
    lines = alt.Chart(tall).encode(
        x=years,
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        color=hue,
        shape=alt.Shape("strand:N", legend=None, scale=alt.Scale(domain=names)),
    )
    cut = alt.Chart(pl.DataFrame({"cut": [0.5]})).mark_rule(strokeDash=[4, 4], color="#888888")
    both = lines.mark_line(strokeWidth=2) + lines.mark_point(filled=True, size=28)
    return (cut.encode(y="cut:Q") + both).properties(width=680, height=260)

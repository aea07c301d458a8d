"""Who led the system, year by year, under every metric of power."""

from __future__ import annotations

from typing import Any

import polars as pl

from counterpoise.figures.base import HUES, altair

METRICS = {"cinc": "CINC", "milex": "military spending", "gdp": "GDP", "net": "net resources"}
"""Metrics from top to bottom, and what a chart calls them."""

LETTERS = {
    "United Kingdom": "#0072b2",
    "United States of America": "#d55e00",
    "Russia": "#009e73",
    "USSR": "#66c2a5",
    "France": "#56b4e9",
    "China": "#e69f00",
    "Germany": "#4d4d4d",
    "Japan": "#cc79a7",
}
"""One colour for each state that ever led; others fall back to grey."""

WIDTH = 680


def leaders(frame: pl.DataFrame) -> Any:
    """A strip per metric coloured by the leading state; below, the leader's share and lead.

    Parameters
    ----------
    frame : as ``counterpoise.assessment.leading.leading`` returns it.
    """
    alt = altair()
    named = frame.with_columns(
        label=pl.col("metric").replace_strict(METRICS, default=pl.col("metric"))
    )
    ends = [int(frame["year"].min() or 0), int(frame["year"].max() or 0) + 1]  # type: ignore[arg-type]
    span = alt.Scale(domain=ends, nice=False, zero=False)
    return (
        alt.vconcat(_strips(named, span), _shares(named, span))
        .resolve_scale(color="independent", strokeDash="independent")
        .configure_view(stroke=None)
    )


def _strips(frame: pl.DataFrame, span: Any) -> Any:
    alt = altair()
    who = frame["name"].unique().to_list()
    shown = [name for name in LETTERS if name in who] + sorted(set(who) - set(LETTERS))
    scale = alt.Scale(domain=shown, range=[LETTERS.get(name, "#bbbbbb") for name in shown])
    return (
        alt.Chart(_spells(frame))
        .mark_rect()
        .encode(
            x=alt.X("year:Q", title=None, scale=span, axis=alt.Axis(format="d")),
            x2="end:Q",
            y=alt.Y("label:N", title=None, sort=list(METRICS.values())),
            color=alt.Color(
                "name:N",
                title=None,
                scale=scale,
                legend=alt.Legend(orient="top", columns=4, direction="horizontal"),
            ),
            tooltip=["label", "name", "years"],
        )
        .properties(width=WIDTH, height=120, title="The leading state")
    )


def _spells(frame: pl.DataFrame) -> pl.DataFrame:
    """One row for each run of years in which one state leads under one metric."""
    ordered = frame.select("label", "year", "name").sort("label", "year")
    gap = pl.col("year") - pl.int_range(pl.len())
    turned = (pl.struct("label", "name").rle_id() + gap).alias("run")
    return (
        ordered.with_columns(turned)
        .group_by("label", "name", "run", maintain_order=True)
        .agg(pl.col("year").min(), end=pl.col("year").max() + 1)
        .with_columns(years=pl.format("{}–{}", "year", pl.col("end") - 1))
        .drop("run")
    )


def _shares(frame: pl.DataFrame, span: Any) -> Any:
    alt = altair()
    names = list(METRICS.values())
    hue = alt.Scale(domain=names, range=list(HUES[:4]))
    dash = alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]])
    legend = alt.Legend(orient="top", direction="horizontal", title=None, symbolSize=300)
    return (
        alt.Chart(frame.select("year", "label", "name", "share"))
        .mark_line(strokeWidth=1.8)
        .encode(
            x=alt.X("year:Q", title=None, scale=span, axis=alt.Axis(format="d")),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%")),
            color=alt.Color("label:N", scale=hue, legend=legend),
            strokeDash=alt.StrokeDash("label:N", scale=dash, legend=legend),
            tooltip=["year", "label", "name", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(width=WIDTH, height=220, title="The leader's share of the world")
    )

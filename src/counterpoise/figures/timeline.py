"""What happened when: the rung of each year as a strip, dated events below it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import HUES, RUNG_COLOURS, altair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.events import Event

LANES = {
    "membership": "members",
    "pact": "pacts that bind members",
    "forces": "forces in members",
    "exercise": "exercises",
}
"""Kinds of event and what a chart calls them, from top to bottom."""

SHAPES = ("circle", "square", "diamond", "triangle-up")
WIDTH = 680


def timeline(track: pl.DataFrame, found: Sequence[Event], year: int) -> Any:
    """The observed rung of each year, events by kind, and a line at the year asked.

    Parameters
    ----------
    track : columns year and observed, null where there is no answer.
    found : events inside the years of the track.
    """
    alt = altair()
    # The strip covers every year, so that it sets the span of the events below it.
    span = alt.Scale(nice=False)
    return (
        alt.vconcat(_strip(track, span, year), _lanes(found, span, year), spacing=4)
        .resolve_scale(x="shared", color="independent", shape="independent")
        .configure_view(stroke=None)
    )


def _strip(track: pl.DataFrame, span: Any, year: int) -> Any:
    alt = altair()
    frame = track.select(
        "year",
        pl.col("observed").fill_null("no answer"),
        start=pl.date(pl.col("year"), 1, 1),
        end=pl.date(pl.col("year") + 1, 1, 1),
    )
    shown = [r for r in (*RUNG_COLOURS, "no answer") if r in set(frame["observed"])]
    colours = {**RUNG_COLOURS, "no answer": "#f1f2f4"}
    x = alt.X("start:T", title=None, scale=span, axis=alt.Axis(format="%Y", labelOverlap=True))
    bars = (
        alt.Chart(frame)
        .mark_rect(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=x,
            x2="end:T",
            color=alt.Color(
                "observed:N",
                title="observed",
                scale=alt.Scale(domain=shown, range=[colours[r] for r in shown]),
                legend=alt.Legend(orient="top", direction="horizontal"),
            ),
            tooltip=["year", "observed"],
        )
    )
    return (bars + _now(year)).properties(width=WIDTH, height=26)


def _now(year: int) -> Any:
    """A line at the end of the year asked for: members and pacts are read on that day."""
    alt = altair()
    frame = pl.DataFrame({"start": [dt.date(year, 12, 31)]})
    mark = alt.Chart(frame).mark_rule(color="#000000", strokeWidth=1.5, strokeDash=[4, 3])
    return mark.encode(x=alt.X("start:T"))


def _lanes(found: Sequence[Event], span: Any, year: int) -> Any:
    alt = altair()
    frame = pl.DataFrame(
        [(e.date, LANES[e.kind], e.text, e.source, e.precision) for e in found],
        schema={"start": pl.Date}
        | dict.fromkeys(("lane", "event", "source", "precision"), pl.String),
        orient="row",
    )
    names = list(LANES.values())
    points = (
        alt.Chart(frame)
        .mark_point(filled=True, size=110, opacity=0.85)
        .encode(
            x=alt.X("start:T", title=None, scale=span, axis=None),
            y=alt.Y("lane:N", title=None, sort=names, scale=alt.Scale(domain=names)),
            color=alt.Color(
                "lane:N", legend=None, scale=alt.Scale(domain=names, range=list(HUES[:4]))
            ),
            shape=alt.Shape(
                "lane:N", legend=None, scale=alt.Scale(domain=names, range=list(SHAPES))
            ),
            tooltip=[
                alt.Tooltip("start:T", format="%Y-%m-%d", title="date"),
                "event",
                "precision",
                "source",
            ],
        )
    )
    return (points + _now(year)).properties(width=WIDTH, height=120)

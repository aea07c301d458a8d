"""Rival explanations as pictures: held-out skill, silence, what moves it, and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Values = Mapping[str, Any]

WIDTH, STEP = 230, 19
LITTLE = 0.5
"""Share of units inside the historical range below which a change is drawn pale."""

CALIBRATED = ("climatology", "all together", "flexible learner")


def explanations(values: Values) -> Any:
    """Skill, silence and change by explanation with 95 % bounds; calibration below.

    Parameters
    ----------
    values : as ``counterpoise explain --json`` prints them.
    """
    alt = altair()
    rows = [*values["explanations"], *values["references"]]
    order = [row["name"] for row in rows]
    nothing = values["base_rate"]["p_silence"]
    panels = alt.hconcat(
        _panel(alt, _frame(rows, "skill"), order, "Held-out log skill", 0.0, labels=True),
        _panel(alt, _frame(rows, "p_silence"), order, "P(silence)", nothing),
        _panel(alt, _frame(rows, "change"), order, "Change of P(silence) at the median", 0.0),
        spacing=14,
    )
    span = f"{values['target']['name']}, {values['from']}–{values['to']}"
    asks = f"Why no coalition against {span}?"
    told = asks if values["observed"]["silent"] else f"Coalitions against {span}: explanations"
    return (
        alt.vconcat(panels, _calibration(alt, rows), spacing=24)
        .properties(title=told)
        .configure_view(stroke=None)
    )


def _frame(rows: Sequence[Values], key: str) -> pl.DataFrame:
    """Estimates and bounds of one figure; explanations without it are left out."""
    found = [
        {
            "name": row["name"],
            "value": row[key],
            "low": row[f"{key}_interval"][0],
            "high": row[f"{key}_interval"][1],
            "pale": key == "change" and (row["overlap"] or 0.0) < LITTLE,
        }
        for row in rows
        if row[key] is not None
    ]
    kinds = {"name": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(found, schema=kinds | {"pale": pl.Boolean})


def _panel(
    alt: Any,
    frame: pl.DataFrame,
    order: Sequence[str],
    title: str,
    reference: float,
    *,
    labels: bool = False,
) -> Any:
    axis = alt.Axis(title=None, labelLimit=170, labels=labels, ticks=False, domain=False)
    y = alt.Y("name:N", sort=list(order), axis=axis, scale=alt.Scale(domain=list(order)))
    pale = alt.Opacity("pale:N", legend=None, scale=alt.Scale(domain=[False, True], range=[1, 0.4]))
    chart = alt.Chart(frame).encode(y=y, opacity=pale)
    line = alt.Chart(pl.DataFrame({"at": [reference]})).mark_rule(
        strokeDash=[4, 4], color="#888888"
    )
    bars = chart.mark_rule(strokeWidth=2, color=HUES[0]).encode(
        x=alt.X("low:Q", title=title), x2="high:Q"
    )
    points = chart.mark_point(filled=True, size=55, color=HUES[1]).encode(x="value:Q")
    layers = line.encode(x="at:Q") + bars + points
    return layers.properties(width=WIDTH, height=STEP * len(order))


def _calibration(alt: Any, rows: Sequence[Values]) -> Any:
    """Forecast against observed share of windows with a new pact, for a few forecasters."""
    panels = []
    for row in rows:
        if row["name"] in CALIBRATED:
            found = row["calibration_windows"]
            keys = ("count", "probability", "observed", "low", "high")
            panels.append(_reliability(alt, pl.DataFrame({k: found[k] for k in keys}), row["name"]))
    return alt.hconcat(*panels, spacing=30)


def _reliability(alt: Any, frame: pl.DataFrame, name: str) -> Any:
    unit = alt.Scale(domain=[0, 1])
    x = alt.X("probability:Q", title=f"forecast: {name}", scale=unit, axis=alt.Axis(format=".0%"))
    chart = alt.Chart(frame).encode(x=x)
    right = alt.Chart(pl.DataFrame({"at": [0.0, 1.0]})).mark_line(
        strokeDash=[4, 4], color="#888888"
    )
    bars = chart.mark_rule(color=HUES[0]).encode(
        y=alt.Y("low:Q", title="windows with a new pact", scale=unit, axis=alt.Axis(format=".0%")),
        y2="high:Q",
    )
    points = chart.mark_point(filled=True, color=HUES[1]).encode(
        y="observed:Q", size=alt.Size("count:Q", legend=None, scale=alt.Scale(range=[20, 180]))
    )
    line = right.encode(x=alt.X("at:Q"), y=alt.Y("at:Q"))
    return (line + bars + points).properties(width=WIDTH - 30, height=150)


def curve(frame: pl.DataFrame) -> Any:
    """Skill and silence beyond climatology under every specification, in rising order.

    Parameters
    ----------
    frame : as ``curve`` of the explanations gives it.
    """
    alt = altair()
    known = frame.filter(pl.col("name").is_not_null()).with_columns(
        beyond=pl.col("p_silence") - pl.col("p_silence_climatology")
    )
    rows = []
    for key, title in (
        ("skill", "Held-out log skill"),
        ("beyond", "P(silence) less that without any explanation"),
        ("change", "Change of P(silence) at the median"),
    ):
        rows.append(_strip(alt, known, key, title))
    return alt.vconcat(*rows, spacing=16).configure_view(stroke=None)


def _strip(alt: Any, known: pl.DataFrame, key: str, title: str) -> Any:
    """One small curve per explanation: each specification a tick, the one in use filled."""
    ranked = (
        known.filter(pl.col(key).is_not_null())
        .with_columns(rank=pl.col(key).rank("ordinal").over("name"), used=pl.col("number") == 0)
        .select("name", "rank", "used", "differing", value=pl.col(key))
    )
    names = list(dict.fromkeys(known["name"]))
    chart = alt.Chart(ranked).encode(
        x=alt.X("rank:Q", title=None, axis=None),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4)),
        tooltip=["differing:N", "value:Q"],
    )
    points = chart.mark_point(filled=True, size=9, color=HUES[0]).encode()
    used = chart.transform_filter("datum.used").mark_point(filled=True, size=60, color=HUES[1])
    return (
        (points + used)
        .properties(width=110, height=110)
        .facet(
            column=alt.Column("name:N", sort=names, title=title, header=alt.Header(labelLimit=125))
        )
    )

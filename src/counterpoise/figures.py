"""Results to charts (Vega-Lite). Colours are safe for colour blindness; unknown is left blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import files
from counterpoise.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

RUNG_COLOURS = {
    "hard": "#b2182b",
    "incipient": "#ef8a62",
    "soft": "#fddbc7",
    "diplomacy": "#92c5de",
    "none": "#4393c3",
    "unknown": "#e0e0e0",
}
STRANDS = {
    "bound_share": "bound by pacts",
    "directedness_without_strongest": "hostile to the target (D₋)",
    "allied_with_target_share": "allied with the target",
    "penetration_share": "hosting the target's forces",
}
"""Columns of a track that are shares of the bloc's power, and what a chart calls them."""

SUFFIXES = (".png", ".svg", ".html", ".json")


def altair() -> Any:
    """The chart library.

    Raises
    ------
    MissingExtraError : it is not installed.
    """
    try:
        import altair as alt
    except ImportError:
        raise MissingExtraError("altair", "report", "Drawing charts") from None
    return alt


def track(frame: pl.DataFrame, title: str) -> Any:
    """Strands over the years as lines, the observed rung as a strip below.

    Parameters
    ----------
    frame : as ``counterpoise.track`` returns it.
    """
    alt = altair()
    years = alt.X("year:Q", axis=alt.Axis(format="d", title=None, grid=False))
    strip = (
        alt.Chart(frame.filter(pl.col("observed").is_not_null()).select("year", "observed"))
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("year:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)),
            color=alt.Color(
                "observed:N",
                title="Observed",
                scale=alt.Scale(domain=list(RUNG_COLOURS), range=list(RUNG_COLOURS.values())),
            ),
        )
        .properties(width=620, height=26)
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
    colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
    hue = alt.Color(
        "strand:N",
        title="Share of the bloc's power",
        scale=alt.Scale(domain=list(STRANDS.values()), range=colours),
    )
    lines = alt.Chart(tall).encode(
        x=years,
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        color=hue,
        shape=alt.Shape("strand:N", title="Share of the bloc's power"),
    )
    cut = alt.Chart(pl.DataFrame({"cut": [0.5]})).mark_rule(strokeDash=[4, 4], color="#888888")
    both = lines.mark_line(strokeWidth=2) + lines.mark_point(filled=True, size=28)
    return (cut.encode(y="cut:Q") + both).properties(width=620, height=260)


def save(chart: Any, path: Path) -> None:
    """Write a chart as .png, .svg, .html or Vega-Lite .json, by suffix.

    Raises
    ------
    DataError : another suffix, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(
            f"{path}: a chart is written as {', '.join(SUFFIXES)}, not {suffix or 'that'}."
        )
    with files.replacing(path) as temporary:
        options: dict[str, Any] = {"inline": True} if suffix == ".html" else {}
        if suffix == ".png":
            options["scale_factor"] = 2
        chart.save(str(temporary), format=suffix[1:], **options)

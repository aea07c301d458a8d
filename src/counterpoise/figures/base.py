"""What every chart needs: the library, the colours, and writing to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise import files
from counterpoise.errors import MissingExtraError

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
"""One colour per rung, from most to least balancing; told apart by the colour-blind."""

HUES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Hues for series (Okabe & Ito), safe for colour blindness."""

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


def save(chart: Any, path: Path) -> None:
    """Write a chart as .png, .svg, .html or Vega-Lite .json, by suffix.

    Raises
    ------
    DataError : another suffix, or the file cannot be written.
    """
    files.require_writable(path, SUFFIXES)
    suffix = path.suffix.lower()
    with files.replacing(path) as temporary:
        options: dict[str, Any] = {"inline": True} if suffix == ".html" else {}
        if suffix == ".png":
            options["scale_factor"] = 2
        chart.save(str(temporary), format=suffix[1:], **options)

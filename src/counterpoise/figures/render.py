"""Charts to bytes and to plain Vega-Lite, in one quiet dress."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from counterpoise.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"
INK, MUTED, GRID = "#1b1f24", "#4d5761", "#dfe3e8"
DRESS: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 240,
    },
    "header": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12},
    "title": {
        "color": INK,
        "anchor": "start",
        "fontSize": 14,
        "fontWeight": 600,
        "subtitleColor": MUTED,
    },
    "text": {"color": INK},
}
"""What every chart wears unless it says otherwise; pages in the dark exchange the colours."""


def specification(chart: Any) -> dict[str, Any]:
    """A chart as Vega-Lite with its data inside."""
    import altair as alt

    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = _joined(DRESS, spec.get("config", {}))
    return spec


def _joined(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings, those of ``over`` first."""
    found = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = _joined(found[key], value) if both else value
    return found


def svg(spec: Mapping[str, Any]) -> str:
    """A specification as SVG text.

    Raises
    ------
    MissingExtraError : the renderer is not installed.
    """
    found: str = _renderer().vegalite_to_svg(json.dumps(spec))
    return _LONG.sub(r"\1", found)


_LONG = re.compile(r"(\d\.\d)\d+(?=[\sLMZCH,)\"])")
"""Digits of a coordinate beyond a tenth of a pixel: half of a map's size, seen by nobody."""


def png(spec: Mapping[str, Any], scale: float = 2.0) -> bytes:
    """A specification as a PNG picture on white, ``scale`` pixels to a point.

    Raises
    ------
    MissingExtraError : the renderer is not installed.
    """
    opaque = {**spec, "config": {**spec.get("config", {}), "background": "white"}}
    found: bytes = _renderer().vegalite_to_png(json.dumps(opaque), scale=scale)
    return found


def _renderer() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise MissingExtraError("vl-convert-python", "report", "Drawing charts") from None
    return vl_convert

"""Groups of states on a map with the borders of today."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterpoise import record
from counterpoise.figures.base import altair

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_DATA = "#e8e8e8"
WIDTH, HEIGHT = 640, 310


@dataclass(frozen=True)
class Shade:
    """What a map shows of a state: a label for the reader, and the fields that colour it."""

    label: str
    values: Mapping[str, float | str]


def world(shades: Mapping[int, Shade], heading: str, **encoding: Any) -> Any:
    """A map; states without a shade are grey.

    Parameters
    ----------
    shades : by COW number.
    encoding : Vega-Altair channels over the fields of the shades, such as ``color``.
    """
    alt = altair()
    plain, shown = [], []
    for row in record.table("world_map").iter_rows(named=True):
        if row["name"] == "Antarctica":
            continue
        shape = {"type": "MultiPolygon", "coordinates": json.loads(row["coordinates"])}
        shade = shades.get(row["ccode"])
        if shade is None:
            plain.append({"type": "Feature", "geometry": shape, "properties": {}})
        else:
            about = {"state": shade.label, **shade.values}
            shown.append({"type": "Feature", "geometry": shape, **about})
    rest = alt.Chart(alt.Data(values=plain)).mark_geoshape(fill=NO_DATA, stroke="white")
    own = (
        alt.Chart(alt.Data(values=shown))
        .mark_geoshape(stroke="white", strokeWidth=0.4)
        .encode(tooltip="state:N", **encoding)
    )
    layers = [rest, own] if shown else [rest]
    return (
        alt.layer(*layers)
        .project("equalEarth")
        .properties(width=WIDTH, height=HEIGHT, title=heading)
    )

"""Outlines of countries from the arcs of a TopoJSON file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from counterpoise.sources import natural_earth

if TYPE_CHECKING:
    from conftest import RawOf

# Two squares that share a border: one lies west of 10° east, the other east of it.
TOPOLOGY: dict[str, Any] = {
    "transform": {"scale": [0.5, 0.25], "translate": [-10, -5]},
    "arcs": [
        [[40, 40], [0, -40]],
        [[40, 0], [-40, 0], [0, 40], [40, 0]],
        [[40, 40], [40, 0], [0, -40], [-40, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "id": "276", "properties": {"name": "West"}},
                {
                    "type": "MultiPolygon",
                    "arcs": [[[2, -1]]],
                    "properties": {"name": "Kosovo"},
                },
                {"type": "Polygon", "arcs": [[0, 1]], "id": "304", "properties": {"name": "Ice"}},
            ]
        }
    },
}


def test_rings_close_and_shared_borders_are_read_both_ways(raw_of: RawOf) -> None:
    raw = raw_of({"geometry/world_countries_110m.topojson": json.dumps(TOPOLOGY).encode()})
    table = natural_earth.world_map(raw)["world_map"]
    assert table.select("name", "iso_numeric", "ccode").rows() == [
        ("West", "276", 255),
        ("Kosovo", None, 347),
        ("Ice", "304", None),
    ]
    assert raw.unmatched == ["Ice"]
    west, east = (json.loads(text) for text in table["coordinates"][:2])
    assert west == [[[[10, 5], [10, -5], [-10, -5], [-10, 5], [10, 5]]]]
    assert east == [[[[10, 5], [30, 5], [30, -5], [10, -5], [10, 5]]]]

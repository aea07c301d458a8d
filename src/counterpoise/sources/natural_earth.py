"""Natural Earth: outlines of today's countries for maps of the world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterpoise.sources.raw import Raw

Point = tuple[float, float]
Ring = list[Point]
TODAY = 2024
DECIMALS = 3
"""Places kept of a degree: the file's own grid is coarser than half a thousandth."""


def world_map(raw: Raw) -> dict[str, pl.DataFrame]:
    """One row per country or territory: its state, if it is one, and its outline.

    The outline is the ``coordinates`` of a GeoJSON MultiPolygon as text.
    """
    topology = raw.json("geometry/world_countries_110m.topojson")
    arcs = decode(topology)
    return {"world_map": countries(raw, topology["objects"]["countries"]["geometries"], arcs)}


def decode(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees, from the whole-number steps in which TopoJSON stores them."""
    (east, north), (west, south) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((round(west + x * east, DECIMALS), round(south + y * north, DECIMALS)))
        arcs.append(arc)
    return arcs


def ring(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """A closed ring from arcs end to end; a negative number is an arc read backwards."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def outline(geometry: dict[str, Any], arcs: Sequence[Ring]) -> list[list[Ring]]:
    """Polygons of a country, each with its outer ring first."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [[ring(numbers, arcs) for numbers in part] for part in parts]


def countries(raw: Raw, geometries: Iterable[dict[str, Any]], arcs: Sequence[Ring]) -> pl.DataFrame:
    """Rows by the source's name; lands that are no state have no code and are reported."""
    shapes = list(geometries)
    names = [shape["properties"]["name"] for shape in shapes]
    numbers = [shape.get("id") for shape in shapes]
    known = raw.names.find_all(numbers, [TODAY] * len(shapes), by="iso_numeric")
    unnumbered = raw.names.find_all(names, [TODAY] * len(shapes))
    ccodes = [
        by_name if number is None else by_number
        for number, by_number, by_name in zip(numbers, known, unnumbered, strict=True)
    ]
    raw.report(name for name, ccode in zip(names, ccodes, strict=True) if ccode is None)
    texts = [json.dumps(outline(shape, arcs), separators=(",", ":")) for shape in shapes]
    columns = {"name": names, "iso_numeric": numbers, "ccode": ccodes, "coordinates": texts}
    return pl.DataFrame(columns, schema_overrides={"ccode": pl.Int16})

"""The bloc on a map: members, target, and whose forces stand where."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import record, states
from counterpoise.assessment.forces import capital, drawn
from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.forces import Posting
    from counterpoise.assessment.question import Question

WIDTH, WORLD_HEIGHT, REGION_HEIGHT = 680, 300, 340
ROLES = {
    "target": HUES[1],
    "member": HUES[0],
    "observer": HUES[5],
    "partner": "#c9dcec",
    "other": "#e4e6e8",
}
"""Colour of each role on the map."""

MARGIN_DEG, LEAST_SPREAD_DEG = 10.0, 20.0


def bloc_map(question: Question, postings: Sequence[Posting]) -> Any:
    """The world with roles and the target's forces; below, the members' region with all forces.

    Outlines are today's. Circles grow with the number of troops; a diamond is a coded base,
    garrison or mission: orange the target's, dark blue a member's.
    """
    alt = altair()
    roles = role_of(question)
    panels = _world(question, roles, postings), _region(question, roles, postings)
    # As text the outlines are carried along whole; as values each point would be checked.
    outlines = alt.InlineData(values=_features(question, roles), format=alt.DataFormat(type="json"))
    return (
        alt.vconcat(*panels, data=outlines)
        .resolve_scale(color="shared", size="shared")
        .configure_view(stroke=None)
    )


def role_of(question: Question) -> dict[int, str]:
    """Role of each state that has one, by COW number."""
    bloc = question.bloc
    roles = dict.fromkeys(bloc.partners, "partner") | dict.fromkeys(bloc.observers, "observer")
    return roles | dict.fromkeys(bloc.members, "member") | {question.target.ccode: "target"}


def undrawn(question: Question) -> list[str]:
    """Members and target that none of today's outlines stands for."""
    names, year = states.names(), question.year
    codes = (*question.members, question.target.ccode)
    return [names.name(code, year) for code in codes if not drawn(code, year)]


@functools.cache
def _outlines() -> tuple[tuple[int | None, str, Any], ...]:
    """State, name and geometry of each outline; a tenth of a degree is enough for a world map."""
    rows = record.table("world_map").select("ccode", "name", "coordinates").iter_rows()
    return tuple(
        (code, name, {"type": "MultiPolygon", "coordinates": _rounded(json.loads(text))})
        for code, name, text in rows
        if name != "Antarctica"
    )


def _rounded(polygons: list[list[list[list[float]]]]) -> list[list[list[list[float]]]]:
    return [
        [[[round(x, 1), round(y, 1)] for x, y in ring] for ring in polygon] for polygon in polygons
    ]


def _features(question: Question, roles: dict[int, str]) -> str:
    holder = {part: code for code in roles for part in drawn(code, question.year)}
    found = []
    for code, name, geometry in _outlines():
        owner = holder.get(code, code) if code is not None else None
        role = roles.get(owner, "other") if owner is not None else "other"
        shown = states.names().name(owner, question.year) if owner in roles and owner else name
        found.append({"type": "Feature", "geometry": geometry, "name": shown, "role": role})
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _shapes(roles: dict[int, str], legend: Any) -> Any:
    alt = altair()
    shown = [role for role in ROLES if role in {*roles.values(), "other"}]
    scale = alt.Scale(domain=shown, range=[ROLES[r] for r in shown])
    return (
        alt.Chart()
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.4)
        .encode(
            color=alt.Color("role:N", title=None, scale=scale, legend=legend),
            tooltip=[alt.Tooltip("name:N"), alt.Tooltip("role:N")],
        )
    )


def _world(question: Question, roles: dict[int, str], postings: Sequence[Posting]) -> Any:
    alt = altair()
    legend = alt.Legend(orient="top", direction="horizontal")
    counted = [p for p in postings if p.kind == "troops"]
    layers = [_shapes(roles, legend), *_circles(question, counted)]
    return (
        alt.layer(*layers)
        .project(type="naturalEarth1")
        .properties(width=WIDTH, height=WORLD_HEIGHT)
    )


def _region(question: Question, roles: dict[int, str], postings: Sequence[Posting]) -> Any:
    alt = altair()
    longitude, latitude, spread = _centre(question)
    near = REGION_HEIGHT / 2 / (2 * math.sin(math.radians(min(spread, 170.0)) / 2))
    layers = [
        _shapes(roles, None),
        *_circles(question, [p for p in postings if p.kind == "troops"]),
        *_diamonds(question, [p for p in postings if p.kind != "troops"]),
        *_names(question, lambda x, y: _projected(x - longitude, y, latitude, near)),
    ]
    return (
        alt.layer(*layers)
        .project(
            type="azimuthalEqualArea",
            rotate=[-longitude, -latitude, 0],
            scale=near,
            translate=[WIDTH / 2, REGION_HEIGHT / 2],
            clipAngle=min(170.0, spread * 2.2),
        )
        .properties(width=WIDTH, height=REGION_HEIGHT, title="The members' region")
    )


def _projected(
    longitude: float, latitude: float, middle: float, scale: float
) -> tuple[float, float]:
    """Lambert's azimuthal equal-area projection, pixels right and down from its middle."""
    lon, lat, mid = (math.radians(v) for v in (longitude, latitude, middle))
    cosine = math.sin(mid) * math.sin(lat) + math.cos(mid) * math.cos(lat) * math.cos(lon)
    k = scale * math.sqrt(2 / max(1 + cosine, 1e-9))
    down = -(math.cos(mid) * math.sin(lat) - math.sin(mid) * math.cos(lat) * math.cos(lon))
    return k * math.cos(lat) * math.sin(lon), k * down


def _centre(question: Question) -> tuple[float, float, float]:
    """Middle of the members' capitals, and the greatest angle from it with a margin, degrees."""
    spots = [s for code in question.members if (s := capital(code, question.day))]
    vectors = [_vector(s.longitude, s.latitude) for s in spots] or [_vector(0, 0)]
    total = [sum(v[k] for v in vectors) for k in range(3)]
    length = math.sqrt(sum(t * t for t in total)) or 1.0
    x, y, z = (t / length for t in total)
    cosines = [min(1.0, max(-1.0, x * a + y * b + z * c)) for a, b, c in vectors]
    spread = math.degrees(max(math.acos(c) for c in cosines))
    return (
        math.degrees(math.atan2(y, x)),
        math.degrees(math.asin(z)),
        max(LEAST_SPREAD_DEG, spread + MARGIN_DEG),
    )


def _vector(longitude: float, latitude: float) -> tuple[float, float, float]:
    a, b = math.radians(longitude), math.radians(latitude)
    return math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b)


def _placed(question: Question, postings: Sequence[Posting]) -> pl.DataFrame:
    names, year = states.names(), question.year
    rows = []
    for p in postings:
        spot = capital(p.host, question.day)
        if spot is not None:
            side = "target" if p.owner == question.target.ccode else "member"
            who, where = names.name(p.owner, year), names.name(p.host, year)
            what = f"{p.troops:,.0f} troops" if p.troops else p.kind
            text = f"{who} in {where}: {what}"
            rows.append((spot.longitude, spot.latitude, p.troops, side, text, p.note))
    columns: dict[str, type[pl.DataType]] = {
        **dict.fromkeys(("longitude", "latitude", "troops"), pl.Float64),
        **dict.fromkeys(("role", "forces", "note"), pl.String),
    }
    return pl.DataFrame(rows, schema=columns, orient="row")


def _circles(question: Question, postings: Sequence[Posting]) -> list[Any]:
    """Counted troops of the target at the capitals of their hosts."""
    alt = altair()
    frame = _placed(question, postings)
    if frame.is_empty():
        return []
    size = alt.Size(
        "troops:Q",
        title=f"troops of {question.target.name}",
        scale=alt.Scale(type="sqrt", range=[12, 700]),
        legend=alt.Legend(
            orient="top", direction="horizontal", values=[1000, 10000, 50000], titleLimit=400
        ),
    )
    return [
        alt.Chart(frame)
        .mark_circle(color=HUES[1], opacity=0.55, stroke="#7a3500", strokeWidth=0.6)
        .encode(
            longitude="longitude:Q", latitude="latitude:Q", size=size, tooltip=["forces", "note"]
        )
    ]


def _diamonds(question: Question, postings: Sequence[Posting]) -> list[Any]:
    """Coded bases, garrisons and missions at the capitals of their hosts."""
    alt = altair()
    frame = _placed(question, postings)
    if frame.is_empty():
        return []
    points = alt.Chart(frame).encode(
        longitude="longitude:Q", latitude="latitude:Q", tooltip=["forces", "note"]
    )
    return [
        points.transform_filter(alt.datum.role == role).mark_point(
            shape="diamond", size=size, fill=colour, stroke="#ffffff", strokeWidth=1, opacity=1
        )
        # Both sides may stand in one capital: the larger lies beneath.
        for role, colour, size in (("target", HUES[1], 300), ("member", "#00405f", 70))
    ]


def _names(question: Question, at: Projection) -> list[Any]:
    """Members' names beside their capitals, each on a side that is still free."""
    alt = altair()
    placed = _sides(
        [
            (names.name(code, question.year), spot.longitude, spot.latitude)
            for names in (states.names(),)
            for code in question.members
            if (spot := capital(code, question.day))
        ],
        at,
    )
    found = []
    for side, (align, dx, dy) in SIDES.items():
        rows = [row[:3] for row in placed if row[3] == side]
        if rows:
            frame = pl.DataFrame(rows, schema=["name", "longitude", "latitude"], orient="row")
            base = alt.Chart(frame).encode(
                longitude="longitude:Q", latitude="latitude:Q", text="name:N"
            )
            style = {"align": align, "dx": dx, "dy": dy, "fontSize": 11, "fontWeight": 600}
            # The same name in white, outlined, lies beneath: it stays legible on any ground.
            halo = {"stroke": "#ffffff", "strokeWidth": 3, "fill": "#ffffff"}
            found += [base.mark_text(baseline="middle", **style, **more) for more in (halo, {})]
    return found


SIDES = {
    "right": ("left", 8, 0),
    "left": ("right", -8, 0),
    "above": ("center", 0, -13),
    "below": ("center", 0, 13),
}
"""Where a name may stand: alignment and offset in pixels."""

LETTER_PX, LINE_PX = 6.6, 13.0
Projection = Callable[[float, float], tuple[float, float]]


def _sides(
    named: Sequence[tuple[str, float, float]], at: Projection
) -> list[tuple[str, float, float, str]]:
    """Give each name the first side on which it meets no other; without one it is left out."""
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for name, longitude, latitude in sorted(named, key=lambda row: -row[2]):
        boxes = {side: _box(name, at(longitude, latitude), side) for side in SIDES}
        side = next((s for s, box in boxes.items() if not _meets(box, taken)), None)
        if side is not None:
            taken.append(boxes[side])
            found.append((name, longitude, latitude, side))
    return found


def _box(name: str, spot: tuple[float, float], side: str) -> tuple[float, float, float, float]:
    align, dx, dy = SIDES[side]
    width = LETTER_PX * len(name)
    left = spot[0] + dx - {"left": 0.0, "right": width, "center": width / 2}[align]
    top = spot[1] + dy - LINE_PX / 2
    return left, top, left + width, top + LINE_PX


def _meets(
    box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]
) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in taken
    )

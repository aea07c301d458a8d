"""Who is bound to whom inside a bloc, each pair as thick as it weighs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import states
from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterpoise.assessment.question import Question
    from counterpoise.assessment.ties import Tie

BONDS = {
    "bound": "bound to fight",
    "consults": "consults, with aid or a base",
    "none": "not bound",
}
"""Each kind of pair and what a chart calls it."""

MOST_UNBOUND = 12
"""With more members than this, pairs that no pact ties are left out unless they weigh much."""

HEAVY = 0.02
RADIUS, LABEL_AT = 1.0, 1.19


def network(question: Question, found: Sequence[Tie], power: Mapping[int, float]) -> Any:
    """Members on a circle, the strongest on top; lines as thick as the pair's share of weight.

    Parameters
    ----------
    found : every pair of members.
    power : each member's share of world power, by COW number; empty where unknown.
    """
    alt = altair()
    order = sorted(question.members, key=lambda code: (-power.get(code, 0.0), code))
    spots = _circle(order)
    far = LABEL_AT + 0.22
    scale = alt.Scale(domain=[-far, far], nice=False)
    x = alt.X("x:Q", axis=None, scale=scale)
    y = alt.Y("y:Q", axis=None, scale=scale)
    return (
        alt.layer(
            _lines(question, _shown(found, len(order)), spots, x, y),
            *_nodes(question, order, spots, power, x, y),
        )
        .properties(width=560, height=430, usermeta={"keepsShape": True})
        .configure_view(stroke=None)
    )


def _circle(order: Sequence[int]) -> dict[int, tuple[float, float]]:
    step = 2 * math.pi / max(len(order), 1)
    return {
        code: (RADIUS * math.sin(k * step), RADIUS * math.cos(k * step))
        for k, code in enumerate(order)
    }


def _shown(found: Sequence[Tie], members: int) -> list[Tie]:
    if members <= MOST_UNBOUND:
        return list(found)
    return [t for t in found if t.bond != "none" or (t.weight or 0.0) >= HEAVY]


def _lines(
    question: Question, found: Sequence[Tie], spots: dict[int, tuple[float, float]], x: Any, y: Any
) -> Any:
    alt = altair()
    names, year = states.names(), question.year
    rows = [
        (
            *spots[t.ccode1],
            *spots[t.ccode2],
            BONDS[t.bond],
            t.weight if t.weight is not None else 1 / max(len(found), 1),
            f"{names.name(t.ccode1, year)} and {names.name(t.ccode2, year)}",
            "unknown" if t.weight is None else f"{100 * t.weight:.2g} % of all pairs' weight",
        )
        for t in found
    ]
    columns = ["x", "y", "x2", "y2", "bond", "weight", "pair", "weighs"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    # What binds is drawn over what does not.
    frame = frame.sort(pl.col("bond") == BONDS["bound"], "weight", descending=[False, True])
    kinds = list(BONDS.values())
    legend = alt.Legend(title=None, orient="top", symbolSize=400, symbolStrokeWidth=3)
    colour = alt.Scale(domain=kinds, range=[HUES[0], HUES[4], "#cdd3d8"])
    width = alt.Scale(type="sqrt", domain=[0, 1], range=[1, 26])
    return (
        alt.Chart(frame)
        .mark_rule(opacity=0.9, strokeCap="round")
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            color=alt.Color("bond:N", scale=colour, legend=legend),
            strokeWidth=alt.StrokeWidth("weight:Q", scale=width, legend=None),
            tooltip=["pair", "bond", "weighs"],
        )
    )


def _nodes(
    question: Question,
    order: Sequence[int],
    spots: dict[int, tuple[float, float]],
    power: Mapping[int, float],
    x: Any,
    y: Any,
) -> list[Any]:
    alt = altair()
    names, year = states.names(), question.year
    rows = [
        {
            "x": spots[code][0],
            "y": spots[code][1],
            "name": names.name(code, year),
            "power": power.get(code),
            "holds": _of_world(power.get(code)),
        }
        for code in order
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    size = alt.Size(
        "power:Q", scale=alt.Scale(type="linear", domainMin=0, range=[60, 1600]), legend=None
    )
    dots = (
        alt.Chart(frame)
        .mark_circle(color="#5b6770", opacity=1, stroke="#ffffff", strokeWidth=1.5)
        .encode(x=x, y=y, size=size, tooltip=["name", "holds"])
    )
    outside = frame.with_columns(pl.col("x", "y") * LABEL_AT)
    return [dots, *(_labels(outside, side, x, y) for side in ("left", "center", "right"))]


def _of_world(power: float | None) -> str:
    return "power unknown" if power is None else f"{100 * power:.2g} % of world power"


def _labels(frame: pl.DataFrame, side: str, x: Any, y: Any) -> Any:
    """Names beside the circle: to its right they begin there, to its left they end there."""
    inside = {
        "left": pl.col("x") > 0.15,
        "right": pl.col("x") < -0.15,
        "center": pl.col("x").abs() <= 0.15,
    }
    base = altair().Chart(frame.filter(inside[side]))
    return base.mark_text(align=side, fontSize=12, fontWeight=600, baseline="middle").encode(
        x=x, y=y, text="name:N"
    )

"""How far a bloc is from each reference bloc, strand by strand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import altair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.resemblance import Resemblance

WHOLE = "over all strands"
DARK = 0.55
"""From this distance on, figures are white on the darkened cell."""


def resemblance(found: Sequence[Resemblance]) -> Any:
    """Distances as shaded cells with their figures; 0 is alike, 1 as far apart as can be.

    A cell without a figure could not be compared.
    """
    alt = altair()
    frame = _cells(found)
    strands = [WHOLE, *dict.fromkeys(s for r in found for s in r.apart)]
    x = alt.X(
        "reference:N",
        title=None,
        sort=[r.name for r in found],
        axis=alt.Axis(orient="top", labelAngle=0, labelLimit=130, ticks=False, domain=False),
    )
    y = alt.Y(
        "strand:N",
        title=None,
        sort=strands,
        scale=alt.Scale(domain=strands),
        axis=alt.Axis(labelLimit=200, ticks=False, domain=False),
    )
    shade = alt.Scale(scheme="blues", domain=[0, 1])
    base = alt.Chart(frame).encode(x=x, y=y)
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(
        color=alt.Color("distance:Q", scale=shade, legend=None),
        tooltip=["reference", "strand", alt.Tooltip("distance:Q", format=".2f")],
    )
    light, dark = alt.datum.distance < DARK, alt.datum.distance >= DARK
    texts = [
        base.transform_filter(which)
        .mark_text(color=colour, fontSize=12)
        .encode(text=alt.Text("distance:Q", format=".2f"))
        for which, colour in ((light, "#10243a"), (dark, "#ffffff"))
    ]
    width = 114 * max(len(found), 1)
    return (
        alt.layer(cells, *texts)
        .properties(width=width, height=30 * len(strands))
        .configure_view(stroke=None)
    )


def _cells(found: Sequence[Resemblance]) -> pl.DataFrame:
    rows = [
        {"reference": r.name, "strand": strand, "distance": distance}
        for r in found
        for strand, distance in (
            (WHOLE, r.distance),
            *r.apart.items(),
        )
    ]
    types = {"reference": pl.String, "strand": pl.String, "distance": pl.Float64}
    return pl.DataFrame(rows, schema=types).drop_nulls()

"""The threat from the target to each member, component by component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import states
from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.question import Question
    from counterpoise.assessment.threat_parts import MemberThreat

PANELS = {
    "power": "aggregate power",
    "reach": "proximity",
    "offence": "offensive capability",
    "intent": "intentions",
    "survival": "threat to survival",
}
"""Components in [0, 1] and what a chart calls them; the last joins them."""

STEP, WIDTH = 22, 104


def threat(question: Question, found: Sequence[MemberThreat], cut: float) -> Any:
    """A column of bars per component, a row per member; the line in the last one is the cut."""
    alt = altair()
    frame = _bars(question, found)
    order = frame["member"].unique(maintain_order=True).to_list()
    panels = [
        _panel(alt, frame, order, name, cut if name == "survival" else None, k == 0)
        for k, name in enumerate(PANELS)
    ]
    return alt.hconcat(*panels, spacing=14).configure_view(stroke=None)


def _bars(question: Question, found: Sequence[MemberThreat]) -> pl.DataFrame:
    names = states.names()
    rows = [
        {"member": names.name(m.ccode, question.year), "part": part, "value": getattr(m, part)}
        for m in sorted(found, key=lambda m: (-(m.survival or 0.0), m.ccode))
        for part in PANELS
    ]
    types = {"member": pl.String, "part": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=types)


def _panel(
    alt: Any, frame: pl.DataFrame, order: list[str], name: str, cut: float | None, has_names: bool
) -> Any:
    part = frame.filter(pl.col("part") == name)
    axis = alt.Axis(title=None, labelLimit=170, ticks=False, domain=False) if has_names else None
    y = alt.Y("member:N", sort=order, axis=axis)
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.5, 1], format="~g"),
    )
    hue = HUES[1] if name == "survival" else HUES[0]
    known = part.drop_nulls("value")
    layers = [
        alt.Chart(known)
        .mark_bar(color=hue, height=13)
        .encode(x=x, y=y, tooltip=["member", alt.Tooltip("value:Q", format=".3f")])
    ]
    unknown = part.filter(pl.col("value").is_null()).with_columns(
        value=pl.lit(0.0), text=pl.lit("unknown")
    )
    if unknown.height:
        base = alt.Chart(unknown).mark_text(align="left", dx=3, fontStyle="italic", fontSize=11)
        layers.append(base.encode(x=x, y=y, text="text:N"))
    if cut is not None:
        rule = alt.Chart(pl.DataFrame({"value": [cut]}))
        layers.append(rule.mark_rule(strokeDash=[4, 3], color="#000000").encode(x=x))
    return alt.layer(*layers).properties(
        width=WIDTH, height=STEP * max(len(order), 1), title=PANELS[name]
    )

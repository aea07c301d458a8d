"""Each issue of a case as a scale: where members stand, where the target stands, what is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterpoise.cases import Case

LABEL_OFFSETS = (-13, 15, -24, 26)
LABEL_WIDTH = 4.5
"""Where labels of crowded members go, in pixels, and how wide one is, in scale points."""

LINE_CHARACTERS = 34
BREAK = " | "
"""Longest line of an issue's label, and the mark at which its lines are parted."""

KINDS = {"reject": "What members may want gone", "build": "What members would put in its place"}


def scales(case: Case, weights: Mapping[int, float]) -> Any:
    """One row per issue; a member is a dot as large as its power times salience.

    Dots that crowd together on the upper panel and scatter on the lower are a negative consensus.

    Parameters
    ----------
    weights : power of each member, by COW number.
    """
    panels = [_panel(case, weights, kind) for kind in KINDS]
    return (
        altair()
        .vconcat(*panels)
        .properties(title=f"{case.name}: positions on a scale from 0 to 100")
        .configure_view(stroke=None)
    )


def _panel(case: Case, weights: Mapping[int, float], kind: str) -> Any:
    alt = altair()
    lines = alt.Axis(labelExpr=f"split(datum.value, '{BREAK}')", labelLimit=260, grid=True)
    issue = alt.Y("issue:N", title=None, sort=None, axis=lines)
    at = alt.X("position:Q", title=None, scale=alt.Scale(domain=[0, 100]))
    members = _members(case, weights, kind)
    ranges = alt.Chart(members).mark_rule(color="#bbbbbb").encode(x="low:Q", x2="high:Q", y=issue)
    dots = (
        alt.Chart(members)
        .mark_circle(opacity=0.75, color=HUES[0])
        .encode(
            x=at, y=issue, size=alt.Size("weight:Q", legend=None), tooltip=["actor", "position"]
        )
    )
    names = [
        alt.Chart(members.filter(pl.col("level") == level))
        .mark_text(dy=dy, fontSize=9)
        .encode(x=at, y=issue, text="actor:N")
        for level, dy in enumerate(LABEL_OFFSETS)
    ]
    marks = (
        alt.Chart(_marks(case, kind))
        .mark_point(filled=True, size=110)
        .encode(
            x=at,
            y=issue,
            shape=alt.Shape("what:N", title=None, scale=alt.Scale(range=["diamond", "cross"])),
            color=alt.Color("what:N", title=None, scale=alt.Scale(range=[HUES[1], "#000000"])),
        )
    )
    return alt.layer(ranges, dots, marks, *names).properties(
        width=560, height=300, title=KINDS[kind]
    )


def _issue(title: str) -> str:
    """A title with marks where its label breaks into lines."""
    return BREAK.join(textwrap.wrap(title, LINE_CHARACTERS))


def _members(case: Case, weights: Mapping[int, float], kind: str) -> pl.DataFrame:
    titles = {i.id: _issue(i.title) for i in case.issues if i.kind == kind}
    codes = {actor.id: actor.code for actor in case.members}
    frame = pl.DataFrame(
        [
            {
                "issue": titles[p.issue],
                "actor": p.actor,
                "position": p.position,
                "low": p.low,
                "high": p.high,
                "weight": weights[codes[p.actor]] * p.salience,
            }
            for p in case.positions
            if p.issue in titles and p.actor in codes
        ]
    )
    return _levelled(frame)


def _levelled(members: pl.DataFrame) -> pl.DataFrame:
    """Give each label the first offset that is free of labels beside it."""
    taken: dict[tuple[str, int], float] = {}
    levels = []
    ordered = members.sort("issue", "position", maintain_order=True)
    for issue, position in ordered.select("issue", "position").iter_rows():
        room = [
            position - taken.get((issue, level), -LABEL_WIDTH)
            for level in range(len(LABEL_OFFSETS))
        ]
        free = [level for level, gap in enumerate(room) if gap >= LABEL_WIDTH]
        level = free[0] if free else room.index(max(room))
        taken[issue, level] = position
        levels.append(level)
    return ordered.with_columns(pl.Series("level", levels, dtype=pl.Int32))


def _marks(case: Case, kind: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"issue": _issue(i.title), "what": what, "position": value}
            for i in case.issues
            if i.kind == kind
            for what, value in (("the target", i.target), ("status quo", i.status_quo))
        ]
    )

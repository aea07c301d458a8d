"""The balancing game: chances of each action, what states did, and who would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.figures.base import HUES, altair
from counterpoise.figures.world import WIDTH, Shade, world
from counterpoise.models.balancing_game import ACTIONS

if TYPE_CHECKING:
    from counterpoise.assessment.games import GameStudy

ACTION_HUES = dict(zip(ACTIONS, ("#dddddd", HUES[1], HUES[0], HUES[2]), strict=True))
SHOWN = 30
SHOWN_MOVERS = 15
LEAST_SHIFT = 0.002
STEP = 15


def game(study: GameStudy) -> Any:
    """A map of who leans where, the strongest states' chances beside what they did, the movers."""
    alt = altair()
    panels = [_map(study), _chances(study)]
    if study.changed is not None:
        panels.append(_movers(study))
    return (
        alt.vconcat(*panels)
        .resolve_scale(color="independent", x="independent", y="independent")
        .properties(title=f"Balancing game against {study.game.problem.target}, {study.game.year}")
        .configure_view(stroke=None)
        .configure_title(anchor="start")
    )


def _map(study: GameStudy) -> Any:
    alt = altair()
    codes = dict(zip(study.game.problem.names, study.game.ccodes, strict=True))
    shades = {
        codes[p.state]: Shade(p.name, {"lean": p.chances["balance"] - p.chances["bandwagon"]})
        for p in study.players
    }
    shades[study.game.target] = Shade(study.game.problem.target, {"lean": 0.0})
    hue = alt.Color(
        "lean:Q",
        title="balance less bandwagon",
        scale=alt.Scale(domain=[-1, 0, 1], range=[HUES[0], "#f7f7f7", HUES[1]]),
        legend=alt.Legend(orient="bottom", format="+.0%"),
    )
    return world(shades, "Chance to balance less chance to bandwagon (borders of today)", color=hue)


def _chances(study: GameStudy) -> Any:
    """Chances of the strongest states as bars; a mark shows what each did."""
    alt = altair()
    strong = sorted(study.players, key=lambda p: -p.power_ratio)[:SHOWN]
    order = [p.name for p in strong]
    frame = pl.DataFrame(
        [
            {"state": p.name, "action": a, "chance": c, "rank": k}
            for p in strong
            for k, (a, c) in enumerate(p.chances.items())
        ]
    )
    did = pl.DataFrame([{"state": p.name, "did": p.did} for p in strong if p.did is not None])
    y = alt.Y("state:N", sort=order, title=None, axis=alt.Axis(labelLimit=180))
    scale = alt.Scale(domain=list(ACTION_HUES), range=list(ACTION_HUES.values()))
    bars = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("chance:Q", title=None, scale=alt.Scale(domain=[0, 1])),
            y=y,
            color=alt.Color(
                "action:N", title=None, scale=scale, legend=alt.Legend(orient="bottom")
            ),
            order="rank:Q",
            tooltip=["state", "action", alt.Tooltip("chance:Q", format=".2f")],
        )
        .properties(width=WIDTH - 130, height=alt.Step(STEP))
    )
    heading = "Chances in equilibrium of the strongest states; square: what each did"
    if did.is_empty():
        return bars.properties(title=heading.partition(";")[0])
    marks = (
        alt.Chart(did)
        .mark_square(size=110, stroke="#888888", strokeWidth=0.5, opacity=1)
        .encode(
            y=alt.Y("state:N", sort=order, axis=None),
            color=alt.Color("did:N", scale=scale, legend=None),
        )
        .properties(width=16, height=alt.Step(STEP))
    )
    both = alt.hconcat(bars, marks, spacing=2).resolve_scale(color="independent")
    return both.properties(title=heading)


def _movers(study: GameStudy) -> Any:
    """Chance to balance and to bandwagon before (open) and after (full) the changes."""
    alt = altair()
    names = {p.state: p.name for p in study.players}
    moved = [m for m in study.movers[:SHOWN_MOVERS] if m.shift > LEAST_SHIFT]
    rows = [
        {
            "state": names[m.name],
            "action": action,
            "before": float(m.before[ACTIONS.index(action)]),
            "after": float(m.after[ACTIONS.index(action)]),
        }
        for m in moved
        for action in ("balance", "bandwagon")
    ]
    heading = f"Who moves: {', '.join(study.changes)} (open: before)"
    if not rows:
        text = alt.Chart(pl.DataFrame({"text": ["nobody moves"]})).mark_text().encode(text="text:N")
        return text.properties(title=heading)
    order = [names[m.name] for m in moved]
    base = alt.Chart(pl.DataFrame(rows)).encode(
        y=alt.Y("state:N", sort=order, title=None, axis=alt.Axis(labelLimit=180)),
        yOffset="action:N",
        color=alt.Color(
            "action:N",
            title=None,
            scale=alt.Scale(
                domain=["balance", "bandwagon"],
                range=[ACTION_HUES["balance"], ACTION_HUES["bandwagon"]],
            ),
        ),
    )
    x = alt.X("before:Q", title="chance", scale=alt.Scale(domain=[0, 1]))
    rules = base.mark_rule(strokeWidth=2).encode(x=x, x2="after:Q")
    old = base.mark_point(size=45, fill="white").encode(x="before:Q")
    new = base.mark_point(size=45, filled=True).encode(x="after:Q")
    return alt.layer(rules, old, new).properties(
        width=WIDTH - 130, height=2 * STEP * len(order), title=heading
    )

"""Structural balance: two camps on the map, the quarrels among states, the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import states
from counterpoise.figures.base import HUES, altair
from counterpoise.figures.world import WIDTH, Shade, world
from counterpoise.measures import power

if TYPE_CHECKING:
    from counterpoise.assessment.balances import BalanceStudy

QUARREL = "enemies in different camps"
QUARREL_INSIDE = "enemies in one camp"
FRIENDS_APART = "friends in different camps"
TIE_HUES = {QUARREL: "#de2d26", QUARREL_INSIDE: "#000000", FRIENDS_APART: "#009e73"}
LABEL_AT = (0.0, 1.0)
INSIDE, OUTSIDE = (0.035, 0.965), (-0.035, 1.035)
"""Where the names of the camps stand, and where ties begin on their inner and outer side."""

ARC_POINTS = 12
ROW = 12
INDEX_TITLES = {
    "line_index": "frustrated ties at best",
    "triangles": "balanced triangles",
    "walks": "balanced walks",
}


def balance(study: BalanceStudy) -> Any:
    """The two camps on the map, the network of those with enemies, and chance."""
    alt = altair()
    panels = [_camps(study), _network(study)]
    if study.chances:
        panels.append(_chance(study))
    return (
        alt.vconcat(*panels)
        .resolve_scale(color="independent", x="independent", y="independent")
        .properties(title=f"Structural balance, {study.network.year}")
        .configure_view(stroke=None)
        .configure_title(anchor="start")
    )


def _camp_of(study: BalanceStudy) -> dict[str, str]:
    """Each state's camp under the name of its strongest member."""
    year, names = study.network.year, states.names()
    share = power.shares("cinc", year)
    numbers = dict(zip(study.network.graph.nodes, study.network.ccodes, strict=True))
    found: dict[str, str] = {}
    for camp in study.found.camps:
        if camp:
            first = max(camp, key=lambda n: (share.get(numbers[n], 0.0), n))
            found |= dict.fromkeys(camp, f"with {names.name(numbers[first], year)}")
    return found


def _camps(study: BalanceStudy) -> Any:
    alt = altair()
    camp, names = _camp_of(study), states.names()
    year = study.network.year
    shades = {
        code: Shade(names.name(code, year), {"camp": camp[node]})
        for node, code in zip(study.network.graph.nodes, study.network.ccodes, strict=True)
    }
    domain = sorted(set(camp.values()))
    hue = alt.Color(
        "camp:N",
        title=None,
        scale=alt.Scale(domain=domain, range=list(HUES[: len(domain)])),
        legend=alt.Legend(orient="bottom", labelLimit=300),
    )
    f = study.found
    heading = (
        f"The best two camps: {f.line_index} of {f.ties} ties frustrated"
        f"{' (proved)' if f.is_proved else ''}; borders of today"
    )
    return world(shades, heading, color=hue)


def _network(study: BalanceStudy) -> Any:
    """The camps as two columns: quarrels across fit, arcs inside a camp and black lines do not."""
    alt = altair()
    ties = _ties(study)
    if not ties:
        empty = alt.Chart(pl.DataFrame({"text": ["no enemies"]})).mark_text()
        return empty.encode(text="text:N")
    sides = _columns(study, ties)
    rows = max(len(column) for column in sides)
    at = {
        name: (side, (k + 0.5) * rows / len(column))
        for side, column in enumerate(sides)
        for k, name in enumerate(column)
    }
    scale = alt.Scale(domain=[-0.55, 1.55])
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None)
    lines = alt.Chart(pl.DataFrame(_paths(ties, at))).mark_line(strokeWidth=1.1, opacity=0.8)
    lines = lines.encode(
        x=x,
        y=y,
        detail="tie:N",
        order="step:Q",
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=list(TIE_HUES), range=list(TIE_HUES.values())),
            legend=alt.Legend(orient="bottom", labelLimit=300),
        ),
    )
    nodes = pl.DataFrame(
        [{"x": LABEL_AT[side], "y": y_, "state": name} for name, (side, y_) in at.items()]
    )
    labels = alt.Chart(nodes).mark_text(fontSize=9).encode(x=x, y=y, text="state:N")
    return alt.layer(lines, labels).properties(
        width=WIDTH, height=rows * ROW, title="States with a quarrel or a tie that does not fit"
    )


def _ties(study: BalanceStudy) -> list[tuple[str, str, str]]:
    """Enmities and frustrated ties."""
    graph = study.network.graph
    wrong = {frozenset(pair) for pair in study.found.frustrated}
    found = []
    for first, second, sign in zip(graph.first, graph.second, graph.weights, strict=True):
        one, two = graph.nodes[first], graph.nodes[second]
        is_wrong = frozenset((one, two)) in wrong
        if sign < 0:
            found.append((one, two, QUARREL_INSIDE if is_wrong else QUARREL))
        elif is_wrong:
            found.append((one, two, FRIENDS_APART))
    return found


def _columns(study: BalanceStudy, ties: list[tuple[str, str, str]]) -> tuple[list[str], list[str]]:
    """The states with such ties by camp, each near those that it is tied to."""
    used = {name for one, two, _ in ties for name in (one, two)}
    camps = [[n for n in camp if n in used] for camp in study.found.camps]
    beside: dict[str, list[str]] = {name: [] for name in used}
    for one, two, _ in ties:
        beside[one].append(two)
        beside[two].append(one)
    place = {n: k / len(camp) for camp in camps for k, n in enumerate(camp)}
    for turn in range(40):
        camp = camps[turn % 2]
        mean = {n: sum(place[m] for m in beside[n]) / len(beside[n]) for n in camp}
        camp.sort(key=lambda n: (mean[n], n))
        place |= {n: k / len(camp) for k, n in enumerate(camp)}
    return camps[0], camps[1]


def _paths(
    ties: list[tuple[str, str, str]], at: dict[str, tuple[int, float]]
) -> list[dict[str, float | str]]:
    """Points along each tie: straight across, arcs outside a column."""
    tallest = max(y for _, y in at.values())
    rows: list[dict[str, float | str]] = []
    for tie, (one, two, kind) in enumerate(ties):
        (left, y1), (right, y2) = at[one], at[two]
        outward = (-1 if left == 0 else 1) if left == right else 0
        reach = 0.08 + 0.42 * abs(y2 - y1) / tallest
        for step in range(ARC_POINTS + 1):
            t = step / ARC_POINTS
            x = INSIDE[left] + t * (INSIDE[right] - INSIDE[left])
            if outward:
                x = OUTSIDE[left] + outward * reach * 4 * t * (1 - t)
            rows.append({"tie": tie, "step": step, "x": x, "y": y1 + t * (y2 - y1), "kind": kind})
    return rows


def _chance(study: BalanceStudy) -> Any:
    """Each index as a dot, and where 95 % of random signs put it."""
    alt = altair()
    kinds = {"degrees": "each state's friends and enemies kept", "signs": "their total kept"}
    frame = pl.DataFrame(
        [
            {
                "index": INDEX_TITLES[c.statistic],
                "chance": kinds[c.null],
                "low": c.low,
                "high": c.high,
                "observed": c.observed,
            }
            for c in study.chances
        ]
    )
    panels: list[Any] = []
    for title in frame["index"].unique(maintain_order=True):
        base = alt.Chart(frame.filter(pl.col("index") == title)).encode(
            y=alt.Y("chance:N", title=None, axis=alt.Axis(labelLimit=230) if not panels else None)
        )
        x = alt.X("low:Q", title=title, scale=alt.Scale(zero=False))
        bar = base.mark_bar(height=12, color="#bbbbbb").encode(x=x, x2="high:Q")
        dot = base.mark_point(filled=True, size=90, color=HUES[1]).encode(x="observed:Q")
        panels.append((bar + dot).properties(width=150, height=60))
    return alt.hconcat(*panels).properties(
        title="Observed (dot) and 95 % of random signs on the same ties (bar)"
    )


def balance_track(frame: pl.DataFrame) -> Any:
    """Frustrated share of ties, balanced triangles and walks, and the ties themselves, by year.

    Parameters
    ----------
    frame : as ``assessment.balances.balance_years`` returns it.
    """
    alt = altair()
    x = alt.X("year:Q", title=None, axis=alt.Axis(format="d"), scale=alt.Scale(nice=False))
    known = frame.drop_nulls("nodes").with_columns(
        friends=pl.col("edges") - pl.col("enemies"),
        share=pl.col("line_index") / pl.col("edges"),
        low=pl.col("chance_low") / pl.col("edges"),
        high=pl.col("chance_high") / pl.col("edges"),
    )
    upper = (
        alt.Chart(known)
        .mark_line(color=HUES[1])
        .encode(x=x, y=alt.Y("share:Q", title="frustrated ties", axis=alt.Axis(format=".0%")))
    )
    band = alt.Chart(known).mark_area(opacity=0.3, color="#888888")
    layers = (
        alt.layer(band.encode(x=x, y="low:Q", y2="high:Q"), upper)
        if (known["low"].count())
        else upper
    )
    tall = known.unpivot(["triangles", "walks"], index="year", variable_name="index")
    lower = (
        alt.Chart(tall.drop_nulls())
        .mark_line()
        .encode(
            x=x,
            y=alt.Y("value:Q", title="balanced", scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("index:N", title=None, scale=alt.Scale(range=list(HUES[:2]))),
        )
    )
    counts = known.unpivot(["friends", "enemies"], index="year", variable_name="kind")
    ties = (
        alt.Chart(counts)
        .mark_area(opacity=0.85)
        .encode(
            x=x,
            y=alt.Y("value:Q", title="ties"),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=["friends", "enemies"], range=["#9ecae1", "#de2d26"]),
            ),
        )
    )
    size = {"width": WIDTH, "height": 150}
    heading = "Least share of ties that no two camps can satisfy"
    if known["low"].count():
        heading += " (band: 95 % of random signs)"
    return (
        alt.vconcat(
            layers.properties(title=heading, **size),
            lower.properties(title="Balanced triangles and walks", **size),
            ties.properties(title="Friends and enemies", **size),
        )
        .resolve_scale(color="independent")
        .configure_view(stroke=None)
        .configure_title(anchor="start")
    )

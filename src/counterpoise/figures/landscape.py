"""A landscape of alignment: its valleys, its blocs on the map, its bonds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise.assessment.landscapes import optimum_distance, slices
from counterpoise.figures.base import HUES, altair
from counterpoise.figures.world import WIDTH, Shade, world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterpoise.assessment.landscapes import LandscapeStudy

MOST_BONDS = 40
"""Actors beyond this many are left out of the table of bonds, the weakest first."""

MOST_VALLEYS = 12


def landscape(study: LandscapeStudy) -> Any:
    """Energies by distance from the lowest configuration, the blocs on the map, the bonds."""
    alt = altair()
    panels = []
    if study.states is not None:
        panels.append(_map(study))
    if study.solution.blocs == 2:
        panels.append(_valleys(study))
    panels.append(_bonds(study))
    return (
        alt.vconcat(*panels)
        .resolve_scale(color="independent", size="independent")
        .properties(title=_title(study))
        .configure_view(stroke=None)
        .configure_title(anchor="start")
    )


def _title(study: LandscapeStudy) -> str:
    if study.states is None:
        return f"Landscape of {len(study.problem)} actors"
    return f"Landscape of {study.states.name}, {study.states.year}"


def _bloc_names(study: LandscapeStudy) -> dict[int, str]:
    """Each bloc under the name of its strongest member."""
    names: dict[int, str] = {}
    for place in sorted(study.places, key=lambda p: -p.strength):
        names.setdefault(place.bloc, f"with {place.name}")
    return dict(sorted(names.items()))


def _hue(alt: Any, names: Mapping[int, str], **more: Any) -> Any:
    scale = alt.Scale(domain=list(names.values()), range=list(HUES[: len(names)]))
    return alt.Color("bloc:N", title=None, scale=scale, **more)


def _map(study: LandscapeStudy) -> Any:
    """Blocs on the borders of today; paler where more of a state's bonds is frustrated."""
    alt = altair()
    names = _bloc_names(study)
    assert study.propensities is not None
    shades = {
        code: Shade(
            place.name, {"bloc": names[place.bloc], "held": 1 - (place.frustrated_share or 0.0)}
        )
        for code, place in zip(study.propensities.ccodes, study.places, strict=True)
    }
    fade = alt.Scale(domain=[0.5, 1], range=[0.45, 1])
    return world(
        shades,
        "Blocs of the lowest configuration (borders of today; pale: torn)",
        color=_hue(alt, names, legend=alt.Legend(orient="bottom")),
        opacity=alt.Opacity("held:Q", legend=None, scale=fade),
    )


def _valleys(study: LandscapeStudy) -> Any:
    """Energy by how many actors stand elsewhere than in the lowest configuration."""
    alt = altair()
    lowest = study.solution.optima[0].sides
    cuts = slices(study.problem, np.array(lowest))
    frame = pl.DataFrame([vars(cut) for cut in cuts])
    x = alt.X(
        "distance:Q",
        title="actors elsewhere than in the lowest configuration",
        axis=alt.Axis(values=list(range(0, len(cuts), 1 + len(cuts) // 20)), format="d"),
    )
    y = alt.Y("low:Q", title="energy", scale=alt.Scale(zero=False))
    base = alt.Chart(frame)
    band = base.mark_area(opacity=0.25, color="#888888").encode(x=x, y=y, y2="high:Q")
    middle = base.mark_line(color="#555555").encode(x=x, y="median:Q")
    floor = base.mark_line(color="#555555", strokeDash=[3, 3]).encode(x=x, y="lowest:Q")
    dots = alt.Chart(_optima(study)).encode(x=x, y="energy:Q")
    marks = dots.mark_point(filled=True, opacity=0.9, color=HUES[1], size=90)
    labels = dots.mark_text(dx=9, dy=-9, align="left", fontSize=10, color=HUES[1]).encode(
        text="label:N"
    )
    heading = "Energy landscape: middle 90 % (band), median, lowest seen (dashed), local optima"
    return alt.layer(band, middle, floor, marks, labels).properties(
        width=WIDTH, height=230, title=heading
    )


def _optima(study: LandscapeStudy) -> pl.DataFrame:
    solution = study.solution
    every = sum(o.basin for o in solution.optima if o.basin is not None)
    rows = []
    for rank, optimum in enumerate(solution.optima[:MOST_VALLEYS]):
        share = f": basin {100 * optimum.basin / every:.0f} %" if optimum.basin else ""
        rows.append(
            {
                "distance": optimum_distance(optimum.sides, solution.optima[0].sides),
                "energy": optimum.energy,
                "label": f"optimum {rank + 1}{share}",
            }
        )
    return pl.DataFrame(rows)


def _bonds(study: LandscapeStudy) -> Any:
    """Propensities of the pairs, actors ordered by bloc and strength; a dot: frustrated."""
    alt = altair()
    names = _bloc_names(study)
    strong = sorted(study.places, key=lambda p: -p.strength)[:MOST_BONDS]
    order = sorted(strong, key=lambda p: (p.bloc, -p.strength))
    actors = [place.actor for place in order]
    frame = _pairs(study, actors)
    x = alt.X("one:N", sort=actors, title=None, axis=alt.Axis(labelAngle=-90))
    y = alt.Y("two:N", sort=actors, title=None)
    top = max(abs(value) for value in frame["propensity"])
    hue = alt.Color(
        "propensity:Q",
        title="propensity",
        scale=alt.Scale(scheme="purplegreen", domain=[-top, top]),
    )
    cells = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=x, y=y, color=hue, tooltip=["one", "two", alt.Tooltip("propensity:Q", format=".2f")]
        )
    )
    wrong = (
        alt.Chart(frame.filter(pl.col("is_frustrated")))
        .mark_circle(color="black", size=14)
        .encode(x=x, y=y)
    )
    side = pl.DataFrame([{"two": p.actor, "bloc": names[p.bloc]} for p in order])
    strip = (
        alt.Chart(side)
        .mark_rect(width=10)
        .encode(y=alt.Y("two:N", sort=actors, axis=None), color=_hue(alt, names, legend=None))
        .properties(width=10)
    )
    step = 16 if len(actors) <= 24 else 12
    size = {"width": alt.Step(step), "height": alt.Step(step)}
    table = alt.layer(cells, wrong).properties(**size)
    return (
        alt.hconcat(strip.properties(height=alt.Step(step)), table, spacing=4)
        .resolve_scale(color="independent")
        .properties(title="Propensities, by bloc and strength (dot: the pair is frustrated)")
    )


def _pairs(study: LandscapeStudy, actors: list[str]) -> pl.DataFrame:
    place = {name: k for k, name in enumerate(study.problem.actors)}
    sides = study.solution.optima[0].sides
    p = study.problem.propensities
    rows = []
    for one in actors:
        for two in actors:
            i, j = place[one], place[two]
            if i != j:
                value = float(p[i, j])
                is_wrong = value != 0 and (value > 0) != (sides[i] == sides[j])
                rows.append(
                    {"one": one, "two": two, "propensity": value, "is_frustrated": is_wrong}
                )
    return pl.DataFrame(rows)

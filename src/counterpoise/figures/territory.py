"""A power's forces in the members of a bloc: troops counted, bases coded, gains and losses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import states
from counterpoise.figures.base import HUES, altair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.measures.territory import PresenceChange

MOST_HOSTS = 16
"""Hosts beyond this many are left out, those with the fewest forces first."""

WIDTH, HEIGHT = 680, 58
CHANGES = {"gained": ("#555555", "triangle-up"), "lost": (HUES[1], "triangle-down")}


def territory(
    frame: pl.DataFrame, changes: Sequence[PresenceChange], title: str, threshold: int
) -> Any:
    """One strip per host: troops by year on a scale of tens, coded bases as bars from day to day.

    Triangles mark hosts gained and lost. Blank is unknown, never zero.

    Parameters
    ----------
    frame, changes : as ``counterpoise.measures.territory`` gives them.
    threshold : troops that make a host, drawn as a dashed line.
    """
    alt = altair()
    hosts = _chosen(frame, changes)
    first, last = int(frame["year"].min()), int(frame["year"].max())  # type: ignore[arg-type]
    scale = alt.Scale(domain=[first, last + 1], nice=False)
    strips = []
    for host in hosts:
        is_last = host == hosts[-1]
        axis = alt.Axis(format="d", tickMinStep=1, labels=is_last, ticks=is_last)
        x = alt.X("at:Q", title=None, axis=axis, scale=scale)
        strips.append(_strip(alt, frame, changes, host, x, threshold))
    left = frame["ccode"].n_unique() - len(hosts)
    note = f"{left} hosts with fewer or no forces left out. " if left else ""
    text = (
        f"{note}Blue: troops counted in September. Green: coded base. Triangles: gained, lost. "
        f"Dashed: {threshold} troops. Grey: not a member."
    )
    return (
        alt.vconcat(*strips, spacing=6)
        .properties(title=alt.Title(title, subtitle=text, anchor="start"))
        .configure_view(stroke="#dddddd")
    )


def _chosen(frame: pl.DataFrame, changes: Sequence[PresenceChange]) -> list[int]:
    """Hosts that are drawn: those with changes, then those with most troops, by name."""
    changed = {c.ccode for c in changes}
    based = set(frame.filter(pl.col("base").is_not_null())["ccode"])
    most = frame.group_by("ccode").agg(pl.col("troops").max()).rows()
    ranked = sorted(most, key=lambda row: (row[0] not in changed | based, -(row[1] or 0), row[0]))
    last = int(frame["year"].max())  # type: ignore[arg-type]
    return sorted((r[0] for r in ranked[:MOST_HOSTS]), key=lambda c: states.names().name(c, last))


def _strip(
    alt: Any,
    frame: pl.DataFrame,
    changes: Sequence[PresenceChange],
    host: int,
    x: Any,
    threshold: int,
) -> Any:
    rows = frame.filter(pl.col("ccode") == host)
    top = max(float(frame["troops"].max() or 0), threshold * 10.0)  # type: ignore[arg-type]
    scale = alt.Scale(type="symlog", constant=10, domain=[0, top])
    plain = "datum.value < 1000 ? datum.value : datum.value / 1000 + 'k'"
    axis = alt.Axis(values=[0, 100, 10_000, 1_000_000], labelExpr=plain, title=None)
    y = alt.Y("troops:Q", scale=scale, axis=axis)
    counted = rows.drop_nulls("troops").select(
        "troops", at="year", to=pl.col("year") + 1, none=pl.lit(0)
    )
    bars = alt.Chart(counted).mark_bar(color=HUES[0], opacity=0.55)
    line = alt.Chart(pl.DataFrame({"troops": [threshold]}))
    layers = [
        *_outside(alt, rows, x),
        bars.encode(x=x, x2="to:Q", y=y, y2="none:Q", tooltip=["at", "troops"]),
        line.mark_rule(strokeDash=[3, 3], color="#888888").encode(y=y),
        *_bars(alt, rows, x),
        *_marks(alt, [c for c in changes if c.ccode == host], x),
    ]
    name = states.names().name(host, int(rows["year"].max()))  # type: ignore[arg-type]
    heading = alt.Title(name, anchor="start", fontSize=11, offset=2)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=heading)


def _outside(alt: Any, rows: pl.DataFrame, x: Any) -> list[Any]:
    """Years in which the host was no member, shaded."""
    away = rows.filter(~pl.col("is_member")).select(at="year", to=pl.col("year") + 1)
    if away.is_empty():
        return []
    return [alt.Chart(away).mark_rect(color="#f0f0f0").encode(x=x, x2="to:Q")]


def _bars(alt: Any, rows: pl.DataFrame, x: Any) -> list[Any]:
    """Coded bases from their first day to their last, within the years drawn."""
    first, last = int(rows["year"].min()), int(rows["year"].max()) + 1  # type: ignore[arg-type]
    spells = rows.drop_nulls("base").unique("base_from", maintain_order=True)
    bars = [
        {
            "at": max(_decimal(row["base_from"]), first),
            "to": min(_decimal(row["base_to"]) if row["base_to"] else last, last),
            "base": row["base"].removeprefix("base: "),
        }
        for row in spells.iter_rows(named=True)
    ]
    if not bars:
        return []
    chart = alt.Chart(pl.DataFrame(bars))
    place = alt.value(HEIGHT - 5)
    bar = chart.mark_bar(height=7, color=HUES[2]).encode(x=x, x2="to:Q", y=place, tooltip=["base"])
    style = {"align": "left", "dx": 3, "dy": -10, "fontSize": 10}
    halo = chart.mark_text(**style, stroke="white", strokeWidth=3, color="white")
    text = chart.mark_text(**style, color="#222222")
    return [bar, *(mark.encode(x=x, y=place, text="base:N") for mark in (halo, text))]


def _marks(alt: Any, changes: Sequence[PresenceChange], x: Any) -> list[Any]:
    marks = []
    for what, (colour, shape) in CHANGES.items():
        at = [_decimal(c.day) if c.day else c.year + 0.75 for c in changes if c.change == what]
        if at:
            chart = alt.Chart(pl.DataFrame({"at": at}))
            mark = chart.mark_point(shape=shape, filled=True, size=70, color=colour, opacity=1)
            marks.append(mark.encode(x=x, y=alt.value(8)))
    return marks


def _decimal(day: dt.date) -> float:
    """A day as a year with a fraction."""
    begin, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - begin).days / (end - begin).days

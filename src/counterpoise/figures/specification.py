"""A multiverse as a specification curve: the margin of every verdict, and the choices behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise.figures.base import RUNG_COLOURS, altair

if TYPE_CHECKING:
    from counterpoise.assessment.multiverse import Multiverse
    from counterpoise.assessment.multiverse_grid import Factor

MOST = 2000
"""Specifications drawn at most; beyond, as many by lot, and the default one."""

SEED = 20060615
"""Seed of the lot; a regular step would fall in with the order of the grid."""

TOP = 3.0
"""Margins above are drawn here."""

WIDTH = 720


def specification_curve(multiverse: Multiverse) -> Any:
    """Specifications by margin on top, the choices that make each below.

    The margin is the least of a verdict's figures in units of their cut-offs: 1 or more if and
    only if the bloc is hard. Of more than ``MOST`` specifications as many are drawn by lot, and the
    default one; the subtitle says so.
    """
    alt = altair()
    frame = drawn(multiverse)
    factors = [f for f in multiverse.observed.factors if len(f.options) > 1]
    shown = [rung for rung in RUNG_COLOURS if rung in frame["rung"].unique().to_list()]
    hue = alt.Color(
        "rung:N",
        title="Rung",
        scale=alt.Scale(domain=shown, range=[RUNG_COLOURS[rung] for rung in shown]),
    )
    return (
        alt.vconcat(_curve(alt, frame, hue), _choices(alt, frame, factors, hue), spacing=6)
        .properties(title=alt.Title(_title(multiverse), subtitle=_subtitle(multiverse, frame)))
        .configure_view(stroke=None)
    )


def drawn(multiverse: Multiverse) -> pl.DataFrame:
    """The specifications that the chart shows, in the order of the curve.

    Columns: one per factor as text, ``rung``, ``margin`` (at most ``TOP``), ``is_default``, and
    ``place``, the rank among all specifications in (0, 1].
    """
    names = [factor.name for factor in multiverse.observed.factors]
    frame = (
        multiverse.frame()
        .sort("margin", *names)
        .with_columns(place=(pl.int_range(pl.len()) + 1) / pl.len(), row=pl.int_range(pl.len()))
    )
    kept = frame.filter(pl.col("row").is_in(_lot(len(frame))) | pl.col("is_default")).drop("row")
    texts = [_labelled(factor) for factor in multiverse.observed.factors]
    return kept.with_columns(pl.col("margin").clip(upper_bound=TOP), *texts)


def _lot(total: int) -> list[int]:
    """Rows to draw: all, or ``MOST`` of them by lot."""
    rows = np.random.default_rng(SEED).permutation(total)[:MOST]
    return sorted(rows.tolist())


def _labelled(factor: Factor) -> pl.Expr:
    """The options of a factor as the chart names them."""
    labels = {value: label(factor, value) for value in factor.values}
    return (
        pl.col(factor.name)
        .replace_strict(list(labels), list(labels.values()), return_dtype=pl.String)
        .alias(factor.name)
    )


def label(factor: Factor, value: object) -> str:
    """One option in the words of the chart."""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    if factor.name == "year" and isinstance(value, int):
        text = "as asked" if value == 0 else f"{value:+d}"
    return f"{factor.title}: {text}"


def _title(multiverse: Multiverse) -> str:
    question, found = multiverse.question, multiverse.observed
    return (
        f"{question.bloc.name} against {question.target.name}, {question.year}: "
        f"{found.answer} in {found.agreeing:.0%} of {found.specifications:,} specifications"
    )


def _subtitle(multiverse: Multiverse, frame: pl.DataFrame) -> str:
    total = multiverse.specifications
    if len(frame) == total:
        return "Every specification is drawn; the ring marks the default one."
    return f"{MOST:,} of them are drawn by lot, and the default one, which the ring marks."


def _place(alt: Any, title: str | None) -> Any:
    axis = alt.Axis(format=".0%", title=title, grid=False)
    return alt.X("place:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)


def _curve(alt: Any, frame: pl.DataFrame, hue: Any) -> Any:
    top = float(np.ceil(max(frame["margin"].to_numpy().max(), 1.0) * 2) / 2)
    margin = alt.Y("margin:Q", title="Margin (hard from 1)", scale=alt.Scale(domain=[0, top]))
    points = alt.Chart(frame.select("place", "margin", "rung", "is_default"))
    curve = points.mark_point(filled=True, size=10, opacity=0.9).encode(
        x=_place(alt, None), y=margin, color=hue
    )
    ring = (
        points.transform_filter("datum.is_default")
        .mark_point(size=120, filled=False, strokeWidth=2, color="black")
        .encode(x=_place(alt, None), y=margin)
    )
    cut = alt.Chart(pl.DataFrame({"cut": [1.0]})).mark_rule(strokeDash=[4, 4], color="#888888")
    return (cut.encode(y="cut:Q") + curve + ring).properties(width=WIDTH, height=200)


def _choices(alt: Any, frame: pl.DataFrame, factors: list[Factor], hue: Any) -> Any:
    names = [factor.name for factor in factors]
    order = [label(factor, value) for factor in factors for value in factor.values]
    return (
        alt.Chart(frame.select("place", "rung", *names))
        .transform_fold(names, as_=["factor", "choice"])
        .mark_tick(thickness=1, height=9)
        .encode(
            x=_place(alt, "Specifications, by margin"),
            y=alt.Y("choice:N", sort=order, title=None, axis=alt.Axis(labelLimit=320)),
            color=hue,
        )
        .properties(width=WIDTH, height=13 * len(order))
    )

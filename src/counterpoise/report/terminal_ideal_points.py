"""Ideal points for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from counterpoise.measures.ideal_points import chosen

if TYPE_CHECKING:
    from rich.console import RenderableType

    from counterpoise.measures.ideal_points import Comparison, IdealPointEstimates

COLUMNS = 10
"""Years that a table has room for."""

ABSENCES = {
    "ignore": "absences ignored",
    "abstain": "absences counted as abstentions",
    "model": "absences modelled",
}


def estimates(found: IdealPointEstimates, states: str) -> RenderableType:
    """What was fitted, how the fit ended, and the ideal points of a few states."""
    parts: list[RenderableType] = [Text(_headline(found)), Text(_ending(found))]
    for dimension in range(1, found.dimensions + 1):
        rows = found.frame.filter(pl.col("dimension") == dimension)
        shown = chosen(rows, states)
        title = (
            f"Dimension {dimension}" if found.dimensions > 1 else "Ideal points ± standard error"
        )
        parts.append(_years(shown if shown.height else rows, title))
    return Group(*parts, *(Text(f"· {note}") for note in found.notes))


def _headline(found: IdealPointEstimates) -> str:
    years = found.frame["year"].to_list()
    about = f" on {found.issue}" if found.issue else ""
    return (
        f"{found.frame['votes'].sum() // found.dimensions:,} votes of "
        f"{found.frame['ccode'].n_unique()} states in {found.roll_calls.height:,} "
        f"roll calls{about}, {min(years)}–{max(years)}; "
        f"{found.roll_calls['item'].n_unique():,} items; {ABSENCES[found.absences]}."
    )


def _ending(found: IdealPointEstimates) -> str:
    ended = "Converged" if found.is_converged else "NOT converged"
    told = (
        f"{ended} after {found.iterations} iterations (largest change {found.change:.1e}, "
        f"tolerance {found.tolerance:g}). Mean 0, sd 1, {found.positive} positive"
    )
    if np.isnan(found.persistence):
        return f"{told}."
    return f"{told}; ideal points of successive periods correlate at {found.persistence:.3f}."


def _years(rows: pl.DataFrame, title: str) -> Table:
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    years = rows["year"].unique().sort().to_numpy()
    shown = years[np.unique(np.linspace(0, len(years) - 1, COLUMNS).round().astype(int))].tolist()
    table.add_column("state")
    for year in shown:
        table.add_column(str(year), justify="right")
    for ccode in rows["ccode"].unique(maintain_order=True).head(2 * COLUMNS).to_list():
        own = rows.filter(pl.col("ccode") == ccode)
        cells = {
            y: f"{p:+.2f} ±{s:.2f}" for y, p, s in own.select("year", "ideal_point", "se").rows()
        }
        table.add_row(own["state"][-1] or str(ccode), *(cells.get(year, "") for year in shown))
    return table


def comparison(found: Comparison) -> RenderableType:
    """Agreement with the published series."""
    return Text(
        f"Published series (Bailey, Strezhnev & Voeten): correlation {found.pooled:.3f} over "
        f"{found.state_years:,} states and years (ranks {found.pooled_rank:.3f}); within sessions "
        f"{found.median:.3f} at the median, {found.lowest:.3f} at the lowest "
        f"({found.lowest_year})."
    )

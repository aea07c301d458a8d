"""The units of a panel: the keys of its rows, and how a set of columns is read for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.panel import spine
from counterpoise.panel.facts import look_up, of_frame
from counterpoise.panel.reading import CODE
from counterpoise.panel.rows import Rows
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from counterpoise.panel.adds import Add, Kind
    from counterpoise.panel.columns import Column
    from counterpoise.panel.spine import Rule
    from counterpoise.states import System

NAME = {"cow": "statenme", "gw": "statename"}
"""What peacesciencer calls the name of a state in each system."""


@dataclass(frozen=True, eq=False)
class Units:
    """State-years, dyad-years, or members of blocs by year.

    Parameters
    ----------
    keys : columns that name the rows, and what comes with them.
    rows : the states and year of each row.
    """

    kind: Kind
    keys: pl.DataFrame
    rows: Rows

    @property
    def code_columns(self) -> tuple[str, ...]:
        """Columns of state numbers."""
        code = CODE[self.rows.system]
        return (code,) if len(self.rows.codes) == 1 else (f"{code}1", f"{code}2")

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        bloc = ("bloc",) if self.kind == "bloc_member_years" else ()
        return (*bloc, *self.code_columns, "year")

    def columns(self, add: Add) -> dict[str, Column]:
        """Columns that a set gives these units."""
        return add.columns(self.kind)

    def values(self, add: Add, limit: int | None) -> pl.DataFrame:
        """Columns of a set for every row; see :func:`carried`."""
        return carried(add, self.rows, limit)


def carried(add: Add, rows: Rows, limit: int | None) -> pl.DataFrame:
    """A set's columns, its last covered year carried forward to the years up to ``limit``.

    With a limit there is one more column, ``…_extended``, true in the rows that were carried. A
    unit whose states were not all in the system in the last covered year carries nothing.
    """
    if limit is None:
        return add.values(rows)
    last = add.coverage[1]
    late = (rows.year > last) & (rows.year <= limit)
    moved = rows.at(np.where(late, np.int32(last), rows.year))
    is_carried = late & moved.in_system()
    kept = pl.lit(pl.Series(is_carried | ~late))
    return add.values(moved).select(
        pl.when(kept).then(pl.all()), pl.lit(pl.Series(is_carried)).alias(f"{add.name}_extended")
    )


def of_states(system: System, first: int, last: int, *, microstates: bool) -> Units:
    """State-years with the name of each state."""
    code, year = spine.state_years(system, first, last, microstates)
    rows = Rows(system, (code,), year)
    keys = pl.DataFrame([pl.Series(CODE[system], code), _names(rows), pl.Series("year", year)])
    return Units("state_years", _flagged(keys, rows), rows)


def of_dyads(
    system: System, first: int, last: int, rule: Rule, *, directed: bool, microstates: bool
) -> Units:
    """Dyad-years."""
    one, two, year = spine.dyad_years(
        system, first, last, rule, directed=directed, microstates=microstates
    )
    rows = Rows(system, (one, two), year, directed)
    code = CODE[system]
    keys = pl.DataFrame({f"{code}1": one, f"{code}2": two, "year": year})
    return Units("dyad_years", _flagged(keys, rows), rows)


def _flagged(keys: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Add ``system_extended`` where the panel runs past the coded spells of its system."""
    last = record.coverage(spine.SPELLS[rows.system][0])[1]
    if rows.height == 0 or rows.year.max() <= last:
        return keys
    return keys.with_columns(system_extended=pl.Series(rows.year > last))


def _names(rows: Rows) -> pl.Series:
    """Name of each state in the spell that reaches the year."""
    table, code = spine.SPELLS[rows.system]
    reach = spine.reach(rows.system)
    spells = record.table(table).select(code, "start", "end", "name").sort(code, "start")
    named = by_year(spells, reach[1]).unique([code, "year"], keep="last")
    facts = of_frame(named, (code,), rows.system, reach)
    return look_up(facts, rows)["name"].alias(NAME[rows.system])

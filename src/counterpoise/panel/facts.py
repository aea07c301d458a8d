"""What a table knows about states or pairs of states by year, and how a panel's rows find it.

A row finds at most one row of the table, so that adding never changes the number of rows. Where
the table covers the year and holds no row, a column takes its declared value for absence: zero
where absence means none, null where it means unknown. Outside the table's years every column is
null, and so it is for a unit that the table's state system does not know.

Look-up goes through a grid of positions rather than a hash join: state numbers are small and
years are few, so that each row finds its place by arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.panel.rows import CODES, ORIGIN, YEARS
from counterpoise.panel.unrolling import unroll

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from counterpoise.panel.rows import Rows
    from counterpoise.panel.spine import Ints
    from counterpoise.states import System


@dataclass(frozen=True, eq=False)
class Facts:
    """Values of some columns by key.

    Parameters
    ----------
    system : whose state numbers the key holds.
    codes : one array per state of the key (one or two), and no key twice.
    start, end : first and last year of each row of ``values``; the same array where rows are
        yearly.
    values : one row per key, the columns that a panel gets.
    zero : columns in which an absent row means zero.
    first, last : years that the table covers.
    symmetric : does a pair's row hold for both orders?
    """

    system: System
    codes: tuple[Ints, ...]
    start: Ints
    end: Ints
    values: pl.DataFrame
    zero: Collection[str]
    first: int
    last: int
    symmetric: bool = False

    @property
    def absent(self) -> int:
        """Position of the row that stands for absence inside coverage."""
        return self.values.height

    @property
    def unknown(self) -> int:
        """Position of the row that stands for what the table does not cover."""
        return self.values.height + 1


def of_frame(
    frame: pl.DataFrame,
    key: tuple[str, ...],
    system: System,
    coverage: tuple[int, int],
    zero: Collection[str] = (),
    *,
    symmetric: bool = False,
) -> Facts:
    """Facts of a frame keyed by state numbers and ``year``, or ``start_year`` and ``end_year``.

    Rows outside the coverage are left out.
    """
    dates = ("year", "year") if "year" in frame.columns else ("start_year", "end_year")
    first, last = coverage
    kept = frame.filter((pl.col(dates[1]) >= first) & (pl.col(dates[0]) <= last))
    codes = tuple(_ints(kept[name]) for name in key)
    start = np.maximum(_ints(kept[dates[0]]), np.int32(first))
    is_yearly = dates[0] == dates[1]
    return Facts(
        system=system,
        codes=codes,
        start=start,
        end=start if is_yearly else np.minimum(_ints(kept[dates[1]]), np.int32(last)),
        values=kept.drop(*key, *set(dates)),
        zero=zero,
        first=first,
        last=last,
        symmetric=symmetric,
    )


def _ints(column: pl.Series) -> Ints:
    return column.to_numpy().astype(np.int32)


def look_up(facts: Facts, rows: Rows) -> pl.DataFrame:
    """The facts about each row, in the order of the rows."""
    numbered = rows.numbered(facts.system)
    found = _by_state(facts, numbered) if len(facts.codes) == 1 else _by_pair(facts, numbered)
    positions = pl.Series(found)
    return padded(facts).select(pl.all().gather(positions))


def padded(facts: Facts) -> pl.DataFrame:
    """The values with two more rows: one for absence, one for what is not covered."""
    types = facts.values.schema
    absent = {name: [0 if name in facts.zero else None] for name in types}
    unknown = {name: [None] for name in types}
    extra = [pl.DataFrame(row, schema=types) for row in (absent, unknown)]
    return pl.concat([facts.values, *extra], rechunk=True)


def _by_state(facts: Facts, rows: Rows) -> NDArray[np.int32]:
    flat = np.full((CODES, YEARS), facts.unknown, dtype=np.int32)
    flat[1:, facts.first - ORIGIN : facts.last - ORIGIN + 1] = facts.absent
    row, year = _unrolled(facts)
    flat[facts.codes[0][row], year - ORIGIN] = row
    found: NDArray[np.int32] = flat.ravel()[rows.places[0]]
    return found


def _by_pair(facts: Facts, rows: Rows) -> NDArray[np.int32]:
    """Positions by pair and year, in a grid with one line per pair that the table holds."""
    pair_of, line = _pairs(facts)
    width = facts.last - facts.first + 2
    flat = np.full((line.max(initial=0) + 1, width), facts.absent, dtype=np.int32)
    flat[:, -1] = facts.unknown
    row, year = _unrolled(facts)
    flat[line[row], year - facts.first] = row
    column = np.full(YEARS, width - 1, dtype=np.int32)
    column[facts.first - ORIGIN : facts.last - ORIGIN + 1] = np.arange(width - 1)
    pair = pair_of[rows.codes[0] * np.int32(CODES) + rows.codes[1]]
    found: NDArray[np.int32] = flat.ravel()[pair * np.int32(width) + column[rows.year - ORIGIN]]
    if rows.height and min(rows.codes[0].min(), rows.codes[1].min()) == 0:
        found[(rows.codes[0] == 0) | (rows.codes[1] == 0)] = facts.unknown
    return found


def _pairs(facts: Facts) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Line of the grid by pair of numbers (0 where the table has none), and line of each row."""
    one, two = facts.codes
    number, line = np.unique(one * np.int32(CODES) + two, return_inverse=True)
    pair_of = np.zeros(CODES * CODES, dtype=np.int32)
    pair_of[number] = np.arange(1, len(number) + 1)
    if facts.symmetric:
        pair_of[number % CODES * CODES + number // CODES] = np.arange(1, len(number) + 1)
    return pair_of, (line + 1).astype(np.int32)


def _unrolled(facts: Facts) -> tuple[NDArray[np.int64], Ints]:
    """Row of the values and year, one entry per year of each row."""
    if facts.start is facts.end:
        return np.arange(len(facts.start)), facts.start
    return unroll(facts.start, facts.end)

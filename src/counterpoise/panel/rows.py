"""What the rows of a panel are about: one or two states each, and a year."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record
from counterpoise.panel import spine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.panel.spine import Ints
    from counterpoise.states import System

CODES = 1000
"""State numbers of both systems are smaller than this; 0 stands for no state."""

ORIGIN, YEARS = 1800, 256
"""Years are filed from 1800 to 2055."""

CROSSWALKS = {"gw": ("cow_to_gw", "ccode", "gwcode"), "cow": ("gw_to_cow", "gwcode", "ccode")}
"""By the system wanted: the table that leads to it, the number given and the number found."""


@dataclass(frozen=True, eq=False)
class Rows:
    """State numbers and years of the rows of a panel, in its order.

    Parameters
    ----------
    codes : one array per state of a row (one for state-years, two for dyad-years); 0 is no state.
    year : one year per row.
    directed : may a pair come in both orders?
    """

    system: System
    codes: tuple[Ints, ...]
    year: Ints
    directed: bool = True

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.year)

    def side(self, number: int) -> Rows:
        """The same rows seen as state-years of their first (0) or second (1) state."""
        return replace(self, codes=(self.codes[number],))

    def swapped(self) -> Rows:
        """The same pairs in the other order."""
        return replace(self, codes=self.codes[::-1])

    def at(self, year: Ints) -> Rows:
        """The same units in other years."""
        return replace(self, year=year)

    @functools.cached_property
    def places(self) -> tuple[NDArray[np.int32], ...]:
        """Where each state of each row lies in a grid of CODES × YEARS, laid flat."""
        return tuple(code * np.int32(YEARS) + self.year - np.int32(ORIGIN) for code in self.codes)

    def numbered(self, system: System) -> Rows:
        """The same rows in the numbers of another system; 0 where it has no such state."""
        if system == self.system:
            return self
        flat = crosswalk(system)
        codes = tuple(flat[place] for place in self.places)
        return replace(self, system=system, codes=codes)

    def in_system(self) -> NDArray[np.bool_]:
        """Were all states of a row in the system in its year?"""
        flat = membership(self.system)
        found: NDArray[np.bool_] = np.logical_and.reduce([flat[place] for place in self.places])
        return found


def grid(code: Ints, year: Ints, value: NDArray[np.int32] | NDArray[np.bool_], empty: int) -> Ints:
    """Values by state and year in a flat grid of CODES × YEARS; ``empty`` elsewhere."""
    flat = np.full(CODES * YEARS, empty, dtype=np.int32)
    flat[code * YEARS + year - ORIGIN] = value
    return flat


@functools.cache
def crosswalk(system: System) -> Ints:
    """Numbers in ``system`` by number and year in the other system, laid flat; 0 for none."""
    table, given, wanted = CROSSWALKS[system]
    frame = record.table(table).drop_nulls(wanted)
    code, year, other = (
        frame[name].to_numpy().astype(np.int32) for name in (given, "year", wanted)
    )
    return grid(code, year, other, empty=0)


@functools.cache
def membership(system: System) -> NDArray[np.bool_]:
    """Was a state in the system in a year? By number and year, laid flat."""
    last = ORIGIN + YEARS - 1
    code, year = spine.state_years(system, ORIGIN, last, microstates=True)
    return grid(code, year, np.ones(len(code), dtype=bool), empty=0).astype(bool)


@functools.cache
def entry_months(system: System) -> Ints:
    """Month in which a state entered the system in a year, 1 where it was in it before; flat."""
    found = spine.spells(system)
    months = np.ones((CODES, YEARS), dtype=np.int32)
    month = found.start.astype("datetime64[M]").astype(np.int64) % 12 + 1
    # Backwards, so that of two spells that share a year the earlier has the last word.
    for k in reversed(range(len(found.code))):
        start, end = found.start_year[k] - ORIGIN, found.end_year[k] - ORIGIN
        months[found.code[k], max(start, 0)] = month[k] if start >= 0 else 1
        months[found.code[k], max(start + 1, 0) : end + 1] = 1
    return months.ravel()


def first_months(rows: Rows) -> Ints:
    """First month (1 to 12) of the year in which all states of a row were members."""
    flat = entry_months(rows.system)
    found: Ints = np.maximum.reduce([flat[place] for place in rows.places])
    return found

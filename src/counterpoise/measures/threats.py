"""The threat between all states of a year, component by component, from the record.

The threat of a year rests on what was known in the year before. Where a table is silent about
that year the component is unknown, and so is every combination that needs it; ``why`` says what
is missing.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.errors import CoverageError, UnknownNameError
from counterpoise.measures import power
from counterpoise.measures import threat_facts as facts
from counterpoise.measures.reach import Reach
from counterpoise.measures.threat import COMBINATIONS, Components, miles_per_day
from counterpoise.measures.threat_facts import Places

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

COMPONENTS = tuple(f.name for f in fields(Components) if f.name != "miles_per_day")
"""Names of the components that a pair of states has."""

THREATENERS = frozenset({"power", "offence", "equipment"})
"""Components that are about the threatening state alone."""

THREATENED = frozenset({"own_power", "nuclear"})
"""Components that are about the threatened state alone."""


@dataclass(frozen=True, eq=False)
class Matrices:
    """The threat from every state (rows) to every other (columns) in one year.

    Parameters
    ----------
    year, data_year : the year asked for, and the one before, which the data speak of.
    metric : metric of aggregate power.
    places : the states, in the order of rows and columns.
    found : the components, each (n, n), (n, 1) or (1, n); NaN is unknown.
    is_approximate : (n, n) does contiguity, or the distance between capitals, stand in for the
        distance between borders?
    forces_complete : (n,) are all hosts of the threatening state's forces known? Where they are
        not, ``forward_km`` is the most that the distance can be.
    silent : by component, why it is unknown for every pair.
    extended : by table, what was carried forward.
    """

    year: int
    data_year: int
    metric: str
    places: Places
    found: Components
    is_approximate: Flags
    forces_complete: Flags
    silent: dict[str, str]
    extended: dict[str, str]

    @property
    def ccodes(self) -> tuple[int, ...]:
        """COW numbers of the states, in the order of rows and columns."""
        return tuple(self.places.ccodes.tolist())

    def component(self, name: str) -> Array:
        """One component, (n, n), NaN on the diagonal.

        Raises
        ------
        UnknownNameError : no such component.
        """
        if name not in COMPONENTS:
            raise UnknownNameError(
                f'Unknown component "{name}". There are: {", ".join(COMPONENTS)}'
            )
        return self._full(getattr(self.found, name))

    def combination(self, name: str) -> Array:
        """One way to combine the components, (n, n), NaN on the diagonal.

        Raises
        ------
        UnknownNameError : no such combination.
        """
        if name not in COMBINATIONS:
            listed = ", ".join(COMBINATIONS)
            raise UnknownNameError(f'Unknown combination "{name}". There are: {listed}')
        return self._full(COMBINATIONS[name](self.found))

    def _full(self, values: Array) -> Array:
        matrix = np.array(np.broadcast_to(values, (len(self.places),) * 2))
        np.fill_diagonal(matrix, np.nan)
        return matrix

    def why(self, threatener: int, state: int) -> dict[str, str]:
        """What is unknown about one pair, by component, and why."""
        pair = self.place(threatener), self.place(state)
        return {
            name: self.silent.get(name) or self._gap(name, threatener, state)
            for name in COMPONENTS
            if np.isnan(self.component(name)[pair])
        }

    def place(self, ccode: int) -> int:
        """Row and column of a state.

        Raises
        ------
        CoverageError : it was not in the state system in the year.
        """
        place = self.places.of(ccode)
        if place < 0:
            raise CoverageError(f"COW {ccode} was not in the state system in {self.year}.")
        return place

    def _gap(self, name: str, threatener: int, state: int) -> str:
        codes: tuple[int, ...] = (threatener, state)
        if name in THREATENERS:
            codes = (threatener,)
        elif name in THREATENED:
            codes = (state,)
        named = " and ".join(states.names().name(code, self.data_year) for code in codes)
        return f"no figure for {named} in {self.data_year}"


@functools.lru_cache(maxsize=16)
def threats(year: int, metric: str = "cinc", *, extend: bool = False) -> Matrices:
    """Walt's four components for every directed pair of the states of a year.

    Parameters
    ----------
    year : the threat is that of this year, from data of the year before.
    metric : aggregate power under ``cinc``, ``milex``, ``gdp`` or ``net``.
    extend : let a table's last year answer for later ones; ``extended`` says where it did.

    Raises
    ------
    UnknownNameError : no such metric.
    CoverageError : no state is coded for the year.
    """
    listed = states.system(year)
    if not listed:
        first = record.coverage("states")[0]
        raise CoverageError(f"States are coded from {first}; there are none in {year}.")
    data = _Data(year - 1, Reach(extend), Places(listed), {})
    share = data.shares(power.metric(metric))
    border, is_approximate = data.border()
    forward, complete = facts.forward_km(data.year, data.places, border)
    found = Components(
        power=share[:, None],
        own_power=share[None, :],
        distance_km=border,
        capital_km=data.read("capital_km", "capitals", facts.capital_km),
        forward_km=forward,
        offence=data.offence(),
        equipment=data.read("equipment", "equipment", facts.equipment)[:, :1],
        rival=data.read("rival", "rivalries", facts.rivals),
        disputes=data.disputes(),
        victims=data.victims(),
        nuclear=data.nuclear(),
        both_democracies=data.read("both_democracies", "democracy", facts.both_democracies),
        miles_per_day=miles_per_day(data.year),
    )
    gaps, carried = data.silent, data.reach.extended
    return Matrices(
        year, data.year, metric, data.places, found, is_approximate, complete, gaps, carried
    )


@dataclass(frozen=True, eq=False)
class _Data:
    """One year of every table; where a table is silent, NaN and a reason."""

    year: int
    reach: Reach
    places: Places
    silent: dict[str, str]

    @property
    def unknown(self) -> Array:
        return np.full((len(self.places), len(self.places)), np.nan)

    def answering(self, component: str, table: str) -> int | None:
        """Year of the table that answers for the year."""
        found = self.reach.year(table, self.year)
        if found is None:
            self.silent[component] = record.coverage_reason(table, self.year) or ""
        return found

    def read(self, component: str, table: str, reader: Callable[[int, Places], Array]) -> Array:
        """A matrix of a component; a vector is of the rows."""
        year = self.answering(component, table)
        return self.unknown if year is None else _rows(reader(year, self.places))

    def shares(self, metric: power.Metric) -> Array:
        year = self.answering("power", metric.table)
        if year is None:
            self.silent["own_power"] = self.silent["power"]
            return np.full(len(self.places), np.nan)
        return facts.shares(metric.name, year, self.places)

    def offence(self) -> Array:
        spent = self.read("offence", "nmc", lambda y, p: facts.shares("milex", y, p))
        column: Array = spent[:, :1]
        return column

    def border(self) -> tuple[Array, Flags]:
        """Distance between borders, and where it is stood in for."""
        year = self.reach.year("min_distance", self.year)
        km = self.unknown if year is None else facts.border_km(year, self.places)
        np.fill_diagonal(km, 0.0)
        is_approximate = np.isnan(km)
        for table, reader in (
            ("contiguity", facts.contiguous_km),
            ("capitals", facts.capital_km),
        ):
            # Asked only where needed, so that nothing is said to be carried forward in vain.
            gaps = np.isnan(km)
            year = self.reach.year(table, self.year) if gaps.any() else None
            if year is not None:
                km = np.where(gaps, reader(year, self.places), km)
        return km, is_approximate & ~np.isnan(km)

    def disputes(self) -> Array:
        if not self._has_window("disputes", facts.DISPUTE_YEARS):
            return self.unknown
        return self.read("disputes", "dispute_dyads", facts.disputes)

    def victims(self) -> Array:
        if not self._has_window("victims", facts.VICTIM_YEARS):
            return self.unknown
        alive = states.system(self.year)
        return self.read("victims", "dispute_dyads", lambda y, p: facts.victims(y, p, alive))

    def _has_window(self, component: str, years: int) -> bool:
        first, _ = record.coverage("dispute_dyads")
        start = self.year - years + 1
        if start < first:
            self.silent[component] = f"disputes are coded from {first}, the window begins {start}"
        return start >= first

    def nuclear(self) -> Array:
        if self.year < facts.FIRST_WEAPON:
            return np.zeros((1, len(self.places)))
        armed: Array = self.read("nuclear", "nuclear_status", facts.nuclear)[:, :1].T
        return armed


def _rows(values: Array) -> Array:
    """A vector as a column, so that it speaks of rows; a matrix as it is."""
    return values[:, None] if values.ndim == 1 else values

"""What the record knows of the threat between states in a year, as vectors and matrices.

Rows are the threatening states, columns the threatened ones, both in the order of the state
numbers given. A matrix speaks of one year of data; NaN is unknown.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import record
from counterpoise.measures import power, presence
from counterpoise.panel.geography import distances

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Columns = tuple[NDArray[Any], ...]

SERIOUS = 3
"""Hostility level from which a dispute counts: 3 display of force, 4 use of force, 5 war."""

DISPUTE_YEARS, VICTIM_YEARS = 10, 5
"""Windows in years, the year of the data included."""

VICTIM_ACTIONS = (14, 20, 21)
"""Occupation of territory; beginning an interstate war; joining one (Palmer et al. 2022).

Attacks (16) are left out: most are seizures and shots at ships.
"""

POSSESSES = 3
"""Nuclear status of a state that has weapons."""

FIRST_WEAPON = 1945
"""Before this year no state had nuclear weapons."""

DEMOCRATIC = 0.5
"""Electoral democracy index from which a state counts as a democracy."""

KM_BY_CONTIGUITY = (0.0, *(miles * 1.852 for miles in (12, 24, 150, 400)))
"""Upper bound of the water between two states in km, by contiguity type 1 (land) to 5."""

FEWEST_TROOPS = 100
"""Fewest troops of the United States by which a state counts as a host."""

OFFENSIVE = (
    "aircraft_attack",
    "aircraft_bomber",
    "aircraft_fighter",
    "amphibious_landing_ship",
    "armoured_fighting_vehicles_attack",
    "ballistic_missiles_medium_range",
    "ballistic_missiles_short_range",
    "helicopters_attack",
    "principal_surface_combatants_aircraft_carrier",
    "principal_surface_combatants_cruisers",
    "principal_surface_combatants_destroyers",
    "principal_surface_combatants_frigates",
    "submarines_attack",
)
"""Classes of weapons that carry force into another state's land, air or waters.

Intercontinental missiles and the submarines that bear them are left out: they deter.
"""

CODES = 1000
"""State numbers are smaller than this."""


class Places:
    """Where each of some states stands in a matrix."""

    def __init__(self, ccodes: Sequence[int]) -> None:
        self.ccodes = np.asarray(ccodes, dtype=np.int64)
        self._place = np.full(CODES, -1, dtype=np.int64)
        self._place[self.ccodes] = np.arange(len(self.ccodes))

    def __len__(self) -> int:
        return len(self.ccodes)

    def of(self, ccode: int) -> int:
        """Place of one state; -1 where it is none of them."""
        return int(self._place[ccode]) if 0 <= ccode < CODES else -1

    def vector(self, ccode: Ints, value: Array, empty: float = np.nan) -> Array:
        """Values by state in the order of the matrix; ``empty`` where none is given."""
        filled = np.full(len(self), empty, dtype=np.float64)
        place = self._place[ccode]
        filled[place[place >= 0]] = value[place >= 0]
        return filled

    def matrix(self, one: Ints, two: Ints, value: Array, empty: float = np.nan) -> Array:
        """Values by directed pair; ``empty`` where none is given."""
        filled = np.full((len(self), len(self)), empty, dtype=np.float64)
        row, column = self._place[one], self._place[two]
        inside = (row >= 0) & (column >= 0)
        filled[row[inside], column[inside]] = value[inside]
        return filled


def _columns(frame: pl.DataFrame, *names: str) -> tuple[Ints, ...]:
    return tuple(frame[name].to_numpy().astype(np.int64) for name in names)


def shares(metric: str, year: int, places: Places) -> Array:
    """Share of world power of every state under a metric of ``measures.power``."""
    share = power.shares(metric, year)
    codes = np.fromiter(share, dtype=np.int64, count=len(share))
    return places.vector(codes, np.fromiter(share.values(), dtype=np.float64, count=len(share)))


@functools.cache
def _equipment() -> Columns:
    """State, year and mean share of the world's stock over the offensive classes."""
    frame = record.table("equipment").select("ccode", "year", *OFFENSIVE)
    share = pl.col(OFFENSIVE) / pl.col(OFFENSIVE).sum().over("year").replace(0, None)
    mean = frame.select("ccode", "year", share=pl.mean_horizontal(share)).drop_nulls()
    return (*_columns(mean, "ccode", "year"), mean["share"].to_numpy())


def equipment(year: int, places: Places) -> Array:
    """Mean share of the world's stock of each class of offensive weapons, in [0, 1].

    Classes weigh alike; one that the source does not count for a state is left out of its mean.
    Source: distribution of military capabilities (Gannon 2023), the choice of classes ours.
    """
    code, when, share = _equipment()
    chosen = when == year
    return places.vector(code[chosen], share[chosen])


@functools.cache
def _border_runs() -> Columns:
    frame = record.table("min_distance")
    spans = _columns(frame, "ccode1", "ccode2", "start_year", "end_year")
    return (*spans, frame["mindist_km"].to_numpy())


def border_km(year: int, places: Places) -> Array:
    """Shortest distance between borders on 1 January, where the source has it."""
    one, two, start, end, km = _border_runs()
    chosen = (start <= year) & (year <= end)
    one, two, km = one[chosen], two[chosen], km[chosen]
    return places.matrix(np.concatenate([one, two]), np.concatenate([two, one]), np.tile(km, 2))


@functools.cache
def _contiguity() -> Columns:
    frame = (
        record.table("contiguity")
        .select(
            "ccode1",
            "ccode2",
            pl.col("start").dt.year(),
            pl.col("end").dt.year().fill_null(record.coverage("contiguity")[1]),
            "conttype",
        )
        # The nearest type comes last, so that it has the last word.
        .sort("conttype", descending=True)
    )
    km = np.array(KM_BY_CONTIGUITY)[frame["conttype"].to_numpy() - 1]
    return (*_columns(frame, "ccode1", "ccode2", "start", "end"), km)


def contiguous_km(year: int, places: Places) -> Array:
    """Upper bound of the distance between borders by contiguity; NaN where not contiguous."""
    one, two, start, end, km = _contiguity()
    chosen = (start <= year) & (year <= end)
    return places.matrix(one[chosen], two[chosen], km[chosen])


@functools.cache
def _capitals() -> Columns:
    """State, first and last year of each capital, latest first, and distances between all."""
    frame = record.table("capitals").sort("ccode", "start", descending=True)
    years = frame.select(
        "ccode",
        pl.col("start").dt.year(),
        pl.col("end").dt.year().fill_null(record.coverage("capitals")[1]),
    )
    return (*_columns(years, "ccode", "start", "end"), distances(frame))


def capital_km(year: int, places: Places) -> Array:
    """Great-circle distance between the first capitals of the year."""
    code, start, end, km = _capitals()
    chosen = np.flatnonzero((start <= year) & (year <= end))
    # The last row and column of the distances stand for a state without a capital.
    capital = places.vector(code[chosen], chosen.astype(np.float64), empty=-1).astype(np.int64)
    found: Array = km[np.ix_(capital, capital)]
    return found


def forward_km(year: int, places: Places, border: Array) -> tuple[Array, Flags]:
    """Distance from the nearest of a state's borders and the states that host its forces.

    Returns
    -------
    (n, n) km; where the list of hosts is incomplete the true distance may be shorter.
    (n,) is the list of a state's hosts complete?
    """
    nearest, complete = border.copy(), np.zeros(len(places), dtype=bool)
    day = dt.date(year, 12, 31)
    for owner in _owners(year):
        row = places.of(owner)
        if row < 0:
            continue
        held = presence.hosts(owner, day, FEWEST_TROOPS)
        complete[row] = held.is_complete
        for column in (places.of(host) for host in held.codes):
            if column >= 0:
                nearest[row] = np.fmin(nearest[row], border[column])
                nearest[row, column] = 0.0
    return nearest, complete


@functools.cache
def _owners(year: int) -> tuple[int, ...]:
    """States with forces abroad listed in a year, and the United States."""
    frame = record.coded("foreign_forces")
    ended = pl.col("end").is_not_null() & (pl.col("end").dt.year() < year)
    found = frame.filter((pl.col("start").dt.year() <= year) & ~ended)["owner"]
    return tuple(sorted({presence.UNITED_STATES, *found.to_list()}))


@functools.cache
def _rivalries() -> tuple[Ints, ...]:
    return _columns(record.table("rivalries"), "ccode1", "ccode2", "start_year", "end_year")


def rivals(year: int, places: Places) -> Array:
    """1 where two states are strategic rivals (Thompson, Sakuwa & Suhas 2021), else 0."""
    one, two, start, end = _rivalries()
    chosen = (start <= year) & (year <= end)
    one, two = one[chosen], two[chosen]
    ones = np.ones(2 * len(one))
    return places.matrix(np.concatenate([one, two]), np.concatenate([two, one]), ones, empty=0)


@functools.cache
def _disputes() -> tuple[Ints, ...]:
    serious = pl.max_horizontal("hostlev1", "hostlev2") >= SERIOUS
    frame = record.table("dispute_dyads").filter(serious)
    return _columns(frame, "ccode1", "ccode2", "dispnum", "year")


def disputes(year: int, places: Places) -> Array:
    """Serious disputes of each pair in the ten years that end with ``year``, each counted once."""
    one, two, number, when = _disputes()
    chosen = (when > year - DISPUTE_YEARS) & (when <= year)
    once = np.unique(np.stack([one[chosen], two[chosen], number[chosen]]), axis=1)
    pair, count = np.unique(once[0] * CODES + once[1], return_counts=True)
    return places.matrix(pair // CODES, pair % CODES, count.astype(np.float64), empty=0)


@functools.cache
def _victims() -> tuple[Ints, ...]:
    frame = record.table("dispute_dyads").filter(pl.col("hiact1").is_in(VICTIM_ACTIONS))
    return _columns(frame, "ccode1", "ccode2", "year")


def victims(year: int, places: Places, alive: Sequence[int]) -> Array:
    """Other states that each occupied or went to war with in the five years that end with ``year``.

    The threatened state itself is left out, so that a row differs from column to column.

    Parameters
    ----------
    alive : states in the system in ``year``; a victim that had left it before does not count.
    """
    one, two, when = _victims()
    chosen = (when > year - VICTIM_YEARS) & (when <= year) & np.isin(two, alive)
    pair = np.unique(one[chosen] * CODES + two[chosen])
    attacker, count = np.unique(pair // CODES, return_counts=True)
    total = places.vector(attacker, count.astype(np.float64), empty=0)
    struck = places.matrix(pair // CODES, pair % CODES, np.ones(len(pair)), empty=0)
    others: Array = total[:, None] - struck
    return others


@functools.cache
def _possessors() -> tuple[Ints, ...]:
    frame = record.table("nuclear_status").filter(pl.col("status") == POSSESSES)
    return _columns(frame, "ccode", "year")


def nuclear(year: int, places: Places) -> Array:
    """1 where a state has nuclear weapons, else 0; zero before 1945 by fact.

    The source names every possessor: a state that it does not list has none.
    """
    code, when = _possessors()
    return places.vector(code[when == year], np.ones(int((when == year).sum())), empty=0)


@functools.cache
def _democracies() -> Columns:
    frame = record.table("democracy").select("ccode", "year", "v2x_polyarchy").drop_nulls()
    is_democracy = (frame["v2x_polyarchy"] >= DEMOCRATIC).to_numpy().astype(np.float64)
    return (*_columns(frame, "ccode", "year"), is_democracy)


def both_democracies(year: int, places: Places) -> Array:
    """1 where both states score .5 or more on electoral democracy; known where one does not.

    Polity's usual cut of 6 would make Russia of 2005 a democracy, and its threat from the United
    States .01 instead of .02.
    """
    code, when, is_democracy = _democracies()
    chosen = when == year
    one = places.vector(code[chosen], is_democracy[chosen])
    both: Array = np.minimum(one[:, None], one[None, :])
    surely_not = (one[:, None] == 0) | (one[None, :] == 0)
    return np.where(surely_not, 0.0, both)

"""The race by which states win members' places, for a thousand groups at once.

State j reaches the place of member i after an exponential time divided by its likeness to i, and
the first that is free takes it: a draw without replacement in proportion to likeness (Efraimidis &
Spirakis 2006). The times belong to the bloc, not to the year, so that a drawn group stays much
the same from one year to the next and can be followed as the bloc is.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.measures import year_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Narrow = NDArray[np.float32]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

BATCH = 1000
"""Groups drawn and measured at once: memory does not grow with the number of draws."""

HEAT = 250
"""Groups for which places are filled in one random order; so many fit the processor's cache."""

SHORTEST_TIME = 1e-20


@dataclass(frozen=True)
class Race:
    """Random times of every state to every member's place, by batch of draws.

    They depend on the seed, the bloc's ``key``, the member and the batch alone: not on the year,
    the target, the other members, nor on how the work is divided.
    """

    seed: int
    key: str
    batch: int = 0

    def times(self, code: int) -> Narrow:
        """Times of every state that ever was to one member's place; (BATCH, states)."""
        shape = (BATCH, len(year_arrays.every_state()))
        times = self._rng(code, 0).standard_exponential(shape, dtype=np.float32)
        return np.maximum(times, np.float32(SHORTEST_TIME))

    def turns(self, code: int) -> Array:
        """When one member's place is filled, relative to the others; (heats,)."""
        return self._rng(code, 1).random(-(-BATCH // HEAT))

    def _rng(self, code: int, use: int) -> np.random.Generator:
        address = (zlib.crc32(self.key.encode()), self.batch, code, use)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=address))


class Runners:
    """The times of one batch of a race, kept while a bloc is followed through the years.

    Parameters
    ----------
    members : all states whose places will be asked for.
    states : places, among all states that ever were, of those that may run.
    """

    def __init__(self, race: Race, members: Sequence[int], states: Places) -> None:
        self.states = states
        self._row = {code: k for k, code in enumerate(members)}
        self._times = np.empty((len(members), BATCH, len(states)), dtype=np.float32)
        for k, code in enumerate(members):
            self._times[k] = race.times(code)[:, states]
        self._turns = np.stack([race.turns(code) for code in members])

    def run(
        self, codes: Sequence[int], handicap: Narrow, limits: Limits, most: int = BATCH
    ) -> tuple[Places, Flags]:
        """Fill the places of some members in the first ``most`` draws.

        Parameters
        ----------
        handicap : (members, states) by which a state's time is multiplied; infinite where it may
            not run.

        Returns
        -------
        (most, members) winners, as places among all states, and which draws got stuck.
        """
        rows = [self._row[code] for code in codes]
        order = np.argsort(self._turns[rows], axis=0)
        found = np.empty((most, len(codes)), dtype=np.int64)
        stuck = np.zeros(most, dtype=bool)
        for heat in range(-(-most // HEAT)):
            draws = slice(heat * HEAT, min((heat + 1) * HEAT, most))
            tally = _Tally(limits, draws.stop - draws.start)
            for place in order[:, heat]:
                arrival = self._times[rows[place], draws] * handicap[place]
                arrival += tally.closed
                winner = arrival.argmin(axis=1)
                found[draws, place] = winner
                stuck[draws] |= np.isinf(arrival[tally.rows, winner])
                tally.count(winner)
        return self.states[found], stuck


@dataclass(frozen=True)
class Limits:
    """What a group may hold at most of some sets of states: the bloc, then coded coalitions.

    Attributes
    ----------
    names : of the sets.
    sets : (sets, states) who belongs.
    most : members that a group may share with any of them.
    power : (states,) power of the bloc's members, 0 for others.
    most_power : of that power, what a group may hold.
    """

    names: tuple[str, ...]
    sets: Flags
    most: int
    power: Array
    most_power: float

    @functools.cached_property
    def members(self) -> Flags:
        """The sets turned: (states, sets)."""
        return np.ascontiguousarray(self.sets.T)


class _Tally:
    """What the groups of one heat hold so far, and which states are closed to each."""

    def __init__(self, limits: Limits, draws: int) -> None:
        self.limits = limits
        self.rows = np.arange(draws)
        shut = limits.power > limits.most_power
        if not limits.most:
            shut = shut | limits.sets.any(axis=0)
        start = np.where(shut, np.float32(np.inf), np.float32(0))
        self.closed: Narrow = np.tile(start, (draws, 1))
        self._counts = np.zeros((draws, len(limits.sets)), dtype=np.int64)
        self._held = np.zeros(draws)

    def count(self, winner: Places) -> None:
        """Close the winners, and what would now be too much."""
        limits = self.limits
        self.closed[self.rows, winner] = np.inf
        shared = limits.members[winner]
        if not shared.any():
            return
        self._counts += shared
        full = shared & (self._counts >= limits.most)
        rows = np.flatnonzero(full.any(axis=1))
        if len(rows):
            self._close(rows, full[rows] @ limits.sets)
        rows = np.flatnonzero(shared[:, 0])
        if len(rows) and np.isfinite(limits.most_power):
            self._held[rows] += limits.power[winner[rows]]
            left = np.maximum(limits.most_power - self._held[rows], 0.0)
            self._close(rows, limits.power > left[:, None])

    def _close(self, rows: Places, shut: Flags) -> None:
        self.closed[rows] = np.where(shut, np.float32(np.inf), self.closed[rows])

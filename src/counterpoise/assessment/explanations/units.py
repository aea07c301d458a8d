"""The units: a state, a power that it might balance, and a window of some years."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.assessment.explanations import outcome
from counterpoise.assessment.explanations.outcome import LAST_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.assessment.explanations.outcome import AimedPact
    from counterpoise.assessment.explanations.specification import Specification

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

ANCHOR = 1991
"""A window begins here whatever its length, so that no window spans the end of the Cold War."""

EARLIEST = 1821
"""Windows begin here at the earliest: five years of the record come before."""

PERIODS = (1816, 1871, 1916, 1946, 1991)
"""First years of the periods of the system; a spell of a target ends with its period."""


@dataclass(frozen=True, eq=False)
class Units:
    """Rows of the test; every array is (n,).

    Attributes
    ----------
    state, target : COW numbers.
    start : first year of the window.
    exposure : years of the window in which the state existed and the target was a power.
    data_year : year that predictors speak of: the one before the window, or that of the state's
        entry where it is later.
    event : 1 where the state joined a new pact aimed at the target, 0 where not, NaN unknown.
    pact : the first such pact by name, "" without one.
    years : length of a window.
    crowding : ``per target`` or ``per state``, as in the specification.
    new_pacts : by target and window, the new pacts aimed at it, as (pact, year signed).
    """

    state: Ints
    target: Ints
    start: Ints
    exposure: Array
    data_year: Ints
    event: Array
    pact: NDArray[np.str_]
    years: int
    crowding: str
    new_pacts: dict[tuple[int, int], tuple[tuple[str, int], ...]]

    def __len__(self) -> int:
        return len(self.state)

    @property
    def known(self) -> Flags:
        """Is the outcome known?"""
        return np.asarray(~np.isnan(self.event))

    @functools.cached_property
    def period(self) -> Ints:
        """Period of the system that the window begins in, by its first year."""
        return np.array(PERIODS)[np.searchsorted(PERIODS, self.start, side="right") - 1]

    @functools.cached_property
    def spell(self) -> Ints:
        """Target and period in one number: what is left out at a time."""
        return np.asarray(self.target * 10_000 + self.period)

    @functools.cached_property
    def facing(self) -> Ints:
        """Target and window in one number."""
        return np.asarray(self.target * 10_000 + self.start)

    @functools.cached_property
    def base(self) -> Array:
        """What the rate of joining is multiplied by: exposure in windows, per target or state.

        Per target it is divided by the states that face the target, in hundreds: where nothing
        but their number grows, the expected joiners stay the same.
        """
        part = self.exposure / self.years
        if self.crowding == "per state":
            return np.asarray(part)
        _, place, count = np.unique(self.facing, return_inverse=True, return_counts=True)
        return np.asarray(100 * part / count[place])

    @property
    def offset(self) -> Array:
        """Log of ``base``."""
        return np.asarray(np.log(self.base))

    def fold(self, kind: str) -> Ints:
        """Labels of what is left out together: ``spell`` or ``period``."""
        return self.spell if kind == "spell" else self.period

    def within(self, target: int, first: int, last: int) -> Flags:
        """Units of one target whose window has a year between two years."""
        overlaps = (self.start <= last) & (self.start + self.years - 1 >= first)
        return np.asarray((self.target == target) & overlaps)


def starts(years: int) -> range:
    """First years of all windows of a length."""
    return range(EARLIEST + (ANCHOR - EARLIEST) % years, LAST_YEAR + 1, years)


@functools.lru_cache(maxsize=8)
def units(specification: Specification) -> Units:
    """All units under a specification, by window, target and state."""
    joiners, new_pacts = _joiners(specification, outcome.events(specification))
    rows: list[tuple[int, int, int, int, int, float, str]] = []
    for start in starts(specification.years):
        years = _years(start, specification.years)
        alive = {year: _alive(year) for year in years}
        for target in _targets(years, specification.targets):
            faced = [y for y in years if target in outcome.targets(y, specification.targets)]
            for state in sorted(frozenset().union(*alive.values()) - {target}):
                lived = [y for y in faced if state in alive[y]]
                if lived:
                    event, pact = _joined(joiners, state, target, start)
                    entry = min(y for y in years if state in alive[y])
                    known = start - 1 if _existed(state, start - 1) else entry
                    rows.append((state, target, start, len(lived), known, event, pact))
    columns = list(zip(*rows, strict=True))
    whole = [np.array(column, dtype=np.int64) for column in (*columns[:3], columns[4])]
    return Units(
        state=whole[0],
        target=whole[1],
        start=whole[2],
        exposure=np.array(columns[3], dtype=np.float64),
        data_year=whole[3],
        event=_known(np.array(columns[5], dtype=np.float64), specification),
        pact=np.array(columns[6]),
        years=specification.years,
        crowding=specification.crowding,
        new_pacts={key: tuple(sorted(found)) for key, found in new_pacts.items()},
    )


def _known(event: Array, specification: Specification) -> Array:
    return event if specification.unknown == "left out" else np.nan_to_num(event, nan=0.0)


def _years(start: int, length: int) -> range:
    return range(start, min(start + length, LAST_YEAR + 1))


def _targets(years: range, kind: str) -> list[int]:
    return sorted(frozenset().union(*(outcome.targets(y, kind) for y in years)))


@functools.cache
def _alive(year: int) -> frozenset[int]:
    """States of a year; those of the last coded one go on."""
    return frozenset(states.system(min(year, record.coverage("states")[1])))


def _existed(state: int, year: int) -> bool:
    return state in _alive(year)


_Joiners = dict[tuple[int, int, int], dict[str, bool | None]]


def _joiners(
    specification: Specification, found: tuple[AimedPact, ...]
) -> tuple[_Joiners, dict[tuple[int, int], set[tuple[str, int]]]]:
    """By state, target and window: pacts joined, and whether each counts; and the new pacts."""
    joiners: _Joiners = defaultdict(dict)
    new_pacts: dict[tuple[int, int], set[tuple[str, int]]] = defaultdict(set)
    for pact in found:
        counts = pact.counts(specification.outcome, specification.wartime)
        start = window(pact.signed, specification.years)
        if counts:
            new_pacts[pact.target, start].add((pact.pact, pact.signed))
        if counts is not False:
            for state, year in pact.joined:
                entered = window(year, specification.years)
                if entered == start or specification.joining == "acceding":
                    joiners[state, pact.target, entered][pact.pact] = counts
    return joiners, new_pacts


def window(year: int, length: int) -> int:
    """First year of the window that holds a year."""
    return year - (year - ANCHOR) % length


def _joined(joiners: _Joiners, state: int, target: int, start: int) -> tuple[float, str]:
    pacts = joiners.get((state, target, start), {})
    counted = sorted(name for name, counts in pacts.items() if counts)
    if counted:
        return 1.0, counted[0]
    return (float("nan"), "") if pacts else (0.0, "")

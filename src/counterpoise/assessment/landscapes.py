"""Landscapes of alignment from the record: who belongs with whom, who is torn, who is misplaced.

Strengths are per cent of the world's power, so energies are in percent squared.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import states
from counterpoise.blocs import bloc
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import pacts, power
from counterpoise.measures.propensities import Groups, Propensities, propensities
from counterpoise.measures.reach import Reach
from counterpoise.measures.state_sets import StateSet, state_set
from counterpoise.models.inputs import landscape_json
from counterpoise.models.landscape import (
    Landscape,
    LandscapeSolution,
    energy,
    pivots,
    solve,
    switch_changes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from counterpoise.models.landscape_pivots import Pivot

    Array = NDArray[np.float64]
    Sides = NDArray[np.int64]

PER_CENT = 100.0
SHOWN_PIVOTS = 10
DRAWS_PER_DISTANCE = 500


@dataclass(frozen=True)
class Place:
    """One actor in the lowest configuration.

    ``frustrated_share`` is the part of its bonds |s_i s_j p_ij| that the configuration leaves
    frustrated, friends apart or enemies together, in [0, 1]; near .5 it might as well have gone
    the other way. None without bonds. ``switch_cost`` is the rise of the energy if it alone went
    to the other bloc (the best other bloc of several).
    """

    actor: str
    name: str
    strength: float
    bloc: int
    frustrated_share: float | None
    switch_cost: float


@dataclass(frozen=True)
class Camps:
    """An actual pair of camps, held against the landscape.

    ``first`` and ``second`` hold the actors. ``excess`` is its energy less the lowest.
    ``misplaced`` actors would lower its energy by going over alone, with the share of their bonds
    that is frustrated there; ``elsewhere`` are those whose camp is not their bloc in the lowest
    configuration, seen so that most power agrees.
    """

    name: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    energy: float
    excess: float
    misplaced: tuple[tuple[str, float], ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class LandscapeStudy:
    """A landscape solved and read: places, camps, pivots.

    ``states``, ``propensities``, ``power`` and ``left_out`` are None or empty for a user's own
    landscape.
    """

    problem: Landscape
    solution: LandscapeSolution
    places: tuple[Place, ...]
    pivots: tuple[Pivot, ...]
    camps: Camps | None = None
    states: StateSet | None = None
    propensities: Propensities | None = None
    power: str | None = None
    left_out: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What ``landscape --json`` prints; of a user's own figures the solution alone."""
        answer = landscape_json(self.solution)
        if self.propensities is None or self.states is None:
            return answer
        answer["places"] = [vars(place) for place in self.places]
        answer["pivots"] = [vars(pivot) for pivot in self.pivots]
        if self.camps is not None:
            answer["camps"] = vars(self.camps) | {"misplaced": dict(self.camps.misplaced)}
        return answer | _provenance(self.states, self.propensities, self.power, self.left_out)


def _provenance(
    chosen: StateSet, found: Propensities, metric: str | None, left_out: Sequence[str]
) -> dict[str, Any]:
    return {
        "year": found.year,
        "states": chosen.name,
        "power": metric,
        "unit": "per cent of the world's power, squared",
        "weights": found.weights,
        "known_share": {name: found.known_share(name) for name in found.parts},
        "dropped": found.dropped,
        "extended": found.extended,
        "left_out": list(left_out),
    }


def landscape(
    year: int,
    chosen: str = "majors",
    *,
    metric: str = "cinc",
    blocs: int = 2,
    weights: Mapping[str, float] | None = None,
    groups: Sequence[Groups] = (),
    camp: str | None = None,
    extend: bool = False,
    seed: int = 0,
    time_limit: float = 60.0,
) -> LandscapeStudy:
    """The landscape of some states in a year, from the record.

    Parameters
    ----------
    chosen : ``all``, ``majors``, ``P5``, a bloc or a list of states.
    metric : of power, for the strengths.
    blocs : the most blocs allowed.
    weights, groups : see ``measures.propensities``.
    camp : a bloc or list that stood on one side, to hold against the landscape; by default the
        state with the most power bound to it by a duty to defend, and those so bound.
    extend : let a table's last year answer for later ones.
    seed, time_limit : of the search and the proof beyond 28 actors.

    Raises
    ------
    CoverageError : power or every part of the propensities is unknown in the year.
    QuestionError, UnknownNameError : see ``state_set`` and ``propensities``.
    """
    found = state_set(chosen, year, extend=extend)
    share, reach = _shares(metric, year, extend=extend)
    known = [c for c in found.ccodes if c in share]
    if len(known) < 2:
        raise CoverageError(f"Power ({metric}) is known for fewer than two of {chosen} in {year}.")
    bonds = propensities(known, year, weights, groups, extend=extend)
    bonds.extended.update(reach.extended)
    names = states.names()
    problem = Landscape(
        tuple(names.abbreviation(c) for c in known),
        np.array([PER_CENT * share[c] for c in known]),
        bonds.matrix,
    )
    solution = solve(problem, blocs=blocs, seed=seed, time_limit=time_limit)
    sides = np.array(solution.optima[0].sides)
    return LandscapeStudy(
        problem=problem,
        solution=solution,
        places=places(problem, sides, [names.name(c, year) for c in known]),
        pivots=_pivots(problem, solution),
        camps=_camps(problem, sides, known, year, camp) if blocs == 2 else None,
        states=found,
        propensities=bonds,
        power=metric,
        left_out=tuple(names.name(c, year) for c in found.ccodes if c not in share),
    )


def own_landscape(
    problem: Landscape, *, blocs: int = 2, seed: int = 0, time_limit: float = 60.0
) -> LandscapeStudy:
    """A landscape of a user's own figures, solved and read in the same way."""
    solution = solve(problem, blocs=blocs, seed=seed, time_limit=time_limit)
    sides = np.array(solution.optima[0].sides)
    return LandscapeStudy(
        problem, solution, places(problem, sides, problem.actors), _pivots(problem, solution)
    )


def _shares(metric: str, year: int, *, extend: bool) -> tuple[power.Shares, Reach]:
    reach = Reach(extend)
    table = power.metric(metric).table
    answering = reach.year(table, year)
    if answering is None:
        reach.why(metric, table, year)
        raise CoverageError(
            f"Power is unknown: {reach.reasons[metric]}. Ask for another year, another metric "
            "(--power), or carry it forward with --extend."
        )
    return power.shares(metric, answering), reach


def _pivots(problem: Landscape, solution: LandscapeSolution) -> tuple[Pivot, ...]:
    """Pivots are of two blocs; with one actor nobody can be drawn along."""
    if solution.blocs != 2 or len(problem) < 2:
        return ()
    return pivots(problem, solution)


def places(problem: Landscape, sides: Sides, names: Sequence[str]) -> tuple[Place, ...]:
    """Every actor's place in a configuration, in the order of the problem."""
    share, costs = frustrated_shares(problem, sides), _switch_costs(problem, sides)
    return tuple(
        Place(
            actor=actor,
            name=name,
            strength=float(problem.strengths[k]),
            bloc=int(sides[k]),
            frustrated_share=None if np.isnan(share[k]) else float(share[k]),
            switch_cost=float(costs[k]),
        )
        for k, (actor, name) in enumerate(zip(problem.actors, names, strict=True))
    )


def frustrated_shares(problem: Landscape, sides: Sides) -> Array:
    """Part of each actor's bonds that a configuration frustrates, (n,); NaN without bonds."""
    weights = problem.weights
    apart = sides[:, None] != sides[None, :]
    wrong: Array = (np.abs(weights) * (apart == (weights > 0))).sum(axis=1)
    every: Array = np.abs(weights).sum(axis=1)
    return np.divide(wrong, every, out=np.full_like(wrong, np.nan), where=every > 0)


def _switch_costs(problem: Landscape, sides: Sides) -> Array:
    """Rise of the energy if each actor alone went to the best other bloc, a new one included."""
    several = np.maximum(sides, 0)
    changes = switch_changes(problem, several)
    if changes.shape[1] < 2:
        alone = 2 * (problem.weights * (sides[:, None] == sides[None, :])).sum(axis=1)
        return np.asarray(alone)
    changes[np.arange(len(sides)), sides] = np.inf
    return np.asarray(changes.min(axis=1))


def _camps(
    problem: Landscape, lowest: Sides, codes: Sequence[int], year: int, camp: str | None
) -> Camps | None:
    if camp is not None:
        inside = frozenset(bloc(camp, year, extend=True).members)
        name = f"{camp} against the rest"
    else:
        camped = _greatest_camp(problem, codes, year)
        if camped is None:
            return None
        centre, inside = camped
        label = states.names().name(centre, year)
        name = f"{label} and those bound to it by a duty to defend, against the rest"
    first = np.array([c in inside for c in codes])
    if camp is not None and not first.any():
        raise QuestionError(f"None of the members of {camp} in {year} is among the states asked.")
    return held_against(problem, lowest, first, name)


def _greatest_camp(
    problem: Landscape, codes: Sequence[int], year: int
) -> tuple[int, frozenset[int]] | None:
    """The state whose partners in defence hold most strength with it; None without any pact."""
    strength = dict(zip(codes, problem.strengths.tolist(), strict=True))
    best: tuple[float, int, frozenset[int]] | None = None
    for code in codes:
        partners = _defended(code, year)
        if partners is None:
            return None
        camp = (partners | {code}) & strength.keys()
        total = sum(strength[c] for c in camp)
        # The centre is the strongest of equals, so that a camp bears its leader's name.
        if len(camp) > 1 and (
            best is None or (total, strength[code]) > (best[0], strength[best[1]])
        ):
            best = total, code, frozenset(camp)
    return None if best is None else best[1:]


def _defended(state: int, year: int) -> frozenset[int] | None:
    """Partners in a duty to defend on the last day of the year; None where pacts are unknown."""
    book, day = pacts.book(Reach()), dt.date(year, 12, 31)
    if day > book.last_day:
        return None
    found: set[int] = set()
    for pact in book.on(day):
        owing = {d.ccode for d in pact.duties if d.defense}
        if state in pact.members:
            found |= pact.members if state in owing else owing
    return frozenset(found - {state})


def held_against(problem: Landscape, lowest: Sides, first: NDArray[np.bool_], name: str) -> Camps:
    """An actual pair of camps beside the lowest configuration.

    Parameters
    ----------
    lowest : (n,) sides of the lowest configuration.
    first : (n,) who is in the first camp.
    """
    sides = (~first).astype(np.int64)
    actual, least = (float(energy(problem, s)) for s in (sides, lowest))
    share = frustrated_shares(problem, sides)
    differs = sides != lowest
    if problem.strengths[differs].sum() > problem.strengths.sum() / 2:
        differs = ~differs
    names = problem.actors
    worst = sorted((k for k in range(len(names)) if share[k] > 0.5), key=lambda k: -share[k])
    return Camps(
        name=name,
        first=tuple(a for a, inside in zip(names, first, strict=True) if inside),
        second=tuple(a for a, inside in zip(names, first, strict=True) if not inside),
        energy=actual,
        excess=actual - least,
        misplaced=tuple((names[k], float(share[k])) for k in worst),
        elsewhere=tuple(a for a, is_other in zip(names, differs, strict=True) if is_other),
    )


@dataclass(frozen=True)
class Slice:
    """Energies at one distance from the lowest configuration: drawn, or all where few.

    ``distance`` counts the actors that are elsewhere, mirror images the same. The quantiles are
    of the energy over the configurations drawn.
    """

    distance: int
    lowest: float
    low: float
    median: float
    high: float
    is_complete: bool


def slices(problem: Landscape, sides: Sides, seed: int = 0) -> tuple[Slice, ...]:
    """The landscape of two blocs cut at every distance from one configuration.

    Parameters
    ----------
    sides : (n,) the configuration to start from.
    seed : of the configurations drawn at each distance.
    """
    rng = np.random.default_rng(seed)
    n = len(problem)
    found = []
    for distance in range(n // 2 + 1):
        flips, is_complete = _flips(n, distance, rng)
        energies = energy(problem, np.where(flips, 1 - sides, sides))
        low, median, high = (float(q) for q in np.quantile(energies, (0.05, 0.5, 0.95)))
        found.append(Slice(distance, float(energies.min()), low, median, high, is_complete))
    return tuple(found)


def _flips(n: int, distance: int, rng: np.random.Generator) -> tuple[NDArray[np.bool_], bool]:
    """Sets of actors of one size, (m, n): all of them where few, else drawn at random."""
    from itertools import combinations, islice

    every = list(islice(combinations(range(n), distance), DRAWS_PER_DISTANCE + 1))
    is_complete = len(every) <= DRAWS_PER_DISTANCE
    if not is_complete:
        order = rng.random((DRAWS_PER_DISTANCE, n)).argsort(axis=1)
        return order < distance, False
    flips = np.zeros((len(every), n), dtype=bool)
    for row, chosen in enumerate(every):
        flips[row, list(chosen)] = True
    return flips, True


def optimum_distance(one: Sequence[int], two: Sequence[int]) -> int:
    """How many actors two configurations of two blocs put differently; mirror images are one."""
    apart = sum(a != b for a, b in zip(one, two, strict=True))
    return min(apart, len(one) - apart)

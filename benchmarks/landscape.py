"""Landscapes of two blocs: all optima and basins by enumeration, the minimum beyond."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

import dimod
import numpy as np
from benchmarks.case import Case

from counterpoise.models.landscape import Landscape, LandscapeSolution, solve


def problem(n: int) -> Landscape:
    """Real strengths and propensities, drawn with the number of actors as seed."""
    rng = np.random.default_rng(n)
    p = np.triu(rng.normal(size=(n, n)), k=1)
    return Landscape(tuple(f"a{k}" for k in range(n)), rng.lognormal(size=n), p + p.T)


def states(n: int) -> Landscape:
    """As many states, unequal in strength and spread over one dimension, with some noise."""
    rng = np.random.default_rng(n)
    place, noise = rng.normal(size=n), np.triu(rng.normal(0, 0.3, (n, n)), k=1)
    p = 1.2 - np.abs(place[:, None] - place[None, :]) + noise + noise.T
    strengths = rng.lognormal(0, 1.5, n)
    return Landscape(tuple(f"s{k}" for k in range(n)), strengths / strengths.sum(), p)


def with_numpy(which: Landscape) -> tuple[float, dict[int, int]]:
    """Minimum and basins by one table of all configurations, vectorised."""
    n, weights = len(which), which.weights
    codes = np.arange(1 << (n - 1))
    x = 1.0 - 2.0 * np.column_stack([np.zeros(codes.size), codes[:, None] >> np.arange(n - 1) & 1])
    gains = x * (x @ weights)
    energies = (weights.sum() - gains.sum(axis=1)) / 2
    best = gains.argmin(axis=1)
    flips = np.array([codes.size - 1, *(1 << np.arange(n - 1))])
    following = np.where(gains[codes, best] < 0, codes ^ flips[best], codes)
    while (further := following[following]).tolist() != following.tolist():
        following = further
    return float(energies.min()), dict(zip(*np.unique(following, return_counts=True), strict=True))


def with_dimod(which: Landscape) -> float:
    """Minimum by dimod's exact solver, the first actor held."""
    n, weights = len(which), which.weights
    couplings = {(i, j): -weights[i, j] for i, j in combinations(range(1, n), 2)}
    fields = {i: -weights[0, i] for i in range(1, n)}
    lowest = dimod.ExactSolver().sample_ising(fields, couplings).first.energy
    return float(weights.sum() / 2 + lowest)


def same_basins(ours: object, other: object) -> bool:
    """The same minimum and the same sizes of basins."""
    assert isinstance(ours, LandscapeSolution)
    assert isinstance(other, tuple)
    sizes = sorted(o.basin or 0 for o in ours.optima)
    return bool(np.isclose(ours.minimum, other[0])) and sizes == sorted(other[1].values())


def same_minimum(ours: object, other: object) -> bool:
    """The same minimum."""
    assert isinstance(ours, LandscapeSolution)
    return bool(np.isclose(ours.minimum, float(str(other))))


def cases() -> Iterator[Case]:
    """Enumeration against NumPy and dimod where they can, alone beyond."""
    solve(problem(8))
    job = "landscape, all optima and basins"
    for n in (12, 16, 20):
        ours = partial(solve, problem(n))
        size = f"{n} actors"
        yield Case(job, size, ours, "NumPy", partial(with_numpy, problem(n)), same_basins)
        other = partial(with_dimod, problem(n))
        yield Case(job, size, ours, "dimod.ExactSolver (minimum only)", other, same_minimum)
    other = partial(with_dimod, problem(24))
    name = "dimod.ExactSolver (minimum only)"
    yield Case(job, "24 actors", partial(solve, problem(24)), name, other, same_minimum, 2)
    too_large = "none: tables of 2^27 rows"
    yield Case(job, "28 actors", partial(solve, problem(28)), too_large, target_s=30)
    for n in (30, 50):
        ours = partial(solve, states(n))
        yield Case("landscape, minimum proved", f"{n} states", ours, "none of the size")
    ours = partial(solve, states(190), time_limit=10.0)
    yield Case("landscape, annealed with a bound", "190 states, 10 s", ours, "none of the size")

"""Landscapes beyond enumeration: the best configuration found, and a proved bound under it.

The energy of two blocs is 2 Σ_{W<0} W + 2 F, where F is the weight of frustrated ties of the
signed graph with weights W = s_i s_j p_ij: friends apart and enemies together. Simulated annealing
(dwave-samplers) finds good configurations; ``least_frustration`` bounds F from below, and proves
the best one where time allows. With more than two blocs the search is descent from random starts
and the bound covers the cycles with exactly one enmity, which no number of blocs satisfies.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import landscape_kernels as kernels
from counterpoise.models.cycle_cover import CycleCover
from counterpoise.models.frustration import least_frustration
from counterpoise.models.landscape_exact import distinct
from counterpoise.models.landscape_problem import (
    Landscape,
    LandscapeSolution,
    Optimum,
    energy,
    whole_weights,
)
from counterpoise.models.negative_cycles import negative_triangles, violated_triangles
from counterpoise.models.signed_graph import SignedGraph, from_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.scaling import Whole

    Array = NDArray[np.float64]
    Sides = NDArray[np.int8]

MOST_ACTORS = 500
KEPT = 100
"""Local optima listed, the lowest first."""


@dataclass(frozen=True)
class Effort:
    """How long to search and to prove: annealing reads and sweeps, random starts, seconds."""

    reads: int = 50
    sweeps: int = 1_000
    starts: int = 1_000
    time_limit: float = 60.0

    def as_parameters(self) -> dict[str, float]:
        """The settings as numbers, for the result."""
        return {name: float(value) for name, value in vars(self).items()}


def two_blocs_bounded(
    problem: Landscape, *, seed: int = 0, effort: Effort | None = None
) -> LandscapeSolution:
    """Two blocs by annealing, with a proof or a gap.

    Parameters
    ----------
    problem : up to 500 actors.
    seed : of the annealing and of the bound's first directions. The same seed gives the same
        configurations; where the time limit ends the proof, the bound depends on the machine.

    Raises
    ------
    ModelError : too many actors.
    """
    effort = effort or Effort()
    _refuse_large(problem)
    weights, scaled = whole_weights(problem)
    found = _annealed(weights, effort, seed)
    kernels.descend(weights, 2, found)
    graph = from_matrix(problem.actors, problem.weights)
    start = found[int(np.argmin(energy(problem, found)))].astype(np.int64)
    proof = least_frustration(graph, time_limit=effort.time_limit, seed=seed, start=start)
    split = proof.sides.astype(np.int8)[None, :]
    kernels.descend(weights, 2, split)
    return _solution(
        problem,
        2,
        np.concatenate([found, split]),
        scaled,
        lower_bound=_floor(problem) + 2 * proof.lower_bound,
        is_proved=proof.is_proved,
        method=f"annealing; proof: {proof.proof}",
        effort=effort,
        seed=seed,
    )


def several_blocs_bounded(
    problem: Landscape, blocs: int, *, seed: int = 0, effort: Effort | None = None
) -> LandscapeSolution:
    """At most ``blocs`` blocs by steepest descent from random starts, with a gap.

    Raises
    ------
    ModelError : too many actors, or blocs fewer than one or more than 100.
    """
    effort = effort or Effort()
    _refuse_large(problem)
    if not 1 <= blocs <= 100:
        raise ModelError(f"{blocs} blocs: the search takes 1 to 100.")
    weights, scaled = whole_weights(problem)
    rng = np.random.default_rng(seed)
    found = rng.integers(0, blocs, (effort.starts, len(problem)), dtype=np.int8)
    kernels.descend(weights, blocs, found)
    graph = from_matrix(problem.actors, problem.weights)
    bound = _floor(problem) + 2 * _bound_for_blocs(graph, time.perf_counter() + effort.time_limit)
    best = float(energy(problem, found).min())
    return _solution(
        problem,
        blocs,
        found,
        scaled,
        lower_bound=bound,
        is_proved=best - bound <= 1e-9 * float(np.abs(problem.weights).sum()),
        method="descent from random starts; bound: cycles with one enmity",
        effort=effort,
        seed=seed,
    )


def _refuse_large(problem: Landscape) -> None:
    if len(problem) > MOST_ACTORS:
        raise ModelError(f"{len(problem):,} actors; the search takes up to {MOST_ACTORS:,}.")


def _annealed(weights: Array, effort: Effort, seed: int) -> Sides:
    """Configurations of two blocs, (reads, n), that annealing ends at."""
    from dimod import SPIN, BinaryQuadraticModel
    from dwave.samplers import SimulatedAnnealingSampler

    first, second = np.nonzero(np.triu(weights, k=1))
    unit = np.abs(weights).max(initial=0.0) or 1.0
    n = len(weights)
    couplings = (first, second, -weights[first, second] / unit)
    model = BinaryQuadraticModel.from_numpy_vectors(
        np.zeros(n), couplings, 0.0, SPIN, variable_order=list(range(n))
    )
    samples = SimulatedAnnealingSampler().sample(  # type: ignore[no-untyped-call]
        model, num_reads=effort.reads, num_sweeps=effort.sweeps, seed=seed % 2**31
    )
    order = np.argsort(np.array(samples.variables))
    return np.ascontiguousarray(samples.record.sample[:, order] < 0).astype(np.int8)


def _floor(problem: Landscape) -> float:
    """Energy if every pair of friends were together and every pair of enemies apart."""
    return float(np.minimum(problem.weights, 0.0).sum())


def _bound_for_blocs(graph: SignedGraph, deadline: float) -> float:
    """Least weight of frustrated ties with any number of blocs: triangles with one enmity."""
    triangles = negative_triangles(graph)
    triangles = triangles[(graph.weights[triangles] < 0).sum(axis=1) == 1]
    lightest = np.abs(graph.weights)[triangles].min(axis=1, initial=np.inf)
    cover = CycleCover(np.abs(graph.weights))
    while True:
        new = violated_triangles(triangles, lightest, cover.amounts, max(3_000, 2 * graph.ties))
        if not len(new):
            return cover.bound
        cover.add(new)
        if not cover.solve(deadline):
            return cover.bound


def _solution(
    problem: Landscape,
    blocs: int,
    found: Sides,
    scaled: Whole,
    *,
    lower_bound: float,
    is_proved: bool,
    method: str,
    effort: Effort,
    seed: int,
) -> LandscapeSolution:
    sides, _ = distinct(found)
    energies = energy(problem, sides)
    order = sorted(range(len(sides)), key=lambda k: (energies[k], *sides[k]))[:KEPT]
    optima = tuple(
        Optimum(float(energies[k]), tuple(int(s) for s in sides[k]), None) for k in order
    )
    return LandscapeSolution(
        actors=problem.actors,
        blocs=blocs,
        optima=optima,
        lower_bound=optima[0].energy if is_proved else lower_bound,
        is_exact=False,
        is_proved=is_proved,
        is_rounded=not scaled.is_exact,
        method=method,
        parameters=effort.as_parameters(),
        seed=seed,
    )

"""The least frustration of a signed graph, with proof: the line index of balance.

Which split of the nodes in two leaves the least total weight of frustrated ties, friends apart
and enemies together? In a plain signed graph that is the line index of balance (Harary 1959), or
frustration index; Aref, Mason & Wilson (2020) solve it by integer programming on the nodes. Here
the ties that hit every negative cycle are sought first, in the linear relaxation with cycles
added as they are violated: on networks of states its optimum is nearly always whole, and then
proved. Otherwise HiGHS branches on the nodes with the cycles found as extra rows.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import needs_extra
from counterpoise.models.negative_cycles import (
    negative_triangles,
    spanning_sides,
    violated_cycles,
    violated_triangles,
)
from counterpoise.models.signed_graph import SignedGraph, descended, frustration_weight
from counterpoise.models.vector_bound import vector_bound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from counterpoise.models.cycle_cover import CycleCover

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_NODES = 3_000
MOST_TIES = 200_000
MOST_VECTORS = 600
MOST_BRANCHED = 6_000
DENSE = 0.3
"""A graph with more than this share of all possible ties is called dense."""


@dataclass(frozen=True, eq=False)
class Frustration:
    """The best split found, and the proof of how good it is.

    ``weight`` is the total |weight| of its frustrated ties, ``lower_bound`` a proved bound that no
    split goes below; they agree when ``is_proved``, to a billionth of the total |weight|, which in
    whole weights summing to less than a billion is exactly. ``sides`` is (n,), the first node's 0.
    ``proof`` is "nothing is frustrated", "packing of negative cycles", "vectors",
    "branch and bound" or "none: time limit".
    """

    graph: SignedGraph
    weight: float
    lower_bound: float
    sides: Ints
    is_proved: bool
    proof: str
    parameters: Mapping[str, float]
    seed: int

    @property
    def gap(self) -> float:
        """(weight − lower bound) / weight; 0 when proved."""
        return 0.0 if self.is_proved else (self.weight - self.lower_bound) / self.weight


def least_frustration(
    graph: SignedGraph, *, time_limit: float = 60.0, seed: int = 0, start: Ints | None = None
) -> Frustration:
    """The split in two with the least weight of frustrated ties, proved where time allows.

    Parameters
    ----------
    graph : up to 3,000 nodes and 200,000 ties.
    time_limit : seconds; where it ends the search, the answer depends on the machine's speed.
    seed : of the vectors' first directions.
    start : (n,) a split to begin from, if a good one is known.

    Raises
    ------
    ModelError : too large a graph, or a time limit that is not positive.
    MissingExtraError : HiGHS or SciPy is not installed.
    """
    _check(graph, time_limit)
    with needs_extra("The proof of a line index"):
        from counterpoise.models.cycle_cover import CycleCover

        cover = CycleCover(np.abs(graph.weights))
        search = _Search(graph, time.perf_counter() + time_limit, cover)
        search.offer(np.zeros(len(graph.nodes), np.int64) if start is None else np.asarray(start))
        proof = search.run(np.random.default_rng(seed))
    return Frustration(
        graph=graph,
        weight=search.weight,
        lower_bound=search.weight if search.is_closed else search.lower,
        sides=search.sides ^ int(search.sides[0]) if search.sides.size else search.sides,
        is_proved=search.is_closed,
        proof=proof if search.is_closed else "none: time limit",
        parameters={"time_limit": time_limit, "cycles": float(cover.cycles)},
        seed=seed,
    )


def _check(graph: SignedGraph, time_limit: float) -> None:
    if len(graph.nodes) > MOST_NODES or graph.ties > MOST_TIES:
        raise ModelError(
            f"A signed graph of {len(graph.nodes):,} nodes and {graph.ties:,} ties is larger than "
            f"can be proved here: up to {MOST_NODES:,} nodes and {MOST_TIES:,} ties."
        )
    if not time_limit > 0:
        raise ModelError(f"A time limit of {time_limit} seconds leaves no time.")


class _Search:
    """The best split so far and the best bound so far, brought together step by step."""

    def __init__(self, graph: SignedGraph, deadline: float, cover: CycleCover) -> None:
        self.graph, self.deadline, self.cover = graph, deadline, cover
        self.matrix = graph.matrix()
        self.is_whole = bool((graph.weights == np.round(graph.weights)).all())
        self.tolerance = 1e-9 * float(np.abs(graph.weights).sum())
        self.lower, self.weight = 0.0, math.inf
        self.sides = np.zeros(len(graph.nodes), np.int64)

    def run(self, rng: np.random.Generator) -> str:
        """Try one proof after another; the name of the last one tried.

        Vectors bound dense graphs well and cheaply; sparse ones rarely need them.
        """
        n = len(self.graph.nodes)
        is_dense = self.graph.ties > DENSE * n * (n - 1) / 2
        steps: list[tuple[str, Callable[[], None]]] = [
            ("packing of negative cycles", self.bound_from_cycles),
            ("branch and bound", self.branch),
        ]
        tried = 0
        steps.insert(0 if is_dense else 1, ("vectors", lambda: self.bound_from_vectors(rng)))
        for _, step in steps:
            if not self.is_closed:
                step()
                tried += 1
        return steps[tried - 1][0] if tried else "nothing is frustrated"

    @property
    def is_closed(self) -> bool:
        """Whether the bound reaches the best split."""
        return self.lower >= self.weight - self.tolerance

    def offer(self, sides: Ints) -> None:
        """Let single nodes switch from this split, and keep the result if it is the best."""
        better = descended(self.matrix, sides)
        weight = frustration_weight(self.graph, better)
        if weight < self.weight:
            self.weight, self.sides = weight, better

    def raise_bound(self, bound: float) -> None:
        """A proved bound; in whole weights it rounds up."""
        if self.is_whole:
            bound = math.ceil(bound - 1e-6)
        self.lower = max(self.lower, bound)

    def bound_from_cycles(self) -> None:
        """Cover violated negative cycles until none is left, the proof is closed or time is up."""
        triangles = negative_triangles(self.graph)
        lightest = np.abs(self.graph.weights)[triangles].min(axis=1, initial=math.inf)
        most = max(3_000, 2 * self.graph.ties)
        while not self.is_closed and time.perf_counter() < self.deadline:
            amounts = self.cover.amounts
            new: list[tuple[int, ...]] | Ints = violated_triangles(
                triangles, lightest, amounts, most
            )
            if not len(new):
                new = violated_cycles(self.graph, amounts, most, self.deadline)
            if not len(new):
                break
            self.cover.add(new)
            if not self.cover.solve(self.deadline):
                break
            self.raise_bound(self.cover.bound)
            self.offer(spanning_sides(self.graph, self.cover.amounts))

    def bound_from_vectors(self, rng: np.random.Generator) -> None:
        """The semidefinite bound, and the splits that its vectors suggest."""
        if len(self.graph.nodes) <= MOST_VECTORS:
            bound, splits = vector_bound(self.matrix, rng, self.deadline)
            self.raise_bound(bound)
            for sides in splits:
                self.offer(sides)

    def branch(self) -> None:
        """Branch and bound on the nodes, with the cycles that bind as extra rows.

        Not on large dense graphs: HiGHS would spend all time, and more, before its first branch.
        """
        if self.graph.ties > MOST_BRANCHED:
            return
        from counterpoise.models.frustration_branch import branch_and_bound

        sides, bound = branch_and_bound(
            self.graph, self.sides, self.cover.tight(), self.is_whole, self.deadline
        )
        self.raise_bound(bound)
        self.offer(sides)

"""Branch and bound for the least frustration, on the sides of the nodes.

Binary x_i is the side of node i. A tie of friends costs f ≥ |x_i − x_j|, a tie of enemies
f ≥ |x_i + x_j − 1| (the formulation of Aref, Mason & Wilson 2020 with absolute values).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.models.cycle_cover import INFINITE, quiet_highs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from counterpoise.models.signed_graph import SignedGraph

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]


def branch_and_bound(
    graph: SignedGraph, start: Ints, cycles: Sequence[Ints], is_whole: bool, deadline: float
) -> tuple[Ints, float]:
    """The best split that HiGHS finds by the deadline, and its proved bound.

    Parameters
    ----------
    start : (n,) a split to improve on.
    cycles : lists of ties; each must hold a frustrated tie. They sharpen the relaxation.
    is_whole : all weights are whole numbers, so a gap below one is no gap.
    """
    left = deadline - time.perf_counter()
    if left <= 0:
        return start, 0.0
    solver = _model(graph, cycles)
    solver.setOptionValue("time_limit", left)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1 - 1e-4 if is_whole else 1e-9)
    _offer(solver, graph, start)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    bound = float(solver.getInfo().mip_dual_bound)
    sides = values[graph.ties :] > 0.5 if values.size else start
    return np.asarray(sides).astype(np.int64), bound if np.isfinite(bound) else 0.0


def _model(graph: SignedGraph, cycles: Sequence[Ints]) -> Any:
    import highspy

    m, n = graph.ties, len(graph.nodes)
    solver = quiet_highs()
    solver.addVars(m + n, np.zeros(m + n), np.ones(m + n))
    solver.changeColsCost(m, np.arange(m, dtype=np.int32), np.abs(graph.weights))
    solver.changeColsIntegrality(
        n, np.arange(m, m + n, dtype=np.int32), np.full(n, highspy.HighsVarType.kInteger)
    )
    # Mirror images are one split: the busiest node stays on side 0.
    busiest = np.bincount(np.concatenate([graph.first, graph.second]), minlength=n).argmax()
    solver.changeColBounds(int(m + busiest), 0.0, 0.0)
    _add_ties(solver, graph)
    if cycles:
        members = np.concatenate(cycles).astype(np.int32)
        starts = np.cumsum([0, *(c.size for c in cycles[:-1])]).astype(np.int32)
        k = len(cycles)
        solver.addRows(
            k,
            np.ones(k),
            np.full(k, INFINITE),
            members.size,
            starts,
            members,
            np.ones(members.size),
        )
    return solver


def _add_ties(solver: Any, graph: SignedGraph) -> None:
    """Two rows per tie: f + x_i ∓ x_j ≥ 0 or 1, f − x_i ± x_j ≥ 0 or −1."""
    m, enemies = graph.ties, graph.weights < 0
    ends = np.stack([np.arange(m), m + graph.first, m + graph.second], axis=1)
    other = np.where(enemies, 1.0, -1.0)
    one, i = np.ones(m), np.ones(m)
    upper = np.stack([one, i, other], axis=1)
    lower = np.stack([one, -i, -other], axis=1)
    members = np.concatenate([ends, ends]).ravel().astype(np.int32)
    least = np.concatenate([np.where(enemies, 1.0, 0.0), np.where(enemies, -1.0, 0.0)])
    starts = np.arange(0, 6 * m, 3, dtype=np.int32)
    coefficients = np.concatenate([upper, lower]).ravel()
    solver.addRows(2 * m, least, np.full(2 * m, INFINITE), 6 * m, starts, members, coefficients)


def _offer(solver: Any, graph: SignedGraph, sides: Ints) -> None:
    import highspy

    from counterpoise.models.signed_graph import frustrated

    n = len(graph.nodes)
    busiest = np.bincount(np.concatenate([graph.first, graph.second]), minlength=n).argmax()
    solution = highspy.HighsSolution()
    facing = sides ^ sides[busiest]
    solution.col_value = np.concatenate([frustrated(graph, sides), facing]).astype(float).tolist()
    solver.setSolution(solution)

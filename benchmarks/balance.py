"""The line index of balance with proof, against the same solver on the nodes alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import numpy as np
from benchmarks.case import Case

from counterpoise.models.balance import SignedGraph, line_index, null_distribution, shuffled
from counterpoise.models.frustration import Frustration
from counterpoise.models.frustration_branch import branch_and_bound
from counterpoise.models.signed_graph import from_matrix, frustration_weight

PATIENCE_S = 60.0


def blocs(n: int, seed: int) -> SignedGraph:
    """A network like those of states: regional cliques of friends, a tenth of the ties enmities.

    Regions of a dozen are friends inside with chance .9; a third of them rival another region;
    the rest of the enmities fall anywhere.
    """
    rng = np.random.default_rng(seed)
    region = np.arange(n) // 12
    same = region[:, None] == region[None, :]
    matrix = np.where(same & (rng.random((n, n)) < 0.9), 1.0, 0.0)
    for a in range(0, region.max(), 3):
        across = (region[:, None] == a) & (region[None, :] == a + 1)
        matrix[across & (rng.random((n, n)) < 0.2)] = -1.0
    anywhere = rng.random((n, n))
    matrix[anywhere < 0.006] = -1.0
    matrix[anywhere > 0.99] = 1.0
    above = np.triu(matrix, k=1)
    return from_matrix(tuple(f"s{k}" for k in range(n)), above + above.T)


def on_nodes(graph: SignedGraph) -> float:
    """HiGHS on the formulation of Aref, Mason & Wilson (2020), no cycles, from one side for all."""
    deadline = time.perf_counter() + PATIENCE_S
    start = np.zeros(len(graph.nodes), np.int64)
    sides, _ = branch_and_bound(graph, start, [], True, deadline)
    return frustration_weight(graph, sides)


def same_index(ours: object, other: object) -> bool:
    """The same line index; the alternative may run out of patience above it."""
    assert isinstance(ours, Frustration)
    return ours.is_proved and ours.weight == float(str(other))


def several(graphs: list[SignedGraph]) -> list[Frustration]:
    """One after another."""
    return [line_index(graph) for graph in graphs]


def cases() -> Iterator[Case]:
    """One network at three sizes, half a century of them, and shuffled signs."""
    line_index(blocs(24, 0))
    name = f"HiGHS on the nodes (stops at {PATIENCE_S:g} s)"
    for n in (60, 110, 150):
        graph = blocs(n, n)
        size = f"{n} nodes, {graph.ties} ties"
        ours, other = partial(line_index, graph), partial(on_nodes, graph)
        yield Case("line index, proved", size, ours, name, other, same_index)
    windows = [blocs(60 + 2 * k, k) for k in range(51)]
    ties = sum(g.ties for g in windows)
    yield Case(
        "line index, proved", f"51 networks, {ties} ties", partial(several, windows), target_s=10
    )
    graph = shuffled(blocs(110, 110), np.random.default_rng(0))
    null = partial(null_distribution, graph, lambda g: line_index(g).weight, draws=50)
    yield Case("line index of shuffled signs", f"50 draws, {graph.ties} ties", null)

"""Negative cycles of a signed graph: those with an odd number of enemies.

A graph is balanced exactly when it has none (Harary 1953), so the ties to delete for balance are
the ties that hit every negative cycle. A cycle is violated by amounts f_e ≥ 0 when they sum to
less than one along it.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.signed_graph import SignedGraph

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

    Cycle = tuple[int, ...]

MOST_TRIANGLES = 4_000_000
PORTION = 256
"""Nodes from which paths are sought at a time, between two looks at the clock."""
VIOLATION = 1e-6
"""A cycle whose amounts sum to less than 1 − this is violated."""


def tie_numbers(graph: SignedGraph) -> Ints:
    """(n, n) the number of the tie between two nodes, −1 where there is none."""
    numbers = np.full((len(graph.nodes), len(graph.nodes)), -1)
    numbers[graph.first, graph.second] = np.arange(graph.ties)
    numbers[graph.second, graph.first] = np.arange(graph.ties)
    return numbers


def negative_triangles(graph: SignedGraph) -> Ints:
    """Ties of the negative triangles, (t, 3); at most ``MOST_TRIANGLES`` of them."""
    signs, numbers = np.sign(graph.matrix()), tie_numbers(graph)
    found, total = [np.zeros((0, 3), dtype=np.int64)], 0
    low, high = np.minimum(graph.first, graph.second), np.maximum(graph.first, graph.second)
    for tie, (a, b) in enumerate(zip(low, high, strict=True)):
        product = signs[a, b + 1 :] * signs[b, b + 1 :] * signs[a, b]
        third = np.flatnonzero(product < 0) + b + 1
        rest = np.column_stack([numbers[a, third], numbers[b, third]])
        found.append(np.column_stack([np.full(third.size, tie), rest]))
        total += third.size
        if total >= MOST_TRIANGLES:
            break
    return np.concatenate(found)


def violated_triangles(triangles: Ints, lightest: Array, amounts: Array, most: int) -> Ints:
    """The worst violated triangles, (≤ most, 3).

    Worst is the violation times the weight of the lightest tie: what covering the triangle alone
    would add to the bound.

    Parameters
    ----------
    triangles : (t, 3) ties.
    lightest : (t,) least |weight| among the ties of each triangle.
    amounts : (m,) present amounts on the ties.
    """
    lack = 1 - amounts[triangles].sum(axis=1)
    violated = np.flatnonzero(lack > VIOLATION)
    if violated.size > most:
        gain = lack[violated] * lightest[violated]
        violated = np.sort(violated[np.argpartition(-gain, most)[:most]])
    return triangles[violated]


def violated_cycles(
    graph: SignedGraph, amounts: Array, most: int, deadline: float = math.inf
) -> list[Cycle]:
    """Violated cycles of any length: for each node a shortest negative cycle through it.

    In the doubled graph, with a copy of every node for each side, friends join equal sides and
    enemies opposite ones; a path from a node to its other copy is a negative closed walk.
    """
    from scipy.sparse.csgraph import dijkstra

    n = len(graph.nodes)
    doubled, numbers = _doubled(graph, amounts), tie_numbers(graph)
    found: set[Cycle] = set()
    for first in range(0, n, PORTION):
        nodes = np.arange(first, min(n, first + PORTION))
        distances, before = dijkstra(
            doubled, indices=nodes, return_predecessors=True, limit=1 - VIOLATION / 2
        )
        for row, node in enumerate(nodes.tolist()):
            if distances[row, n + node] < 1 - VIOLATION:
                found.add(tuple(sorted(_first_cycle(before[row], node, n, numbers))))
        if len(found) >= most or time.perf_counter() > deadline:
            break
    return sorted(found)


def _doubled(graph: SignedGraph, amounts: Array) -> object:
    from scipy.sparse import csr_array

    n = len(graph.nodes)
    crossing = np.where(graph.weights < 0, n, 0)
    a = np.concatenate([graph.first, graph.first + n])
    b = np.concatenate([graph.second + crossing, graph.second + n - crossing])
    # A small cost per tie keeps free ties in the graph and prefers short cycles.
    costs = np.tile(np.maximum(amounts, 0) + 1e-9, 2)
    return csr_array(
        (np.tile(costs, 2), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(2 * n, 2 * n)
    )


def _first_cycle(before: Ints, start: int, n: int, numbers: Ints) -> list[int]:
    """Ties of the first cycle on the path from ``start`` to its other copy, read backwards.

    A shortest path never returns to the same copy, so the first node to come twice comes on both
    sides: what lies between is a negative cycle.
    """
    place, ties = start + n, []
    seen = {start: 0}
    while True:
        previous = int(before[place])
        ties.append(int(numbers[place % n, previous % n]))
        if previous % n in seen:
            return ties[seen[previous % n] :]
        seen[previous % n] = len(ties)
        place = previous


def spanning_sides(graph: SignedGraph, amounts: Array) -> Ints:
    """Sides (n,) that satisfy every tie of a spanning forest with the least total amount."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import (
        breadth_first_order,
        connected_components,
        minimum_spanning_tree,
    )

    n, numbers = len(graph.nodes), tie_numbers(graph)
    weights = np.abs(graph.weights)
    # Among equal amounts heavy ties come first; a cost of zero would not be an edge at all.
    costs = np.maximum(amounts, 0) + 1e-6 * (2 - weights / weights.max(initial=1e-300))
    forest = minimum_spanning_tree(csr_array((costs, (graph.first, graph.second)), shape=(n, n)))
    sides = np.zeros(n, dtype=np.int64)
    _, label = connected_components(forest, directed=False)
    for root in np.unique(label, return_index=True)[1]:
        order, before = breadth_first_order(forest, root, directed=False)
        for node in order[1:]:
            parent = before[node]
            sides[node] = sides[parent] ^ int(graph.weights[numbers[parent, node]] < 0)
    return sides

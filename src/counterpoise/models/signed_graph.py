"""Signed graphs: ties of friends and enemies, and what a split in two leaves frustrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SignedGraph:
    """Nodes and signed ties.

    Parameters
    ----------
    nodes : n different names.
    first, second : (m,) places of the two ends of each tie in ``nodes``.
    weights : (m,) positive for friends, negative for enemies; ±1 in a plain signed graph.

    Raises
    ------
    ModelError : a tie of a node with itself, two ties of one pair, a weight that is zero or not
        finite, or a place outside ``nodes``.
    """

    nodes: tuple[str, ...]
    first: Ints
    second: Ints
    weights: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        for name, kind in (("first", np.int64), ("second", np.int64), ("weights", float)):
            array = np.array(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        _check(self)

    @property
    def ties(self) -> int:
        """Number of ties, m."""
        return int(self.weights.size)

    @property
    def signs(self) -> Array:
        """(m,) +1 or −1."""
        return np.sign(self.weights)

    def matrix(self) -> Array:
        """(n, n) symmetric weights, 0 where there is no tie."""
        full = np.zeros((len(self.nodes), len(self.nodes)))
        full[self.first, self.second] = full[self.second, self.first] = self.weights
        return full


def _check(graph: SignedGraph) -> None:
    n = len(graph.nodes)
    if len(set(graph.nodes)) != n:
        raise ModelError("Two nodes of a signed graph have the same name.")
    if not graph.first.shape == graph.second.shape == graph.weights.shape:
        raise ModelError("A signed graph needs two ends and one weight for every tie.")
    ends = np.stack([graph.first, graph.second])
    if ends.size and (ends.min() < 0 or ends.max() >= n):
        raise ModelError(f"A tie ends outside the {n} nodes.")
    for k in np.flatnonzero(graph.first == graph.second)[:1]:
        raise ModelError(f"{graph.nodes[graph.first[k]]} is tied to itself.")
    for k in np.flatnonzero(~np.isfinite(graph.weights) | (graph.weights == 0))[:1]:
        raise ModelError(f"The tie {_pair(graph, k)} has the weight {graph.weights[k]:g}.")
    keys = ends.min(axis=0) * n + ends.max(axis=0)
    _, at, counts = np.unique(keys, return_index=True, return_counts=True)
    for k in at[counts > 1][:1]:
        raise ModelError(f"The tie {_pair(graph, k)} is given twice.")


def _pair(graph: SignedGraph, k: int) -> str:
    return f"{graph.nodes[graph.first[k]]}–{graph.nodes[graph.second[k]]}"


def from_matrix(nodes: tuple[str, ...], weights: Array) -> SignedGraph:
    """The signed graph of a symmetric matrix; zeros are no tie, the diagonal is ignored."""
    above = np.triu(weights, k=1)
    first, second = np.nonzero(above)
    return SignedGraph(nodes, first, second, above[first, second])


def frustrated(graph: SignedGraph, sides: Ints) -> Flags:
    """(m,) ties that a split puts wrong: friends apart, enemies together."""
    together = np.where(sides[graph.first] == sides[graph.second], 1, -1)
    return np.asarray(graph.weights * together < 0)


def frustration_weight(graph: SignedGraph, sides: Ints) -> float:
    """Total |weight| of the frustrated ties of a split into sides (n,) 0 and 1."""
    return float(np.abs(graph.weights[frustrated(graph, sides)]).sum())


def descended(matrix: Array, sides: Ints) -> Ints:
    """Switch single nodes, the best first, while that lowers the frustration.

    Parameters
    ----------
    matrix : (n, n) symmetric weights, zero diagonal.
    sides : (n,) 0 and 1 to start from.
    """
    x = 1.0 - 2.0 * sides
    bonds = matrix @ x
    slack = 1e-12 * np.abs(matrix).sum(axis=1).max(initial=0.0)
    while True:
        gains = x * bonds
        worst = int(gains.argmin())
        if gains[worst] >= -slack:
            return (x < 0).astype(np.int64)
        bonds -= 2 * x[worst] * matrix[worst]
        x[worst] = -x[worst]

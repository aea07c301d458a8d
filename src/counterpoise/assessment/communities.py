"""Communities of a weighted network by the Louvain method, on dense arrays.

Blondel, Guillaume, Lambiotte & Lefebvre (2008), with the resolution of Reichardt & Bornholdt
(2006). The networks here have at most some two hundred states, so rows of the matrix are used
whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

GAIN = 1e-12


def modularity(weights: Array, labels: Ints, resolution: float = 1.0) -> float:
    """Newman's modularity of a partition.

    Parameters
    ----------
    weights : (n, n) symmetric, not negative.
    labels : (n,) community of each node.
    """
    total = weights.sum()
    if total <= 0:
        return 0.0
    strength = weights.sum(axis=1)
    same = labels[:, None] == labels[None, :]
    expected = resolution * np.outer(strength, strength) / total
    return float((weights - expected)[same].sum() / total)


def communities(
    weights: Array, rng: np.random.Generator, resolution: float = 1.0
) -> list[list[int]]:
    """Partition that greedily maximises modularity; each community's nodes sorted, largest first.

    Parameters
    ----------
    weights : (n, n) symmetric, not negative; the diagonal is ignored.
    rng : decides the order in which nodes are visited.
    """
    matrix = weights.astype(float).copy()
    np.fill_diagonal(matrix, 0.0)
    labels = np.arange(len(matrix))
    merged = matrix
    while merged.sum() > 0:
        moved = _moved(merged, rng, resolution)
        names, moved = np.unique(moved, return_inverse=True)
        labels = moved[labels]
        if len(names) == len(merged):
            break
        member = np.eye(len(names))[moved]
        merged = member.T @ merged @ member
    found = [np.flatnonzero(labels == k).tolist() for k in np.unique(labels)]
    return sorted(found, key=lambda nodes: (-len(nodes), nodes))


def _moved(weights: Array, rng: np.random.Generator, resolution: float) -> Ints:
    """Move nodes one by one to the neighbouring community that gains most, until none does."""
    n = len(weights)
    labels = np.arange(n)
    strength = weights.sum(axis=1)
    total = weights.sum()
    inside = strength.copy()
    own = np.diag(weights)
    moving = True
    while moving:
        moving = False
        for node in rng.permutation(n):
            here = labels[node]
            inside[here] -= strength[node]
            links = np.bincount(labels, weights=weights[node], minlength=n)
            links[here] -= own[node]
            gain = links - resolution * strength[node] * inside / total
            gain[links <= 0] = -np.inf
            gain[here] = links[here] - resolution * strength[node] * inside[here] / total
            best = int(gain.argmax())
            if gain[best] > gain[here] + GAIN * total:
                labels[node], moving = best, True
            inside[labels[node]] += strength[node]
    return labels

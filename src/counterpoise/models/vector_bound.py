"""A bound on frustration from unit vectors in place of sides, and good splits from them.

Relaxing sides ±1 to unit vectors gives the semidefinite bound of Goemans & Williamson (1995). The
vectors are found one at a time, each turned to where its neighbours pull it (the coordinate
method of Burer & Monteiro type). Their pulls d give the certificate: when Diag(d) − W is
positive semidefinite, x'Wx ≤ Σ d for every split, and where it is not quite, its least
eigenvalue says by how much to raise d. So the bound holds whether or not the search converged.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

SWEEPS = 400
CHECK = 20
"""Sweeps between two looks at the certificate."""
ROUNDINGS = 50


def vector_bound(
    matrix: Array, rng: np.random.Generator, deadline: float
) -> tuple[float, list[Ints]]:
    """A proved lower bound on the weight of frustrated ties, and splits cut from the vectors.

    Parameters
    ----------
    matrix : (n, n) symmetric signed weights, zero diagonal.
    deadline : of ``time.perf_counter``; the best certificate so far is used.
    """
    n = len(matrix)
    vectors = rng.normal(size=(n, math.ceil(math.sqrt(2 * n)) + 1))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    total, best = np.abs(matrix).sum() / 2, math.inf
    for _ in range(0, SWEEPS, CHECK):
        for _ in range(CHECK):
            _turn(matrix, vectors)
        ceiling = _certified(matrix, vectors)
        settled = ceiling > best - 1e-6 * total
        best = min(best, ceiling)
        if settled or time.perf_counter() > deadline:
            break
    return float(max(0.0, total / 2 - best / 4)), list(_cut(vectors, rng))


def _turn(matrix: Array, vectors: Array) -> None:
    for i, row in enumerate(matrix):
        pull = row @ vectors
        length = math.sqrt(pull @ pull)
        if length > 0:
            vectors[i] = pull / length


def _certified(matrix: Array, vectors: Array) -> float:
    """An upper bound on x'Wx over sides x = ±1."""
    pulls = np.linalg.norm(matrix @ vectors, axis=1)
    excess = np.linalg.eigvalsh(matrix - np.diag(pulls))[-1]
    rounding = 1e-13 * len(matrix) * np.abs(matrix).sum(axis=1).max()
    return float(pulls.sum() + len(matrix) * (max(excess, 0.0) + rounding))


def _cut(vectors: Array, rng: np.random.Generator) -> Iterator[Ints]:
    """Splits by random planes through the origin."""
    for plane in rng.normal(size=(ROUNDINGS, vectors.shape[1])):
        yield (vectors @ plane < 0).astype(np.int64)

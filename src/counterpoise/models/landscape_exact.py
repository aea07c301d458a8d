"""Landscapes by complete enumeration: every local optimum, and how much leads to it.

Two blocs: the successor of each of the 2^(n−1) configurations under steepest descent is found in
Gray code; pointers are then doubled until each names its optimum. Every successor has strictly
less energy in exact whole numbers, so no path closes on itself, and a path of length l ends after
at most log2 l + 1 rounds. Memory is four bytes per configuration: 512 MB for 28 actors.

Several blocs: every partition into at most k blocs descends by itself.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError
from counterpoise.models import landscape_kernels as kernels
from counterpoise.models.landscape_problem import (
    Landscape,
    LandscapeSolution,
    Optimum,
    whole_weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from counterpoise.models.scaling import Whole

    Array = NDArray[np.float64]
    Sides = NDArray[np.int8]

MOST_ACTORS = 28
MOST_OPTIMA = 100_000
"""A landscape with more local optima is flat: nearly nothing in it distinguishes actors."""
MOST_PARTITIONS = 5_000_000
PARTS = 16
"""The enumeration is cut into this many parts, whatever the number of workers."""


def two_blocs(problem: Landscape, *, workers: int | None = None) -> LandscapeSolution:
    """Every local optimum of two blocs, mirror images counted once, and its basin.

    Parameters
    ----------
    problem : up to 28 actors.
    workers : threads; all processors by default. The answer does not depend on it.

    Raises
    ------
    ModelError : too many actors, or a landscape so flat that its optima cannot be listed.
    """
    n = len(problem)
    if n > MOST_ACTORS:
        raise ModelError(
            f"{n} actors have 2^{n - 1} configurations; enumeration goes to {MOST_ACTORS} actors. "
            "Use the proved or the annealed solution."
        )
    weights, scaled = whole_weights(problem)
    codes, basins = _basins(padded(64 * weights), workers)
    optima = _listed(weights, scaled, _decoded(codes, n), basins)
    return _exact(problem, 2, optima, scaled, "enumeration in Gray code")


def padded(weights: Array) -> Array:
    """Rows filled with zeros to a whole number of vector registers."""
    n = len(weights)
    return np.pad(weights, ((0, 0), (0, -n % 4)))


def parts(total: int) -> Iterator[tuple[int, int]]:
    """Starts and lengths of equal parts of an enumeration of ``total`` (a power of two)."""
    size = max(1, total // PARTS)
    return ((start, size) for start in range(0, total, size))


def pool(workers: int | None) -> ThreadPoolExecutor:
    """Threads for compiled loops, which release the interpreter's lock."""
    return ThreadPoolExecutor(workers or os.cpu_count() or 1)


def _basins(bonds: Array, workers: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes of the local optima in order, and the sizes of their basins."""
    total = 1 << (len(bonds) - 1)
    following = np.empty(total, dtype=np.int32)
    pieces = list(parts(total))

    def steepest(piece: tuple[int, int]) -> int:
        return int(kernels.steepest(bonds, piece[0], piece[1], following))

    def shorten(piece: tuple[int, int]) -> int:
        return int(kernels.shorten(following, piece[0], sum(piece)))

    def count(piece: tuple[int, int]) -> NDArray[np.int64]:
        sizes = np.zeros(codes.size, dtype=np.int64)
        kernels.count_marks(following, piece[0], sum(piece), sizes)
        return sizes

    with pool(workers) as threads:
        _refuse_flat(sum(threads.map(steepest, pieces)), total)
        codes = np.flatnonzero(following < 0)
        following[codes] = -1 - np.arange(codes.size)
        while sum(threads.map(shorten, pieces)):
            pass
        return codes, sum(threads.map(count, pieces), np.zeros(codes.size, dtype=np.int64))


def _refuse_flat(found: int, total: int) -> None:
    if found > MOST_OPTIMA:
        raise ModelError(
            f"The landscape is flat: {found:,} of its {total:,} configurations are local optima, "
            f"more than the {MOST_OPTIMA:,} that are listed. Are most propensities zero?"
        )


def _decoded(codes: NDArray[np.int64], n: int) -> Sides:
    """Blocs 0 and 1 of configurations, (m, n); actor 0 is always in bloc 0."""
    bits = codes[:, None] >> np.arange(n - 1)[None, :] & 1
    return np.concatenate([np.zeros((codes.size, 1), np.int64), bits], axis=1).astype(np.int8)


def _listed(
    weights: Array, scaled: Whole, sides: Sides, basins: NDArray[np.int64]
) -> tuple[Optimum, ...]:
    energies = whole_energies(weights, sides)
    order = sorted(range(len(sides)), key=lambda k: (energies[k], *sides[k]))
    return tuple(
        Optimum(scaled.amount(energies[k]), tuple(int(s) for s in sides[k]), int(basins[k]))
        for k in order
    )


def whole_energies(weights: Array, sides: Sides) -> Array:
    """Energies of configurations (m, n) in whole numbers, before the scale is taken out."""
    total = np.full(len(sides), weights.sum())
    for bloc in range(int(sides.max()) + 1):
        inside = (sides == bloc).astype(float)
        total -= ((inside @ weights) * inside).sum(axis=1)
    return total


def _exact(
    problem: Landscape, blocs: int, optima: tuple[Optimum, ...], scaled: Whole, method: str
) -> LandscapeSolution:
    return LandscapeSolution(
        actors=problem.actors,
        blocs=blocs,
        optima=optima,
        lower_bound=optima[0].energy,
        is_exact=True,
        is_proved=True,
        is_rounded=not scaled.is_exact,
        method=method,
        parameters={"configurations": float(sum(o.basin or 0 for o in optima))},
        seed=None,
    )


def partitions_count(n: int, blocs: int) -> int:
    """Number of ways to part n actors into at most ``blocs`` blocs (sum of Stirling numbers)."""
    row = [1] + [0] * blocs
    for _ in range(n):
        row = [0] + [k * row[k] + row[k - 1] for k in range(1, blocs + 1)]
    return sum(row)


def partitions(n: int, blocs: int) -> Sides:
    """Every partition of n actors into at most ``blocs`` blocs, (m, n), blocs by first member."""
    rows, used = np.zeros((1, 1), np.int8), np.ones(1, np.int8)
    for _ in range(n - 1):
        choices = np.minimum(used + 1, blocs)
        parent = np.repeat(np.arange(len(rows)), choices)
        start = np.cumsum(choices, dtype=np.int64) - choices
        side = (np.arange(len(parent)) - start[parent]).astype(np.int8)
        rows = np.column_stack([rows[parent], side])
        used = np.maximum(used[parent], side + 1).astype(np.int8)
    return rows


def several_blocs(
    problem: Landscape, blocs: int, *, workers: int | None = None
) -> LandscapeSolution:
    """Every local optimum of at most ``blocs`` blocs, and its basin.

    A switch takes one actor to another bloc or, where fewer than ``blocs`` are in use, to a new
    one. Basins sum to the number of partitions.

    Parameters
    ----------
    blocs : at least 1; ``len(problem)`` allows any partition.

    Raises
    ------
    ModelError : more than five million partitions, or fewer than one bloc.
    """
    n = len(problem)
    if blocs < 1:
        raise ModelError(f"{blocs} blocs: there must be at least one.")
    blocs = min(blocs, n)
    if (total := partitions_count(n, blocs)) > MOST_PARTITIONS:
        raise ModelError(
            f"{n} actors have {total:,} partitions into at most {blocs} blocs; enumeration goes "
            f"to {MOST_PARTITIONS:,}. Use the search from random starts."
        )
    weights, scaled = whole_weights(problem)
    ends = partitions(n, blocs)
    with pool(workers) as threads:
        pieces = np.array_split(ends, PARTS)
        list(threads.map(lambda piece: kernels.descend(weights, blocs, piece), pieces))
    sides, basins = distinct(ends)
    _refuse_flat(len(sides), total)
    return _exact(
        problem, blocs, _listed(weights, scaled, sides, basins), scaled, "enumeration of partitions"
    )


def distinct(sides: Sides) -> tuple[Sides, NDArray[np.int64]]:
    """Different rows and how often each occurs."""
    packed = np.ascontiguousarray(sides).view(np.dtype((np.void, sides.shape[1]))).ravel()
    _, first, counts = np.unique(packed, return_index=True, return_counts=True)
    return sides[first], counts

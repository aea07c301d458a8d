"""How alike two states' positions are: S, Cohen's kappa, Scott's pi, tau-b and A.

All are read from one table per pair: how often the first state took a level where the second took
a level. Disagreement D is the mean distance between the two; chance disagreement E is what their
own habits alone would give, were they to choose independently of each other. With M the largest
distance, S = 1 − 2 D / M, kappa = 1 − D / E and A = S − (1 − 2 E / M). Pi is kappa with the pooled
habits of both.

``similarity`` takes two vectors; :mod:`counterpoise.measures.similarity_years` all pairs of states.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

Distance = Literal["absolute", "squared", "nominal"]
MEASURES = ("s", "s_squared", "kappa", "kappa_binary", "pi", "pi_squared", "tau_b", "a")


@dataclass(frozen=True, eq=False)
class Crossed:
    """Tables of many pairs of states at once.

    Attributes
    ----------
    counts : (levels, levels, pairs) how often the first state took the level of the row where the
        second took that of the column; with weights, the sum of the cases' weights.
    levels : (levels,) values, rising.
    """

    counts: Array
    levels: Array

    @functools.cached_property
    def cases(self) -> Array:
        """(pairs,) cases on which both states took a position."""
        return np.asarray(self.counts.sum(axis=(0, 1)))

    @functools.cached_property
    def habits(self) -> tuple[Array, Array]:
        """Two arrays (levels, pairs): the share of its cases in which each state took a level."""
        with np.errstate(invalid="ignore"):
            return (
                self.counts.sum(axis=1) / self.cases,
                self.counts.sum(axis=0) / self.cases,
            )

    def binary(self) -> Crossed:
        """The same with all levels above the lowest taken together, as 0 and 1."""
        rows = np.stack([self.counts[0], self.counts[1:].sum(axis=0)])
        both = np.stack([rows[:, 0], rows[:, 1:].sum(axis=1)], axis=1)
        return Crossed(both, np.array([0.0, 1.0]))


def distances(levels: Array, kind: Distance) -> Array:
    """Distance between any two levels, (levels, levels).

    Raises
    ------
    DataError : no such kind.
    """
    if kind not in get_args(Distance):
        raise DataError(f'Unknown distance "{kind}". Known: {", ".join(get_args(Distance))}')
    gap = np.abs(np.subtract.outer(levels, levels))
    if kind == "squared":
        return np.asarray(gap**2)
    return np.asarray(gap) if kind == "absolute" else (gap > 0).astype(float)


def s(tables: Crossed, kind: Distance = "absolute") -> Array:
    """S of each pair, from −1 (as far apart as can be) to 1; NaN without a common case.

    With counts that are sums of weights it is the weighted S.

    Source: Signorino & Ritter (1999); squared distances, Häge (2011).
    """
    distance = distances(tables.levels, kind)
    return _one_less(2 * _observed(tables, distance), np.asarray(distance.max()))


def kappa(tables: Crossed, kind: Distance = "squared") -> Array:
    """Cohen's kappa of each pair, at most 1; NaN where both took one and the same level throughout.

    Source: Cohen (1968), weighted; squared distances as in Häge (2011), who writes 0 where it is
    undefined.
    """
    distance = distances(tables.levels, kind)
    return _one_less(_observed(tables, distance), _chance(*tables.habits, distance))


def pi(tables: Crossed, kind: Distance = "nominal") -> Array:
    """Scott's pi of each pair, at most 1; NaN where both took one and the same level throughout.

    Source: Scott (1955) for nominal levels, Häge (2011) for squared distances.
    """
    distance = distances(tables.levels, kind)
    one, two = tables.habits
    pooled = (one + two) / 2
    return _one_less(_observed(tables, distance), _chance(pooled, pooled, distance))


def alignment_index(tables: Crossed, kind: Distance = "absolute") -> Array:
    """A of each pair: S less the S of two states with the same habits that choose independently.

    Source: Benati & Capurri (2026).
    """
    distance = distances(tables.levels, kind)
    beyond = _chance(*tables.habits, distance) - _observed(tables, distance)
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * beyond / distance.max())


def tau_b(tables: Crossed) -> Array:
    """Kendall's tau-b of each pair, in [−1, 1]; NaN where either took one level throughout.

    Source: Kendall (1945); Bueno de Mesquita (1975) for alliances.
    """
    counts = tables.counts
    later = counts.copy()
    for row in range(len(counts) - 2, -1, -1):
        later[row] += later[row + 1]
    right, left = later, later.copy()
    for column in range(1, len(counts)):
        left[:, column] += left[:, column - 1]
    for column in range(len(counts) - 2, -1, -1):
        right[:, column] += right[:, column + 1]
    agreeing = (counts[:-1, :-1] * right[1:, 1:]).sum(axis=(0, 1))
    opposed = (counts[:-1, 1:] * left[1:, :-1]).sum(axis=(0, 1))
    cases = tables.cases
    untied = [(cases**2 - (counts.sum(axis=side) ** 2).sum(axis=0)) / 2 for side in (1, 0)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((agreeing - opposed) / np.sqrt(untied[0] * untied[1]))


def similarity(
    a: ArrayLike | Iterable[float | None],
    b: ArrayLike | Iterable[float | None],
    levels: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> dict[str, float]:
    """How alike two records of positions are, by eight measures.

    Parameters
    ----------
    a, b : (cases,) what each of the two did in each case, as numbers; a case that either lacks
        (NaN, None) is left out.
    levels : all values that could have occurred, such as ``[0, 1, 2, 3]``; by default those that
        did. Only S and A depend on values that did not occur.
    weights : (cases,) how much each case counts in S, such as the power of the third state. They
        enter ``s`` and ``s_squared`` alone; the other measures count each case once, as published.

    Returns
    -------
    ``s``, ``s_squared`` : Signorino & Ritter (1999), absolute and squared distances.
    ``kappa`` : Cohen's kappa with squared distances (Häge 2011).
    ``kappa_binary`` : kappa of any level above the lowest against the lowest.
    ``pi``, ``pi_squared`` : Scott's pi, nominal (1955) and with squared distances (Häge 2011).
    ``tau_b`` : Kendall's tau-b.
    ``a`` : S less what chance gives (Benati & Capurri 2026).
    NaN where a measure is undefined.

    Raises
    ------
    DataError : vectors of different lengths, values that are not among the levels, weights that
        are negative or all zero.

    Examples
    --------
    >>> import counterpoise as cp
    >>> germany, russia = [3, 0, 0, 0, 3], [0, 3, 1, 3, 0]
    >>> round(cp.similarity(germany, russia, levels=range(4))["s"], 3)
    -0.733
    """
    one, two = _vector(a, "The first vector"), _vector(b, "The second vector")
    if len(one) != len(two):
        raise DataError(f"The vectors differ in length: {len(one)} and {len(two)} cases.")
    known = ~(np.isnan(one) | np.isnan(two))
    weight = None if weights is None else _weights(weights, len(one))[known]
    values = _levels(levels, one[known], two[known])
    table = crossed(one[known], two[known], values)
    weighed = table if weight is None else crossed(one[known], two[known], values, weight)
    found = {
        "s": s(weighed),
        "s_squared": s(weighed, "squared"),
        "kappa": kappa(table),
        "kappa_binary": kappa(table.binary()),
        "pi": pi(table),
        "pi_squared": pi(table, "squared"),
        "tau_b": tau_b(table),
        "a": alignment_index(table),
    }
    return {name: float(value[0]) for name, value in found.items()}


def crossed(one: Array, two: Array, levels: Array, weights: Array | None = None) -> Crossed:
    """The table of one pair from its two vectors, all values among the levels."""
    size = len(levels)
    cell = np.searchsorted(levels, one) * size + np.searchsorted(levels, two)
    counts = np.bincount(cell, weights=weights, minlength=size * size)
    return Crossed(counts.astype(float).reshape(size, size, 1), levels)


def _observed(tables: Crossed, distance: Array) -> Array:
    """Mean distance between the two states, (pairs,); NaN without a case."""
    total = np.tensordot(distance, tables.counts, axes=2)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / tables.cases)


def _chance(one: Array, two: Array, distance: Array) -> Array:
    """Mean distance were the two independent, from their habits (levels, pairs)."""
    return np.asarray((one * (distance @ two)).sum(axis=0))


def _one_less(part: Array, whole: Array) -> Array:
    """1 − part / whole, NaN where the whole is nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(whole > 0, 1 - part / whole, np.nan))


def _vector(given: ArrayLike | Iterable[float | None], what: str) -> Array:
    plain: Any = given if hasattr(given, "__array__") else list(given)  # type: ignore[arg-type]
    try:
        found = np.asarray(plain, dtype=float)
    except (TypeError, ValueError):
        raise DataError(f"{what} holds something that is not a number.") from None
    if found.ndim != 1:
        raise DataError(f"{what} has shape {found.shape}: give one value per case.")
    return found


def _weights(given: ArrayLike, cases: int) -> Array:
    found = _vector(given, "The weights")
    if len(found) != cases:
        raise DataError(f"There are {len(found)} weights for {cases} cases.")
    if np.isnan(found).any() or (found < 0).any() or not found.any():
        raise DataError("Weights must be numbers of zero or more, and not all zero.")
    return found


def _levels(given: ArrayLike | None, one: Array, two: Array) -> Array:
    taken = np.unique(np.concatenate([one, two]))
    if given is None:
        return taken if len(taken) else np.array([0.0])
    found = np.unique(_vector(given, "The levels"))
    if len(found) < 2:
        raise DataError("Give at least two levels, or none to use those that occur.")
    strange = np.setdiff1d(taken, found)
    if len(strange):
        listed = ", ".join(f"{value:g}" for value in strange)
        raise DataError(
            f"Values that are not among the levels {', '.join(f'{v:g}' for v in found)}: {listed}."
        )
    return found

"""Covariance of estimates whose units depend on each other: by cluster, and by shared member.

Two pairs of states that share a state are not independent: what one state does with all its
partners hangs together. The dyadic covariance lets every two units correlate that have a member
in common, whatever their years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Robust:
    """A robust covariance, (k, k).

    ``groups`` counts the clusters, or the members of dyads. ``repaired`` says that the sum was no
    covariance and its negative eigenvalues were set to zero (Cameron, Gelbach & Miller 2011).
    """

    covariance: Array
    groups: int
    repaired: bool

    @property
    def standard_errors(self) -> Array:
        """Roots of the diagonal, (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def cluster_covariance(
    bread: Array, scores: Array, cluster: ArrayLike, *, correct: bool = True
) -> Robust:
    """Covariance that lets units of one cluster depend on each other.

    bread · Σ_g s_g s_gᵀ · bread, with s_g the summed scores of cluster g.

    Parameters
    ----------
    bread : (k, k) inverse of the information.
    scores : (n, k) each unit's part in the estimating equations.
    cluster : (n,) labels.
    correct : multiply by G/(G − 1) · (n − 1)/(n − k), for few clusters.

    Source: Liang & Zeger (1986).

    Raises
    ------
    ModelError : shapes differ, or there are fewer than two clusters.
    """
    _check(bread, scores)
    label = _labels(cluster, len(scores))
    groups, (n, k) = int(label.max()) + 1, scores.shape
    if groups < 2:
        raise ModelError("One cluster: a covariance by cluster needs at least two")
    factor = groups / (groups - 1) * (n - 1) / (n - k) if correct else 1.0
    meat = _outer(_sums(scores, label, groups))
    return Robust(factor * bread @ meat @ bread, groups, repaired=False)


def dyadic_covariance(
    bread: Array, scores: Array, one: ArrayLike, two: ArrayLike, *, correct: bool = True
) -> Robust:
    """Covariance that lets units depend on each other whose dyads share a member.

    bread · Σ s_a s_bᵀ · bread over all ordered pairs of units (a, b), a = b included, that have a
    member in common. Summed as Σ over members less Σ over dyads, since two units of one dyad
    share both members and would count twice. Units of one dyad in several years are allowed.

    Parameters
    ----------
    bread, scores : as for :func:`cluster_covariance`.
    one, two : (n,) the two members of each unit's dyad, in any order; they differ.
    correct : multiply by N/(N − 1), N the number of members.

    Source: Aronow, Samii & Assenova (2015), Political Analysis 23, for repeated dyads; the
    decomposition follows their multiway form, the small-sample factor is ours.

    Raises
    ------
    ModelError : shapes differ, a unit pairs a member with itself, or there are under three members.
    """
    _check(bread, scores)
    first, second, members = _members(one, two, len(scores))
    both = _sums(scores, first, members) + _sums(scores, second, members)
    pair = np.minimum(first, second) * members + np.maximum(first, second)
    dyad = np.unique(pair, return_inverse=True)[1]
    meat = _outer(both) - _outer(_sums(scores, dyad, int(dyad.max()) + 1))
    found, repaired = _nearest(meat)
    factor = members / (members - 1) if correct else 1.0
    return Robust(factor * bread @ found @ bread, members, repaired)


def _members(
    one: ArrayLike, two: ArrayLike, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    first, second = np.asarray(one), np.asarray(two)
    if first.shape != (n,) or second.shape != (n,):
        raise ModelError(f"{n} scores need the two members of {n} dyads")
    if (first == second).any():
        raise ModelError("A dyad pairs a member with itself: its two members must differ")
    label = np.unique(np.concatenate([first, second]), return_inverse=True)[1].astype(np.int64)
    members = int(label.max()) + 1
    if members < 3:
        raise ModelError("Under three members: a dyadic covariance needs several dyads")
    return label[:n], label[n:], members


def _labels(cluster: ArrayLike, n: int) -> NDArray[np.int64]:
    label = np.unique(np.asarray(cluster), return_inverse=True)[1].astype(np.int64)
    if label.shape != (n,):
        raise ModelError(f"{label.size} cluster labels for {n} scores: give one each")
    return label


def _sums(scores: Array, label: NDArray[np.int64], groups: int) -> Array:
    """Scores summed by label, (groups, k)."""
    summed = np.zeros((groups, scores.shape[1]))
    np.add.at(summed, label, scores)
    return summed


def _outer(sums: Array) -> Array:
    return np.asarray(sums.T @ sums)


def _nearest(meat: Array) -> tuple[Array, bool]:
    """The matrix with its negative eigenvalues set to zero, and whether there were any."""
    values, vectors = np.linalg.eigh((meat + meat.T) / 2)
    if values.min() >= -1e-12 * max(1.0, float(np.abs(values).max())):
        return meat, False
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T), True


def _check(bread: Array, scores: Array) -> None:
    k = bread.shape[0]
    if bread.shape != (k, k) or scores.ndim != 2 or scores.shape[1] != k or not len(scores):
        raise ModelError(
            f"A bread of shape {bread.shape} and scores of shape {scores.shape}: "
            "give (k, k) and (n, k)"
        )

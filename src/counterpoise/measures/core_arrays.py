"""The hardest core of many groups at once: the rule of ``measures.hard.hardest_core`` as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

EXACT_MEMBERS = 14
CELLS = 4_000_000
"""Groups times subsets held at once."""


def hardest_core_share(power: Array, tied: Flags) -> Array:
    """Greatest binding of any subset of two members or more that holds the strongest.

    Up to ``EXACT_MEMBERS`` members every subset is tried; beyond, members are dropped one at a
    time while that leaves most bound.

    Parameters
    ----------
    power : (groups, members) shares, NaN where unknown, 0 for a padded place.
    tied : (groups, members, members) symmetric booleans.

    Returns
    -------
    (groups,) shares in [0, 1]; NaN where power is unknown.
    """
    order = np.argsort(-np.nan_to_num(power), axis=1, kind="stable")
    power = np.take_along_axis(power, order, axis=1)
    tied = np.take_along_axis(tied, order[:, :, None], axis=1)
    tied = np.take_along_axis(tied, order[:, None, :], axis=2)
    if power.shape[1] <= EXACT_MEMBERS:
        return _tried(power, tied)
    return _peeled(power, tied)


def _tried(power: Array, tied: Flags) -> Array:
    """Every subset: the share of a subset from sums over its pairs."""
    size = power.shape[1]
    one, two = np.triu_indices(size, 1)
    subsets = np.arange(1, 2 ** (size - 1))
    inside = np.concatenate([[np.ones_like(subsets)], subsets >> np.arange(size - 1)[:, None] & 1])
    pairs = (inside[one] & inside[two]).astype(float)
    best = np.empty(len(power))
    step = max(1, CELLS // pairs.shape[1])
    for start in range(0, len(power), step):
        rows = slice(start, start + step)
        product = power[rows][:, one] * power[rows][:, two]
        share = _share((product * tied[rows][:, one, two]) @ pairs, product @ pairs)
        best[rows] = share.max(axis=1)
    return np.where(np.isnan(power).any(axis=1), np.nan, np.maximum(best, 0.0))


def _peeled(power: Array, tied: Flags) -> Array:
    known = np.asarray(~np.isnan(power).any(axis=1))
    held = np.where(known[:, None], power, 0.0)
    inside = held > 0
    inside[:, 0] = True
    best = np.zeros(len(held))
    rows = np.arange(len(held))
    while (inside.sum(axis=1) >= 2).any():
        weight = held * inside
        total = weight.sum(axis=1)
        reach = np.matmul(tied.astype(float), weight[:, :, None])[:, :, 0]
        bound = (weight * reach).sum(axis=1)
        every = total**2 - (weight**2).sum(axis=1)
        best = np.maximum(best, np.where(every > 0, bound / np.where(every > 0, every, 1), 0))
        # Without member k: its ties and its pairs go.
        left = bound[:, None] - 2 * weight * reach
        pairs = every[:, None] - 2 * weight * (total[:, None] - weight)
        rest = np.where(inside, np.round(_share(left, pairs), 12), -np.inf)
        rest[:, 0] = -np.inf
        # Of equal shares the one with more power left: the weaker member goes, who comes later.
        out = rest.shape[1] - 1 - rest[:, ::-1].argmax(axis=1)
        inside[rows, out] = False
        inside[:, 0] = True
    return np.where(known, best, np.nan)


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full_like(part, -1.0), where=whole > 1e-18)

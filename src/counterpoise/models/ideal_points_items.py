"""What is thought of a roll call before its votes are seen.

Items are exchangeable in what they do to the states of the period in which they are first voted
on: the spread and the mean of the predictor β·θ − c over those states, and the log gap δ, are
normal, with means and variances estimated from all items. Said so, the prior does not change when
a period's scale is stretched or shifted together with its items: how periods compare is left to
the states that stay and to items voted on again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_layout import Layout, Sitting

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

PRIOR_ITEMS = 10.0
"""Items that the starting variances count for."""

START_SLOPE, START_CENTRE, START_GAP = 9.0, 9.0, 1.0
RIDGE = 1e-9
"""Keeps the covariance of very few ideal points invertible."""


@dataclass(frozen=True)
class ItemPrior:
    """Variances of the predictor's spread, its mean and the log gap; means of the last two.

    ``is_binary`` (items,) marks items without abstention, whose gap is fixed at nought.
    """

    slope_variance: float
    centre_mean: float
    centre_variance: float
    gap_mean: float
    gap_variance: float
    is_binary: Flags


class Among(NamedTuple):
    """The states that each item meets first: their mean (items, D) and covariance (items, D, D)."""

    mean: Array
    covariance: Array


class Pulls(NamedTuple):
    """The prior at one point.

    ``penalty`` minus its log density; ``items`` (items, D + 2) the gradient; ``curvature``
    (items, D + 2, D + 2); ``off`` (items,) how far the predictor's mean is off, over its variance.
    """

    penalty: float
    items: Array
    curvature: Array
    off: Array


def begin(is_binary: Flags) -> ItemPrior:
    """A prior to start from."""
    return ItemPrior(START_SLOPE, 0.0, START_CENTRE, 0.0, START_GAP, is_binary)


def among(layout: Layout, mean: Array) -> Among:
    """Mean and covariance of the ideal points in each item's first period."""
    centres = np.zeros((layout.items, mean.shape[1]))
    covariances = np.zeros((layout.items, mean.shape[1], mean.shape[1]))
    for sitting in layout.sittings:
        new = sitting.items[sitting.is_new]
        if new.size:
            centres[new] = mean[sitting.cells].mean(axis=0)
            covariances[new] = _covariance(mean[sitting.cells])
    return Among(centres, covariances)


def _covariance(mean: Array) -> Array:
    centred = mean - mean.mean(axis=0)
    return np.asarray(centred.T @ centred / len(mean) + RIDGE * np.eye(mean.shape[1]))


def pulls(prior: ItemPrior, met: Among, items: Array) -> Pulls:
    """Penalty, gradient and curvature of the prior in the items."""
    beta, size = items[:, :-2], items.shape[1] - 2
    spread = np.einsum("jde,je->jd", met.covariance, beta)
    off = (
        items[:, size] - (beta * met.mean).sum(axis=1) - prior.centre_mean
    ) / prior.centre_variance
    gap = np.where(prior.is_binary, 0.0, items[:, -1] - prior.gap_mean)
    penalty = (
        (beta * spread).sum() / prior.slope_variance
        + (off**2).sum() * prior.centre_variance
        + (gap**2).sum() / prior.gap_variance
    ) / 2
    slope = np.column_stack(
        [spread / prior.slope_variance - met.mean * off[:, None], off, gap / prior.gap_variance]
    )
    return Pulls(float(penalty), slope, _curvature(prior, met, size), off)


def _curvature(prior: ItemPrior, met: Among, size: int) -> Array:
    found = np.zeros((len(met.mean), size + 2, size + 2))
    axis = np.column_stack([-met.mean, np.ones(len(met.mean))])
    found[:, :size, :size] = met.covariance / prior.slope_variance
    found[:, : size + 1, : size + 1] += axis[:, :, None] * axis[:, None, :] / prior.centre_variance
    found[:, -1, -1] = 1 / prior.gap_variance
    return found


def point_pull(layout: Layout, prior: ItemPrior, off: Array, mean: Array, items: Array) -> Array:
    """Gradient of the prior's penalty in the ideal points, (cells, D)."""
    found = np.zeros_like(mean)
    for sitting in layout.sittings:
        new = sitting.items[sitting.is_new]
        if new.size:
            beta = items[new, :-2]
            centred = mean[sitting.cells] - mean[sitting.cells].mean(axis=0)
            spread = centred @ (beta.T @ beta) / prior.slope_variance
            found[sitting.cells] = (spread - beta.T @ off[new]) / len(centred)
    return found


def point_curvature(sitting: Sitting, prior: ItemPrior, items: Array, n: int) -> Array:
    """Second derivatives of the penalty in one period's ideal points, (n, D, n, D)."""
    beta = items[sitting.items[sitting.is_new], :-2]
    level = (np.eye(n) - 1 / n) / (n * prior.slope_variance) + 1 / (n * n * prior.centre_variance)
    return np.asarray(level[:, None, :, None] * (beta.T @ beta)[None, :, None, :])


def cross_curvature(
    sitting: Sitting, prior: ItemPrior, off: Array, mean: Array, items: Array, *, is_exact: bool
) -> Array:
    """Second derivatives between new items and ideal points of a period, (new, D + 2, n, D)."""
    new = sitting.items[sitting.is_new]
    beta, (n, size) = items[new, :-2], mean.shape
    centre = mean.mean(axis=0)
    centred = mean - centre
    found = np.zeros((new.size, size + 2, n, size))
    level = centred.T / prior.slope_variance + centre[:, None] / prior.centre_variance
    found[:, :size] = level[None, :, :, None] * beta[:, None, None, :] / n
    found[:, size] = -beta[:, None, :] / (n * prior.centre_variance)
    if is_exact:
        own = (beta @ centred.T / prior.slope_variance - off[new, None]) / n
        for d in range(size):
            found[:, d, :, d] += own
    return found


def update(prior: ItemPrior, met: Among, items: Array, covariance: Array) -> ItemPrior:
    """Means and variances that suit the items best; ``covariance`` (items, P, P) is theirs."""
    size, count = items.shape[1] - 2, len(items)
    beta = items[:, :size]
    squared = np.einsum("jd,jde,je->", beta, met.covariance, beta)
    squared += np.einsum("jde,jde->", met.covariance, covariance[:, :size, :size])
    axis = np.column_stack([-met.mean, np.ones(count)])
    place = items[:, size] - (beta * met.mean).sum(axis=1)
    doubt = np.einsum("jp,jpq,jq->", axis, covariance[:, : size + 1, : size + 1], axis)
    gaps = items[~prior.is_binary, -1]
    gap_doubt = covariance[~prior.is_binary, -1, -1].sum()
    gap_mean = float(gaps.mean()) if gaps.size else prior.gap_mean
    return replace(
        prior,
        slope_variance=_mixed(squared / size, count, START_SLOPE),
        centre_mean=float(place.mean()),
        centre_variance=_mixed(((place - place.mean()) ** 2).sum() + doubt, count, START_CENTRE),
        gap_mean=gap_mean,
        gap_variance=_mixed(((gaps - gap_mean) ** 2).sum() + gap_doubt, gaps.size, START_GAP),
    )


def _mixed(total: float, count: int, start: float) -> float:
    return float((total + PRIOR_ITEMS * start) / (count + PRIOR_ITEMS))

"""How ideal points move from period to period, and their smoothing.

A random walk widens for ever, and since votes tell positions only relative to each other it would
stretch the scale over the decades though nothing in the votes says so. Here a step neither widens
nor shifts the states that stay: with μ and s² the mean and variance of those present in this
period and the next, θ' = μ + ρ(θ − μ) + e, e ~ N(0, (1 − ρ²) s²). How much they hold their places,
ρ, is estimated for each period, drawn towards the one of all periods; μ and s are the ideal
points' own. A state's first ideal point is normal: N(0, 1) in the first period, which sets the
unit, and with a mean and variance of their own for those that come later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from counterpoise.models.ideal_points_layout import Trails

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

PRIOR_STEPS = 3.0
"""Steps of the average period that a period's own persistence is averaged with."""

FEWEST = 10
"""States needed for a mean and a variance of their own; fewer take those of all periods."""

START_PERSISTENCE = 0.985
MOST_PERSISTENCE = 1 - 1e-6


@dataclass(frozen=True)
class Walk:
    """The prior of all cells.

    ``persistence`` ρ (periods,), ``centre`` μ (periods, D) and ``spread`` s (periods,) of the step
    into the next period; ``entry_mean`` (2, D) and ``entry_variance`` (2,) of first cells: those of
    the first period, and later ones.
    """

    persistence: Array
    centre: Array
    spread: Array
    entry_mean: Array
    entry_variance: Array


class Precision(NamedTuple):
    """The walk written out for every cell.

    ``entry`` (cells,) the precision of first cells around ``mean`` (cells, D), else 0; ``link``
    (cells,) the precision of the step after a cell, 0 where none follows, ``hold`` (cells,) its ρ
    and ``shift`` (cells, D) its (1 − ρ)μ.
    """

    entry: Array
    mean: Array
    link: Array
    hold: Array
    shift: Array


class Smoothed(NamedTuple):
    """Posterior of the cells given the items: covariances (cells, D, D), and with the next cell.

    ``log_determinant`` is that of the joint precision.
    """

    variance: Array
    lag: Array
    log_determinant: float


def begin(trails: Trails, dimensions: int) -> Walk:
    """A walk to start from."""
    return Walk(
        np.full(trails.periods, START_PERSISTENCE),
        np.zeros((trails.periods, dimensions)),
        np.ones(trails.periods),
        np.zeros((2, dimensions)),
        np.ones(2),
    )


def precision(walk: Walk, trails: Trails) -> Precision:
    """Write the walk out for every cell."""
    group = (trails.period > 0).astype(int)
    first = trails.before < 0
    stays = trails.after >= 0
    variance = (1 - walk.persistence**2) * walk.spread**2
    hold = np.where(stays, walk.persistence[trails.period], 0.0)
    return Precision(
        np.where(first, 1 / walk.entry_variance[group], 0.0),
        np.where(first[:, None], walk.entry_mean[group], 0.0),
        np.where(stays, 1 / variance[trails.period], 0.0),
        hold,
        (1 - hold)[:, None] * walk.centre[trails.period],
    )


def diagonal(prior: Precision, trails: Trails) -> Array:
    """Diagonal of the precision matrix, (cells,); the same in each dimension."""
    own = prior.entry + prior.hold**2 * prior.link
    steps = trails.steps
    own[trails.after[steps]] += prior.link[steps]
    return own


def _steps(prior: Precision, trails: Trails, mean: Array) -> Array:
    """How far each next cell lies from where the walk expects it, (steps, D)."""
    steps = trails.steps
    expected = prior.hold[steps, None] * mean[steps] + prior.shift[steps]
    return np.asarray(mean[trails.after[steps]] - expected)


def pull(prior: Precision, trails: Trails, mean: Array) -> Array:
    """Gradient of minus the log prior at the means, (cells, D)."""
    found = prior.entry[:, None] * (mean - prior.mean)
    steps = trails.steps
    force = prior.link[steps, None] * _steps(prior, trails, mean)
    found[steps] -= prior.hold[steps, None] * force
    found[trails.after[steps]] += force
    return found


def penalty(prior: Precision, trails: Trails, mean: Array) -> float:
    """Half the quadratic form of the prior at the means."""
    entry = prior.entry[:, None] * (mean - prior.mean) ** 2
    step = prior.link[trails.steps, None] * _steps(prior, trails, mean) ** 2
    return float(entry.sum() + step.sum()) / 2


def smooth(prior: Precision, trails: Trails, information: Array) -> Smoothed:
    """Covariances of the cells from the information of their votes, forward and back in time."""
    size = information.shape[1]
    front = information + diagonal(prior, trails)[:, None, None] * np.eye(size)
    tie = (prior.hold * prior.link)[:, None, None]
    inverse = np.empty_like(front)
    for period in range(trails.periods):
        cells = trails.cells(period)
        before = trails.before[cells]
        later = np.flatnonzero(before >= 0)
        source = before[later]
        front[cells.start + later] -= tie[source] ** 2 * inverse[source]
        inverse[cells] = np.linalg.inv(front[cells])
    variance, lag = inverse.copy(), np.zeros_like(inverse)
    for period in reversed(range(trails.periods - 1)):
        cells = trails.cells(period)
        at = cells.start + np.flatnonzero(trails.after[cells] >= 0)
        gain = inverse[at] * tie[at]
        lag[at] = gain @ variance[trails.after[at]]
        variance[at] += lag[at] @ gain.transpose(0, 2, 1)
    return Smoothed(variance, lag, float(np.linalg.slogdet(front)[1].sum()))


def update(walk: Walk, trails: Trails, mean: Array, smoothed: Smoothed) -> Walk:
    """Persistence, centres, spreads and entries that suit the cells best (one EM step)."""
    later = (trails.before < 0) & (trails.period > 0)
    entry_mean, entry_variance = walk.entry_mean.copy(), walk.entry_variance.copy()
    if later.sum() >= FEWEST:
        entry_mean[1] = mean[later].mean(axis=0)
        squared = ((mean[later] - entry_mean[1]) ** 2).mean(axis=1)
        entry_variance[1] = (squared + _traces(smoothed.variance[later])).mean()
    found = replace(walk, entry_mean=entry_mean, entry_variance=entry_variance)
    return _stepped(found, trails, mean, smoothed) if trails.steps.size else found


def _traces(matrices: Array) -> Array:
    return np.asarray(np.trace(matrices, axis1=1, axis2=2) / matrices.shape[1])


def _stepped(walk: Walk, trails: Trails, mean: Array, smoothed: Smoothed) -> Walk:
    steps, after = trails.steps, trails.after[trails.steps]
    when = trails.period[steps]
    centre, spread = _moments(mean[steps], smoothed.variance[steps], when, trails.periods)
    here, there = mean[steps] - centre[when], mean[after] - centre[when]
    scale = 1 / spread[when] ** 2
    sums = [
        (here**2).mean(axis=1) + _traces(smoothed.variance[steps]),
        (here * there).mean(axis=1) + _traces(smoothed.lag[steps]),
        (there**2).mean(axis=1) + _traces(smoothed.variance[after]),
        1 / scale,
    ]
    totals = np.array([np.bincount(when, scale * s, minlength=trails.periods) for s in sums])
    pooled = _persistence(totals.sum(axis=1)[:, None])
    own = totals + PRIOR_STEPS * np.array([1, pooled[0], 1, 1])[:, None]
    return replace(walk, persistence=_persistence(own), centre=centre, spread=spread)


def _moments(mean: Array, variance: Array, when: Ints, periods: int) -> tuple[Array, Array]:
    """Mean (periods, D) and standard deviation (periods,) of the states that stay."""
    count = np.bincount(when, minlength=periods)
    divisor = np.maximum(count, 1)
    columns = [np.bincount(when, m, minlength=periods) / divisor for m in mean.T]
    centre = np.where((count < FEWEST)[:, None], mean.mean(axis=0), np.column_stack(columns))
    squared = ((mean - centre[when]) ** 2).mean(axis=1) + _traces(variance)
    own = np.bincount(when, squared, minlength=periods) / divisor
    return centre, np.sqrt(np.where(count < FEWEST, squared.mean(), own))


def _persistence(sums: Array) -> Array:
    """ρ that maximises the likelihood of unit-variance steps, by bisection.

    ``sums`` (4, n): squares before, products, squares after, and numbers of steps. The slope in ρ
    has the sign of N ρ(1 − ρ²) + B(1 + ρ²) − ρ(A + C).
    """
    before, product, after, count = sums
    low, high = np.zeros_like(count), np.full_like(count, MOST_PERSISTENCE)
    for _ in range(50):
        rho = (low + high) / 2
        slope = count * rho * (1 - rho**2) + product * (1 + rho**2) - rho * (before + after)
        low, high = np.where(slope > 0, rho, low), np.where(slope > 0, high, rho)
    return np.asarray((low + high) / 2)


def unit(trails: Trails, mean: Array, smoothed: Smoothed) -> float:
    """Root mean square of the first period's ideal points, which should be 1."""
    first = trails.cells(0)
    squared = (mean[first] ** 2).mean(axis=1) + _traces(smoothed.variance[first])
    return float(np.sqrt(squared.mean()))


def rescale(walk: Walk, factor: float) -> Walk:
    """The same walk with all ideal points divided by a factor; the first period keeps its unit."""
    return replace(
        walk,
        centre=walk.centre / factor,
        spread=walk.spread / factor,
        entry_mean=walk.entry_mean / factor,
        entry_variance=np.array([1.0, walk.entry_variance[1] / factor**2]),
    )
